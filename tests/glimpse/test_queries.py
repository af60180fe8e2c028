"""How many statements a turn of the game takes: a field that a view forgets to fetch costs one more."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from labeling.models import Round, Study
from labeling.services.answers import Answer, round_answer
from labeling.services.jobs import explanations_request
from tests.factories import make_player, make_round

AHEAD = {"X-Glimpse-Prefetch": "1"}
BEGINS_AND_ENDS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


def statements(queries: CaptureQueriesContext) -> list[str]:
    return [query["sql"] for query in queries if not query["sql"].startswith(BEGINS_AND_ENDS)]


@pytest.fixture(autouse=True)
def under_way(study: Study) -> None:
    """Every class waits for its explanation already, as it does while people play; no round is gold."""
    study.gold_share = 0
    study.save()
    for class_index in (1, 2, 3):
        explanations_request(study_id=study.pk, class_index=class_index)


def test_an_answer(visit: Client, round_: Round) -> None:
    with CaptureQueriesContext(connection) as queries:
        visit.post(reverse("play:answer", args=[round_.key]), {"labels": "tail, eye", "guess": "none"})
    assert len(statements(queries)) == 7, statements(queries)


def test_the_next_round(visit: Client, round_: Round) -> None:
    round_answer(round_=round_, answer=Answer(("tail",), None))
    with CaptureQueriesContext(connection) as queries:
        visit.post(reverse("play:next", args=[round_.game.key]), headers=AHEAD)
    assert len(statements(queries)) == 6, statements(queries)


def test_a_glimpse(visit: Client, round_: Round) -> None:
    with CaptureQueriesContext(connection) as queries:
        visit.get(reverse("play:glimpse", args=[round_.key, 0]))
    assert len(statements(queries)) == 1, statements(queries)


def test_a_result(visit: Client, study: Study, round_: Round) -> None:
    round_answer(round_=round_, answer=Answer(("tail",), None))
    with CaptureQueriesContext(connection) as queries:
        visit.get(reverse("play:round", args=[round_.key]))
    alone = len(statements(queries))
    for name in ("Swift Heron", "Keen Lynx"):
        twin = make_round(study, make_player(study, nickname=name))
        Round.objects.filter(pk=twin.pk).update(region=round_.region, image=round_.image)
        round_answer(round_=Round.objects.get(pk=twin.pk), answer=Answer((name,), None))
    with CaptureQueriesContext(connection) as queries:
        visit.get(reverse("play:round", args=[round_.key]))
    assert len(statements(queries)) == alone == 7, statements(queries)
