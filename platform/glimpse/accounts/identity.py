"""Who is playing: a guest's key in a signed cookie. It holds nothing else, and never an address."""

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponseBase

from labeling.models import Player

COOKIE = "glimpse_player"
YEAR = 365 * 24 * 60 * 60

_signer = TimestampSigner(salt="glimpse.player")


def player_of(request: HttpRequest) -> Player | None:
    try:
        key = _signer.unsign(request.COOKIES.get(COOKIE, ""), max_age=YEAR)
    except BadSignature:
        return None
    return Player.objects.filter(key=key).first()


def remember(response: HttpResponseBase, player: Player) -> None:
    response.set_cookie(
        COOKIE,
        _signer.sign(player.key),
        max_age=YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
