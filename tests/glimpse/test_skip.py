import pytest
from django.test import Client
from django.urls import reverse

from labeling.models import Round
from labeling.models.game import SkipReason
from labeling.services.answers import Answer, round_answer
from tests.glimpse.rows import all_rows


def skip(round_: Round) -> str:
    return reverse("play:skip", args=[round_.key])


@pytest.mark.parametrize("reason", list(SkipReason))
def test_it_ends_the_round_and_frees_its_place(visit: Client, round_: Round, reason: SkipReason) -> None:
    response = visit.post(skip(round_), {"reason": reason})
    assert response.headers["Location"] == reverse("play:round", args=[round_.key])
    round_.refresh_from_db()
    assert (round_.state, round_.skip_reason, round_.holds_place) == ("skipped", reason, False)
    assert round_.region.reserved == 0
    assert round_.image.class_name in visit.get(response.headers["Location"]).content.decode()


def test_twice_frees_one_place(visit: Client, round_: Round) -> None:
    for _ in range(2):
        visit.post(skip(round_), {"reason": "dark"})
    round_.refresh_from_db()
    assert round_.region.reserved == 0


@pytest.mark.parametrize("reason", ["", "boring"])
def test_an_unknown_reason_ends_nothing(visit: Client, round_: Round, reason: str) -> None:
    before = all_rows()
    assert visit.post(skip(round_), {"reason": reason}).status_code == 302
    assert all_rows() == before


def test_an_answered_round_stays_answered(visit: Client, round_: Round) -> None:
    round_answer(round_=round_, answer=Answer(("tail",), None))
    before = all_rows()
    visit.post(skip(round_), {"reason": "dark"})
    assert all_rows() == before
