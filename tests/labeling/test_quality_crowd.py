"""The simulated crowd, judged by the real service in the database."""

from collections import Counter

import pytest

from labeling.models import Conduct, Job, Label, LedgerEntry, Region, Round, Study
from labeling.models.job import JobKind, JobState
from labeling.services.quality import quality_request_due, quality_work
from tests.analysis.crowd.simulation import Score, table
from tests.factories import make_study
from tests.labeling.crowd import DISHONEST, HONEST, Mix, simulated_crowd
from tests.labeling.crowd_rows import store

pytestmark = pytest.mark.django_db(transaction=True)


def judged(study: Study) -> None:
    assert quality_request_due() == 1
    assert not quality_work(study_id=study.pk, seconds=60)
    assert Job.objects.get(kind=JobKind.QUALITY).state == JobState.DONE


def state() -> list[object]:
    tables = [
        model._default_manager.order_by("pk") for model in (Label, Conduct, Round, Region, Study, LedgerEntry)
    ]
    return [list(rows.values()) for rows in tables]


def test_dishonest_work_is_held_and_honest_work_is_not() -> None:
    crowd, study = simulated_crowd(seed=5, mix=Mix()), make_study()
    players = store(crowd, study)
    kind_of = {player.pk: kind for player, kind in zip(players, crowd.kinds, strict=True)}
    judged(study)
    given: Counter[str] = Counter()
    held: Counter[str] = Counter()
    for player, quarantined in Label.objects.values_list("round__player", "quarantined"):
        given[kind_of[player]] += 1
        held[kind_of[player]] += quarantined
    score = Score(given, held)
    print(table([("service", score)]))
    assert score.recall >= 0.95
    assert score.wrongly <= 0.02
    assert all(
        reasons for reasons in Label.objects.filter(quarantined=True).values_list("reasons", flat=True)
    )
    trust = {one.player_id: one.trust or 0 for one in Conduct.objects.all()}
    honest = [trust[pk] for pk, kind in kind_of.items() if kind == HONEST]
    dishonest = [trust[pk] for pk, kind in kind_of.items() if kind in DISHONEST]
    assert sum(honest) / len(honest) > sum(dishonest) / len(dishonest) + 0.2

    before = state()
    assert quality_request_due() == 0, "there is nothing new"
    Study.objects.update(labels_judged=0)
    judged(study)
    assert state() == before, "the same again writes nothing"
