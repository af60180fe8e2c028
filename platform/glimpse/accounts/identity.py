"""Who is playing: the player of whoever has signed in, else the guest of a signed cookie.

The cookie holds a guest's key, nothing else, and never an address. It stands for a guest only: a player who
belongs to an account is reached by signing in, so that a phone that others use too shows nothing afterwards.
"""

from typing import cast

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase

from labeling.models import Player

COOKIE = "glimpse_player"
YEAR = 365 * 24 * 60 * 60
KNOWN = "glimpse_player"  # the attribute that keeps what was found for the rest of a request

NOBODY = Q(pk__in=[])

_signer = TimestampSigner(salt="glimpse.player")


def player_of(request: HttpRequest) -> Player | None:
    """One query for a guest: a request without a session's cookie never looks for a session."""
    if not hasattr(request, KNOWN):
        setattr(request, KNOWN, _account_player(request) or guest_of(request))
    return cast(Player | None, getattr(request, KNOWN))


def _account_player(request: HttpRequest) -> Player | None:
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
        return None
    return Player.objects.filter(user=request.user).first()


def guest_of(request: HttpRequest) -> Player | None:
    """The cookie's guest, as long as no account has taken over."""
    key = _guest_key(request)
    return Player.objects.filter(key=key, user=None, merged_into=None).first() if key else None


def played_by(request: HttpRequest) -> Q:
    """The condition for rows of whoever is playing. For a guest it asks nothing by itself: a round and its
    player come in one query."""
    if settings.SESSION_COOKIE_NAME in request.COOKIES or hasattr(request, KNOWN):
        player = player_of(request)
        return Q(player=player) if player else NOBODY
    key = _guest_key(request)
    return Q(player__key=key, player__user=None, player__merged_into=None) if key else NOBODY


def _guest_key(request: HttpRequest) -> str | None:
    try:
        return _signer.unsign(request.COOKIES.get(COOKIE, ""), max_age=YEAR)
    except BadSignature:
        return None


def remember(response: HttpResponseBase, player: Player) -> None:
    """Give a guest's browser the cookie; who has an account needs none."""
    if player.user_id is not None:
        return
    response.set_cookie(
        COOKIE,
        _signer.sign(player.key),
        max_age=YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget(response: HttpResponseBase) -> None:
    """Make the browser a fresh one."""
    response.delete_cookie(COOKIE, samesite="Lax")
