"""Signing up, in and out, and what becomes of a guest's history."""

import re
from typing import TYPE_CHECKING

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import User
from django.core import mail
from django.core.cache import cache
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse

from glimpse.accounts.identity import COOKIE
from labeling.models import Player, Region, Round, Study
from tests.factories import make_player, make_round
from tests.glimpse.account_steps import (
    EMAIL,
    PASSWORD,
    account_of,
    activate_second_factor,
    code_of,
    confirm,
    link_in_mail,
    sign_in,
    sign_out,
    sign_up,
)
from tests.glimpse.visitors import client_of, make_staff, signed_in

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

pytestmark = pytest.mark.django_db


def without_tokens(response: "Response") -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())


@pytest.fixture(autouse=True)
def no_attempts_yet() -> None:
    cache.clear()


def test_signing_up_keeps_the_guests_history(visit: Client, player: Player, round_: Round) -> None:
    response = sign_up(visit)
    assert response.headers["Location"] == "/me/#settings"
    player.refresh_from_db()
    assert player.user == account_of()
    assert visit.get(reverse("play:round", args=[round_.key])).status_code == 200
    page = visit.get(reverse("play:me")).content.decode()
    assert EMAIL in page
    assert player.nickname in page


def test_user_names_say_nothing(visit: Client) -> None:
    sign_up(visit)
    assert "ada" not in account_of().username
    assert account_of().username.startswith("player-")


def test_signing_in_elsewhere_brings_the_history_and_merges_the_guests(
    visit: Client, player: Player, round_: Round, study: Study
) -> None:
    sign_up(visit)
    guest = make_player(study, nickname="Swift Heron")
    Region.objects.filter(pk=round_.region_id).update(capacity=1)  # what both had seen would stay the guest's
    theirs = make_round(study, guest)
    elsewhere = client_of(guest)
    assert sign_in(elsewhere).headers["Location"] == reverse("play:me")
    assert elsewhere.get(reverse("play:round", args=[round_.key])).status_code == 200
    assert elsewhere.get(reverse("play:round", args=[theirs.key])).status_code == 200
    guest.refresh_from_db()
    assert guest.merged_into == player
    sign_in(elsewhere)
    assert Player.objects.filter(user=account_of()).get() == player


def test_after_signing_out_the_browser_is_a_fresh_one(visit: Client, round_: Round) -> None:
    sign_up(visit)
    response = sign_out(visit)
    assert response.cookies[COOKIE]["max-age"] == 0
    assert response.headers["Location"] == reverse("play:home")
    page = visit.get(reverse("play:me")).content.decode()
    assert round_.player.nickname not in page
    assert EMAIL not in page
    assert visit.get(reverse("play:round", args=[round_.key])).status_code == 404
    assert visit.get(reverse("accounts:data")).status_code == 404


def test_browsers_keep_no_copy_of_what_is_a_players_own(visit: Client) -> None:
    for name in ("play:me", "accounts:nickname", "accounts:withdraw", "accounts:data"):
        assert "no-store" in visit.get(reverse(name)).headers["Cache-Control"]


def test_an_old_cookie_shows_nothing_after_signing_out(visit: Client, round_: Round) -> None:
    before = visit.cookies[COOKIE].value
    sign_up(visit)
    sign_out(visit)
    visit.cookies[COOKIE] = before
    assert visit.get(reverse("play:round", args=[round_.key])).status_code == 404


def test_breaking_off_signing_in_leaves_the_guest_alone(visit: Client, player: Player) -> None:
    """Pages of allauth have a button for that, which posts to signing out."""
    response = sign_out(visit)
    assert COOKIE not in response.cookies
    assert player.nickname in visit.get(reverse("play:me")).content.decode()


def test_signing_out_asks_first(visit: Client) -> None:
    sign_up(visit)
    assert visit.get(reverse("account_logout")).status_code == 200
    assert EMAIL in visit.get(reverse("play:me")).content.decode()


def test_a_wrong_password_and_an_unknown_address_read_alike(client: Client) -> None:
    sign_up(client)
    sign_out(client)
    wrong = sign_in(client, password="not the one").content.decode()
    unknown = sign_in(client, email="nobody@example.org").content.decode()
    error = "The email address and/or password you specified are not correct."
    assert error in wrong
    assert error in unknown


