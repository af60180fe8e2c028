"""Every page of accounts opens in the site's look, and nothing on it needs a laxer content policy."""

from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from labeling.models import Player
from tests.factories import make_player
from tests.glimpse.account_steps import (
    activate_second_factor,
    confirm,
    inline_of,
    link_in_mail,
    reauthenticate,
    sign_in,
    sign_out,
    sign_up,
)
from tests.glimpse.visitors import client_of

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

pytestmark = pytest.mark.django_db
OPEN = [
    "account_login",
    "account_signup",
    "account_reset_password",
    "account_reset_password_done",
    "account_inactive",
    "account_email_verification_sent",
    "account_reset_password_from_key_done",
    "accounts:about",
    "accounts:privacy",
]
SIGNED_IN = [
    "account_logout",
    "account_email",
    "account_change_password",
    "mfa_index",
    "account_reauthenticate",
]
WITH_SECOND_FACTOR = [
    "mfa_index",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_deactivate_totp",
    "mfa_reauthenticate",
]
GUEST = ["accounts:nickname", "accounts:withdraw", "play:me"]
# Pages that another test opens, or that are no pages.
ELSEWHERE = {
    "account_confirm_email", "account_reset_password_from_key", "mfa_authenticate", "mfa_activate_totp",
    "mfa_download_recovery_codes", "accounts:claim", "accounts:data", "accounts:delete",
}  # fmt: skip
SWITCHED_OFF = {
    "account_set_password", "account_confirm_login_code", "account_request_reauthentication_code",
    "account_confirm_reauthentication_code",
}  # fmt: skip


@pytest.fixture(autouse=True)
def no_attempts_yet() -> None:
    cache.clear()


def shown(response: "Response") -> str:
    page = response.content.decode()
    assert response.status_code == 200, page
    assert 'class="bar"' in page
    assert 'class="foot"' in page
    assert page.count("<h1") == 1
    assert inline_of(page) == []
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    return page


def names(patterns: list[URLPattern | URLResolver], namespace: str = "") -> set[str]:
    found: set[str] = set()
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else namespace
            found |= names(pattern.url_patterns, inner)
        elif pattern.name:
            found.add(namespace + pattern.name)
    return found


def test_no_page_is_forgotten() -> None:
    all_names = names(get_resolver().url_patterns)
    of_accounts = {name for name in all_names if name.startswith(("account", "mfa"))}
    assert of_accounts == {*OPEN, *SIGNED_IN, *WITH_SECOND_FACTOR, *GUEST, *ELSEWHERE, *SWITCHED_OFF} - {
        "play:me"
    }
    assert not {name for name in all_names if name.startswith(("socialaccount", "usersessions", "headless"))}


@pytest.mark.parametrize("name", OPEN)
def test_pages_for_everybody(client: Client, name: str) -> None:
    shown(client.get(reverse(name)))


@pytest.mark.parametrize("name", GUEST)
def test_pages_of_a_guest(name: str) -> None:
    shown(client_of(make_player()).get(reverse(name)))


@pytest.mark.parametrize("name", [*SIGNED_IN, *GUEST])
def test_pages_of_an_account(client: Client, name: str) -> None:
    sign_up(client)
    shown(client.get(reverse(name)))


@pytest.mark.parametrize("name", WITH_SECOND_FACTOR)
def test_pages_with_a_second_factor(client: Client, name: str) -> None:
    sign_up(client)
    confirm()
    activate_second_factor(client)
    shown(client.get(reverse(name)))


def test_the_code_to_scan_is_part_of_the_page(client: Client) -> None:
    sign_up(client)
    confirm()
    reauthenticate(client)
    page = shown(client.get(reverse("mfa_activate_totp")))
    assert "<svg" in page
    assert "<?xml" not in page


def test_the_page_that_asks_for_the_second_factor(client: Client) -> None:
    sign_up(client)
    confirm()
    activate_second_factor(client)
    sign_out(client)
    sign_in(client)
    shown(client.get(reverse("mfa_authenticate")))


def test_pages_behind_links_in_mails(client: Client) -> None:
    sign_up(client)
    shown(client.get(link_in_mail("confirm-email")))
    sign_out(client)
    client.post(reverse("account_reset_password"), {"email": "ada@example.org"})
    address = link_in_mail("password/reset/key")
    shown(client.get(address, follow=True))
    shown(client.get("/account/password/reset/key/1-set-password/"))


@pytest.mark.parametrize("name", ["account_login", "account_signup"])
def test_what_is_wrong_stands_beside_its_field(client: Client, name: str) -> None:
    page = shown(client.post(reverse(name), {}))
    assert 'class="errorlist"' in page
    assert 'aria-invalid="true"' in page


@pytest.mark.parametrize("name", sorted(SWITCHED_OFF))
def test_what_is_switched_off_leads_nowhere(client: Client, name: str) -> None:
    sign_up(client)
    confirm()
    assert client.get(reverse(name)).status_code in {302, 403, 404}


@pytest.mark.parametrize("name", [*SIGNED_IN, *WITH_SECOND_FACTOR, *GUEST[:2]])
def test_strangers_see_none_of_it(client: Client, name: str) -> None:
    assert client.get(reverse(name)).status_code in {302, 404}
    assert not Player.objects.exists()


def test_a_changed_address_waits_until_it_is_confirmed(client: Client) -> None:
    sign_up(client)
    confirm()
    reauthenticate(client)
    client.post(reverse("account_email"), {"email": "new@example.org", "action_add": "1"})
    page = shown(client.get(reverse("account_email")))
    assert "new@example.org" in page
    assert "<strong>ada@example.org</strong>" in page
    client.post(link_in_mail("confirm-email"))
    assert "<strong>new@example.org</strong>" in client.get(reverse("account_email")).content.decode()


def test_fields_have_labels_and_hints(client: Client) -> None:
    page = shown(client.get(reverse("account_signup")))
    assert '<label for="id_email">' in page
    assert 'id="id_password1_helptext"' in page
    assert 'aria-describedby="id_password1_helptext"' in page
