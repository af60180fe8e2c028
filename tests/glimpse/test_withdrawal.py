"""The pages on which players take back what they gave."""

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from glimpse.accounts.identity import COOKIE
from labeling.models import Game, Label, Player, Round, Study
from labeling.models.study import Withdrawal
from tests.factories import make_player
from tests.glimpse.account_steps import sign_in, sign_up
from tests.glimpse.rows import all_rows
from tests.glimpse.visitors import client_of, make_staff, signed_in
from tests.labeling.turns import answered

pytestmark = pytest.mark.django_db


@pytest.fixture
def answer(study: Study, player: Player) -> Round:
    return answered(study, "tartan", player=player)


def withdraw(client: Client, study: Study, data: dict[str, str] | None = None) -> int:
    given = {"study": study.slug, "sure": "on"} | (data or {})
    return client.post(reverse("accounts:withdraw"), given).status_code


def delete(client: Client) -> int:
    return client.post(reverse("accounts:delete"), {"sure": "on"}).status_code


def test_it_says_what_happens_in_each_study(visit: Client, study: Study) -> None:
    page = visit.get(reverse("accounts:withdraw")).content.decode()
    assert study.title in page
    assert "without any sign of who said it" in page
    Study.objects.update(withdrawal=Withdrawal.DELETE)
    page = visit.get(reverse("accounts:withdraw")).content.decode()
    assert "is deleted" in page
    assert "without any sign" not in page


def test_looking_changes_nothing(visit: Client, answer: Round) -> None:
    before = all_rows()
    assert visit.get(reverse("accounts:withdraw")).status_code == 200
    assert visit.get(reverse("accounts:delete")).status_code == 405
    assert all_rows() == before


def test_withdrawing_leaves_the_words_and_nobody(visit: Client, study: Study, answer: Round) -> None:
    assert withdraw(visit, study) == 302
    assert Round.objects.get().player.nickname == ""
    assert visit.get(reverse("play:round", args=[answer.key])).status_code == 404
    new = Round.objects.get().key
    assert visit.get(reverse("play:round", args=[new])).status_code == 404
    page = visit.get(reverse("accounts:withdraw")).content.decode()
    assert "No study keeps anything about you." in page
    assert "tartan" not in visit.get(reverse("play:me")).content.decode()


def test_withdrawing_twice_is_withdrawing_once(visit: Client, study: Study, answer: Round) -> None:
    withdraw(visit, study)
    before = all_rows()
    assert withdraw(visit, study) == 422  # nothing to withdraw from
    assert all_rows() == before


@pytest.mark.parametrize("data", [{"sure": ""}, {"study": "another"}])
def test_without_confirmation_or_a_study_nothing_happens(
    visit: Client, study: Study, answer: Round, data: dict[str, str]
) -> None:
    before = all_rows()
    assert withdraw(visit, study, data) == 422
    assert all_rows() == before


def test_a_missing_confirmation_is_said_at_its_study(visit: Client, study: Study, answer: Round) -> None:
    response = visit.post(reverse("accounts:withdraw"), {"study": study.slug})
    assert "Tick the box first" in response.content.decode()


def test_after_withdrawing_the_text_is_agreed_to_anew(visit: Client, study: Study, answer: Round) -> None:
    withdraw(visit, study)
    response = visit.post(reverse("play:start", args=[study.slug]))
    assert response.headers["Location"] == reverse("play:consent", args=[study.slug])


def test_another_players_work_stays(study: Study, answer: Round, other: Client) -> None:
    assert withdraw(other, study) == 302
    assert Round.objects.get() == answer
    assert answer.player.nickname == Round.objects.get().player.nickname


def test_strangers_withdraw_nothing(client: Client, study: Study, answer: Round) -> None:
    before = all_rows()
    assert client.get(reverse("accounts:withdraw")).status_code == 404
    assert withdraw(client, study) == delete(client) == 404
    assert all_rows() == before


def test_deleting_everything_makes_the_browser_a_fresh_one(visit: Client, answer: Round) -> None:
    Study.objects.update(withdrawal=Withdrawal.DELETE)
    response = visit.post(reverse("accounts:delete"), {"sure": "on"})
    assert "Everything is deleted" in response.content.decode()
    assert response.cookies[COOKIE]["max-age"] == 0
    assert not Player.objects.exists()
    assert not Round.objects.exists()
    assert not Label.objects.exists()
    assert not Game.objects.exists()
    assert delete(visit) == 404


def test_deleting_needs_the_confirmation(visit: Client, answer: Round) -> None:
    before = all_rows()
    response = visit.post(reverse("accounts:delete"), {})
    assert response.status_code == 422
    assert "Tick the box first" in response.content.decode()
    assert all_rows() == before


def test_deleting_ends_the_account_and_its_sessions_everywhere(visit: Client, answer: Round) -> None:
    cache.clear()
    sign_up(visit)
    elsewhere = Client()
    sign_in(elsewhere)
    stranger = make_staff()
    kept = signed_in(stranger)
    assert Session.objects.count() == 3
    assert delete(visit) == 200
    assert User.objects.get() == stranger
    assert Session.objects.get().get_decoded()["_auth_user_id"] == str(stranger.pk)
    assert elsewhere.get(reverse("account_email")).status_code == 302
    assert "tartan" not in elsewhere.get(reverse("play:me")).content.decode()
    assert kept.get(reverse("admin:index")).status_code == 200
    assert sign_in(elsewhere).status_code == 200


def test_a_researchers_account_stays(study: Study) -> None:
    user = make_staff()
    player = make_player(study)
    client = client_of(player, signed_in(user))
    client.post(reverse("accounts:claim"))
    page = client.get(reverse("accounts:withdraw")).content.decode()
    assert "because you work here as a researcher" in page
    assert delete(client) == 200
    assert User.objects.get() == user
    assert not Player.objects.exists()
