"""How allauth fits this site: no user names, and a guest's history goes along."""

import logging
import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth.models import AbstractUser
from django.http import HttpRequest

from glimpse.accounts.identity import guest_of
from labeling.services.accounts import account_claim

QUIET = {"account/messages/logged_in.txt", "account/messages/logged_out.txt"}  # the page shows it

logger = logging.getLogger(__name__)


def user_display(user: AbstractUser) -> str:
    return user.email or user.get_username()


class AccountAdapter(DefaultAccountAdapter):
    def populate_username(self, request: HttpRequest, user: AbstractUser) -> None:
        """A name that says nothing: researchers see user names, and nobody signs in by one."""
        user.username = f"player-{secrets.token_hex(8)}"

    def login(self, request: HttpRequest, user: AbstractUser) -> None:
        guest = guest_of(request)
        super().login(request, user)
        account_claim(user_id=user.pk, guest=guest, language=request.LANGUAGE_CODE)

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        if message_template not in QUIET:
            super().add_message(request, level, message_template, *args, **kwargs)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Signing up and the like do not fail with the mail server: the mail can be asked for again."""
        try:
            super().send_mail(template_prefix, email, context)
        except OSError:
            logger.exception("The mail %s could not be sent.", template_prefix)


class SecondFactorAdapter(DefaultMFAAdapter):
    def build_totp_svg(self, url: str) -> str:
        """Without the XML declaration, which has no place inside a page."""
        svg: str = super().build_totp_svg(url)
        return svg[svg.index("<svg") :]
