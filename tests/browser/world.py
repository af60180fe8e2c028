"""A site in full use: every page has something to show."""

from dataclasses import dataclass

from labeling.models import Game, Image, Round, Share, Study
from labeling.models.game import SkipReason
from labeling.models.study import StudyState
from labeling.selectors.rewards import news_for
from labeling.services.answers import Answer, round_answer, round_skip
from labeling.services.rounds import round_next
from labeling.services.showcase import showcase_begin
from tests.browser.classes import make_classes
from tests.explained import make_concept_test, make_explanation
from tests.factories import make_game, make_image, make_player, make_study

LONG_NAME = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
LONG_WORD = "w" * 60


@dataclass(frozen=True, slots=True)
class World:
    """`game` is of a player who has had a right, a wrong and a skipped round, has one open, and has news. The
    player has also been in `classes`, a study whose classes are explained."""

    study: Study
    paused: Study
    finished: Study
    classes: Study
    game: Game
    right: Round
    wrong: Round
    skipped: Round
    open: Round


def make_world() -> World:
    study = _make_study()
    game = make_game(study, make_player(study))
    _play(make_game(study, make_player(study, nickname="Swift Heron")))
    right = _next(game)
    round_answer(round_=right, answer=Answer(("long tail", LONG_WORD), right.image.true_class, 4.0))
    wrong = _next(game)
    round_answer(round_=wrong, answer=Answer(("long tail",), 11, 4.0))
    skipped = _next(game)
    round_skip(round_=skipped, reason=SkipReason.NOTHING)
    _play(make_game(study, make_player(study, nickname="Odd Quokka")))
    assert news_for(game.player).notices
    _explain(right.image)
    return World(
        study=study,
        paused=make_study(state=StudyState.PAUSED),
        finished=make_study(state=StudyState.FINISHED),
        classes=make_classes(game.player),
        game=game,
        right=right,
        wrong=wrong,
        skipped=skipped,
        open=_next(game),
    )


def _make_study() -> Study:
    """Six images to play, one with a name that is too long for a phone, and one on the front page."""
    study = make_study()
    study.description, study.display_names = "Castles and birds.", {"castle": LONG_NAME}
    study.save()
    for true_class in range(6):
        make_image(study, true_class=true_class, predicted_class=true_class, layers=1, regions=1)
    make_showcase(study)
    return study


def make_showcase(study: Study) -> Image:
    image = make_image(study, true_class=7, predicted_class=7, layers=1, regions=1)
    assert showcase_begin(images=Image.objects.filter(pk=image.pk)) == 1
    image.refresh_from_db()
    return image


def _play(game: Game) -> None:
    while round_ := round_next(game=game):
        round_answer(round_=round_, answer=Answer(("long tail",), None, 4.0))


def _next(game: Game) -> Round:
    round_ = round_next(game=game)
    assert round_ is not None
    return round_


def _explain(image: Image) -> None:
    """Twice, in words that are too long for a phone, with a concept test, and shared."""
    words = {"blocks.0": [(0, "long tail", 3), (1, LONG_WORD, 1)]}
    make_explanation(image, {"blocks.0": [(2, "tail", 2)]}, manifest={"simulated": 1})
    make_explanation(image, words, revision=2, manifest={"simulated": 2})
    make_concept_test(image, "blocks.0", 0, "long tail", "confirmed for")
    make_concept_test(image, "blocks.0", 1, LONG_WORD, "confirmed against")
    Study.objects.filter(pk=image.study_id).update(shareable=True)
    Share.objects.create(study=image.study, image=image, revision=2)