def test_resetting_a_password_tells_nothing_and_works(client: Client) -> None:
    sign_up(client)
    sign_out(client)
    answers = [
        without_tokens(client.post(reverse("account_reset_password"), {"email": email}, follow=True))
        for email in ("nobody@example.org", EMAIL)
    ]
    assert answers[0] == answers[1]
    page = client.get(link_in_mail("password/reset/key"), follow=True)
    action = page.redirect_chain[-1][0]
    client.post(action, {"password1": "another long owl", "password2": "another long owl"})
    assert sign_in(client).status_code == 200
    assert sign_in(client, password="another long owl").status_code == 302


def test_an_address_is_confirmed_by_its_link(client: Client) -> None:
    sign_up(client)
    address = link_in_mail("confirm-email")
    assert client.get(address).status_code == 200
    assert not EmailAddress.objects.get().verified
    client.post(address)
    assert EmailAddress.objects.get().verified


def test_mails_name_no_network_address(client: Client) -> None:
    sign_up(client)
    changed = {"oldpassword": PASSWORD, "password1": "another long owl", "password2": "another long owl"}
    client.post(reverse("account_change_password"), changed)
    assert "change was made" in str(mail.outbox[-1].body)
    assert not any("127.0.0.1" in str(one.body) for one in mail.outbox)


def test_signing_up_does_not_fail_with_the_mail_server(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(message: EmailMultiAlternatives) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailMultiAlternatives, "send", refuse)
    assert sign_up(client).status_code == 302
    assert Player.objects.get().user == account_of()
    assert "could not be sent" in caplog.text


def test_guessing_passwords_is_slowed_down(client: Client) -> None:
    sign_up(client)
    sign_out(client)
    for _ in range(5):
        sign_in(client, password="not the one")
    assert "Too many failed login attempts" in sign_in(client, password=PASSWORD).content.decode()


def test_too_many_requests_are_answered_in_the_sites_look(client: Client) -> None:
    for number in range(60):
        client.post(reverse("account_signup"), {"email": f"{number}"})
    response = client.post(reverse("account_signup"), {"email": "one"})
    assert response.status_code == 429
    assert "A little slower" in response.content.decode()


def test_a_second_factor_is_asked_for(visit: Client, player: Player) -> None:
    sign_up(visit)
    confirm()
    secret = activate_second_factor(visit)
    sign_out(visit)
    cache.clear()  # a code is taken once only
    elsewhere = Client()
    assert sign_in(elsewhere).headers["Location"] == reverse("mfa_authenticate")
    assert player.nickname not in elsewhere.get(reverse("play:me")).content.decode()
    assert elsewhere.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
    assert elsewhere.post(reverse("mfa_authenticate"), {"code": code_of(secret)}).status_code == 302
    assert player.nickname in elsewhere.get(reverse("play:me")).content.decode()


def test_a_guest_is_claimed_only_once_the_second_factor_is_right(visit: Client, study: Study) -> None:
    sign_up(visit)
    confirm()
    secret = activate_second_factor(visit)
    cache.clear()
    guest = make_player(study)
    elsewhere = client_of(guest)
    sign_in(elsewhere)
    guest.refresh_from_db()
    assert guest.merged_into is None
    elsewhere.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    guest.refresh_from_db()
    assert guest.merged_into == account_of().player


def test_a_second_factor_needs_a_confirmed_address(visit: Client) -> None:
    sign_up(visit)
    response = visit.get(reverse("mfa_activate_totp"))
    assert response.status_code == 302


def test_the_admin_stays_the_researchers(visit: Client) -> None:
    sign_up(visit)
    assert visit.get(reverse("admin:index")).status_code == 302


def test_a_researcher_plays_as_a_guest(study: Study) -> None:
    client = signed_in(make_staff())
    client.post(reverse("play:agree", args=[study.slug]), {"version": 1})
    player = Player.objects.get()
    assert player.user is None
    assert player.nickname in client.get(reverse("play:me")).content.decode()


def test_forms_are_safe_from_other_sites(player: Player) -> None:
    strict = client_of(player, Client(enforce_csrf_checks=True))
    for name in ("account_signup", "account_login", "account_logout", "accounts:nickname", "accounts:claim"):
        assert strict.post(reverse(name)).status_code == 403
    for name in ("accounts:withdraw", "accounts:delete"):
        assert strict.post(reverse(name), {"sure": "on"}).status_code == 403
    assert not User.objects.exists()
    assert Player.objects.get() == player


def test_double_signing_up_makes_one_account(visit: Client, player: Player) -> None:
    sign_up(visit)
    sign_up(visit)
    assert User.objects.count() == Player.objects.count() == 1


def test_sessions_are_out_of_reach_of_scripts(client: Client) -> None:
    sign_up(client)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert set(client.cookies) <= {"sessionid", "csrftoken", COOKIE}
