"""Players' turns in a study, short."""

from labeling.models import Job, Player, Round, Study
from labeling.models.job import JobKind, JobState
from labeling.services.answers import Answer, round_answer
from labeling.services.explanations import explanations_work
from labeling.services.jobs import jobs_request
from labeling.services.rounds import round_show_more
from tests.factories import make_player, make_round

RIGHT, WRONG = 1, 2  # of a picture as the factory makes it


def answered(
    study: Study, *labels: str, player: Player | None = None, guess: int | None = WRONG, level: int = 0
) -> Round:
    """The next round of a player, else of a new one, as it is once it has been answered."""
    round_ = make_round(study, player or make_player(study))
    for step in range(1, level + 1):
        round_show_more(round_=round_, to_level=step)
    assert round_answer(round_=round_, answer=Answer(labels, guess))
    return Round.objects.get(pk=round_.pk)


def explain(study: Study, class_index: int = RIGHT) -> None:
    """What a text worker does, with the packaged sentence model, whether or not anything is new."""
    jobs_request(study_id=study.pk, kind=JobKind.EXPLANATIONS, subjects=[class_index])
    assert not explanations_work(study_id=study.pk, seconds=600)
    failed = Job.objects.filter(state=JobState.FAILED)
    assert not failed.exists(), failed[0].error
