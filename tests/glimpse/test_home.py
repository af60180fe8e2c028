import pytest
from django.test import Client
from django.urls import reverse

from glimpse.accounts.identity import COOKIE
from labeling.models import Label, Player, Round, Study
from labeling.models.study import StudyState
from tests.factories import make_image, make_player, make_study
from tests.glimpse.rows import all_rows
from tests.glimpse.visitors import client_of

HOME = reverse("play:home")


def test_it_offers_each_open_study(client: Client, study: Study) -> None:
    second = make_study()
    make_image(second)
    empty = make_study()
    page = client.get(HOME).content.decode()
    for offered in (study, second):
        assert f'action="/studies/{offered.slug}/start"' in page
        assert offered.title in page
    assert f"“{empty.title}” has no photographs yet." in page
    assert f'action="/studies/{empty.slug}/start"' not in page


@pytest.mark.parametrize("state", [state for state in StudyState if state != StudyState.OPEN])
def test_it_keeps_other_studies_to_itself(client: Client, study: Study, state: StudyState) -> None:
    Study.objects.update(state=state)
    page = client.get(HOME).content.decode()
    assert study.slug not in page
    assert "No study is open at the moment" in page


def test_it_says_how_many_have_played(client: Client, study: Study, round_: Round) -> None:
    for text in ("red beak", "tail"):
        Label.objects.create(round=round_, region=round_.region, raw=text, text=text, language="en")
    assert "1 person has said 2 things so far." in client.get(HOME).content.decode()


def test_it_greets_a_player_by_nickname(visit: Client, player: Player) -> None:
    assert player.nickname in visit.get(HOME).content.decode()


def test_it_asks_for_no_identity_before_consent(client: Client, study: Study) -> None:
    response = client.get(HOME)
    assert response.status_code == 200
    assert COOKIE not in response.cookies
    assert not Player.objects.exists()


def test_a_get_changes_nothing_and_head_answers(visit: Client) -> None:
    before = all_rows()
    assert visit.get(HOME).status_code == visit.head(HOME).status_code == 200
    assert all_rows() == before


def test_it_refuses_to_be_posted_to(client: Client, study: Study) -> None:
    assert client.post(HOME).status_code == 405


def test_start_asks_a_stranger_for_consent(client: Client, study: Study) -> None:
    response = client.post(reverse("play:start", args=[study.slug]))
    assert response.headers["Location"] == reverse("play:consent", args=[study.slug])
    assert not Player.objects.exists()


def test_start_takes_a_player_to_a_round_and_again_to_the_same(visit: Client, study: Study) -> None:
    address = reverse("play:start", args=[study.slug])
    first, again = visit.post(address), visit.post(address)
    assert first.headers["Location"] == again.headers["Location"]
    assert Round.objects.count() == 1


def test_start_does_not_take_another_studys_consent(study: Study) -> None:
    elsewhere = make_player(make_study())
    response = client_of(elsewhere).post(reverse("play:start", args=[study.slug]))
    assert response.headers["Location"] == reverse("play:consent", args=[study.slug])
