import pytest
from django.test import Client
from django.urls import reverse

from labeling.models import Round
from labeling.services.answers import Answer, round_answer
from tests.glimpse.rows import all_rows

HTMX = {"HX-Request": "true"}


def more(round_: Round) -> str:
    return reverse("play:more", args=[round_.key])


def test_it_climbs_one_level_and_gives_the_stage_alone(visit: Client, round_: Round) -> None:
    response = visit.post(more(round_), {"to_level": 1}, headers=HTMX)
    part = response.content.decode()
    round_.refresh_from_db()
    assert round_.level == 1
    assert part.startswith("<glimpse-stage")
    assert "<html" not in part
    assert f'src="{reverse("play:glimpse", args=[round_.key, 1])}"' in part
    assert "Step 2 of 6. </span>a right guess is worth 85 points<" in part


@pytest.mark.parametrize("headers", [{}, HTMX | {"HX-Boosted": "true"}])
def test_without_htmx_it_goes_back_to_the_page(visit: Client, round_: Round, headers: dict[str, str]) -> None:
    response = visit.post(more(round_), {"to_level": 1}, headers=headers)
    assert response.headers["Location"] == reverse("play:round", args=[round_.key])
    round_.refresh_from_db()
    assert round_.level == 1


def test_a_repeated_request_climbs_once(visit: Client, round_: Round) -> None:
    for _ in range(3):
        assert visit.post(more(round_), {"to_level": 1}, headers=HTMX).status_code == 200
    round_.refresh_from_db()
    assert round_.level == 1


@pytest.mark.parametrize("to_level", ["2", "5", "6", "0", "-1", "", "all"])
def test_it_never_jumps(visit: Client, round_: Round, to_level: str) -> None:
    before = all_rows()
    assert visit.post(more(round_), {"to_level": to_level}, headers=HTMX).status_code == 200
    assert all_rows() == before


def test_the_last_level_offers_no_more(visit: Client, round_: Round) -> None:
    for level in range(1, 6):
        part = visit.post(more(round_), {"to_level": level}, headers=HTMX).content.decode()
    assert "That is all" in part
    assert "to_level" not in part
    round_.refresh_from_db()
    assert round_.level == 5


def test_an_ended_round_climbs_no_more(visit: Client, round_: Round) -> None:
    round_answer(round_=round_, answer=Answer(("tail",), None))
    before = all_rows()
    assert visit.post(more(round_), {"to_level": 1}, headers=HTMX).status_code == 302
    assert all_rows() == before
