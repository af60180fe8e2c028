import pytest
from django.test import Client
from django.urls import reverse

from labeling.models import Player, Report, Round
from labeling.models.game import ReportReason
from labeling.services.answers import Answer, round_answer
from tests.factories import make_player, make_round
from tests.glimpse.visitors import client_of


def report(client: Client, round_: Round, reason: str = ReportReason.UPSETTING, **headers: str) -> int:
    address = reverse("play:report", args=[round_.key])
    return client.post(address, {"reason": reason}, headers=headers).status_code


@pytest.fixture
def ended(round_: Round) -> Round:
    round_answer(round_=round_, answer=Answer(("tail",), None))
    return round_


def test_it_is_kept_once(visit: Client, player: Player, ended: Round) -> None:
    assert report(visit, ended) == 302
    assert report(visit, ended, ReportReason.BROKEN) == 302
    kept = Report.objects.get()
    assert (kept.image, kept.player, kept.reason) == (ended.image, player, ReportReason.UPSETTING)
    page = visit.get(reverse("play:round", args=[ended.key])).content.decode()
    assert "You have reported this picture." in page


def test_htmx_gets_thanks(visit: Client, ended: Round) -> None:
    address = reverse("play:report", args=[ended.key])
    response = visit.post(address, {"reason": "private"}, headers={"HX-Request": "true"})
    assert "Thank you. The people who run this study will look at it." in response.content.decode()


def test_a_picture_that_is_being_guessed_cannot_be_reported(visit: Client, round_: Round) -> None:
    assert report(visit, round_) == 404
    assert not Report.objects.exists()


@pytest.mark.parametrize("reason", ["", "ugly", "UPSETTING"])
def test_it_needs_one_of_the_reasons(visit: Client, ended: Round, reason: str) -> None:
    assert report(visit, ended, reason) == 404
    assert not Report.objects.exists()


def test_nobody_reports_in_anothers_round(other: Client, client: Client, ended: Round) -> None:
    assert report(other, ended) == report(client, ended) == 404
    assert not Report.objects.exists()


def test_it_needs_a_post(visit: Client, ended: Round) -> None:
    assert visit.get(reverse("play:report", args=[ended.key])).status_code == 405


def test_two_players_report_for_themselves(visit: Client, ended: Round) -> None:
    second = make_player(ended.game.study, nickname="Odd Quokka")
    for _ in range(3):
        theirs = make_round(ended.game.study, second)
        round_answer(round_=theirs, answer=Answer(("tail",), None))
        if theirs.image == ended.image:
            break
    report(visit, ended)
    report(client_of(second), theirs)
    assert Report.objects.filter(image=ended.image).count() == 2
