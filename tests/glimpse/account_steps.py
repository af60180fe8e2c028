"""What people do on the pages of accounts, short."""

import re
from html.parser import HTMLParser
from time import time
from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.urls import reverse

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

EMAIL, PASSWORD = "ada@example.org", "a long glimpse of an owl"


def sign_up(client: Client, email: str = EMAIL) -> "Response":
    return client.post(reverse("account_signup"), {"email": email, "password1": PASSWORD})


def sign_in(client: Client, email: str = EMAIL, password: str = PASSWORD) -> "Response":
    return client.post(reverse("account_login"), {"login": email, "password": password})


def sign_out(client: Client) -> "Response":
    return client.post(reverse("account_logout"))


def reauthenticate(client: Client) -> None:
    """Changing anything that matters asks for the password again."""
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def confirm(email: str = EMAIL) -> None:
    EmailAddress.objects.filter(email=email).update(verified=True)


def code_of(secret: str) -> str:
    code: str = format_hotp_value(hotp_value(secret, int(time()) // 30))
    return code


def activate_second_factor(client: Client) -> str:
    """The secret of a new authenticator app."""
    reauthenticate(client)
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    found = re.search(r'id="authenticator_secret" value="(\w+)"', page)
    assert found, page
    secret = found[1]
    response = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert response.status_code == 302, response.content.decode()
    return secret


def link_in_mail(pattern: str) -> str:
    """The path of the link in the newest mail."""
    found = re.search(rf"https?://[^/\s]+(/\S*{pattern}\S*)", str(mail.outbox[-1].body))
    assert found, mail.outbox[-1].body
    return found[1]


def account_of(email: str = EMAIL) -> User:
    return User.objects.get(email=email)


class _Inline(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        if tag == "style" or (tag == "script" and not names.get("src")):
            self.found.append(tag)
        self.found += [f"{tag} {name}" for name in names if name == "style" or name.startswith("on")]
        self.found += [
            f"{tag} {value}"
            for name, value in attrs
            if name in {"src", "href", "action"} and value and value.startswith(("data:", "javascript:"))
        ]


def inline_of(page: str) -> list[str]:
    """What a strict content policy refuses to run or to show."""
    parser = _Inline()
    parser.feed(page)
    return parser.found
