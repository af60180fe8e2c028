from allauth.account.models import EmailAddress
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from glimpse.accounts.identity import player_of
from labeling.exports.player import player_parts
from labeling.models import Player


@never_cache
@require_safe
def download(request: HttpRequest) -> HttpResponseBase:
    """Everything that is kept about whoever asks, as one JSON file that is written while it is read."""
    player = get_object_or_404(
        Player.objects.select_related("user"), pk=getattr(player_of(request), "pk", None)
    )
    response = StreamingHttpResponse(player_parts(player, _account(player)), content_type="application/json")
    response["Content-Disposition"] = 'attachment; filename="glimpse-my-data.json"'
    return response


def _account(player: Player) -> dict[str, object] | None:
    if player.user is None:
        return None
    addresses = EmailAddress.objects.filter(user=player.user).order_by("pk")
    return {
        "email": player.user.email,
        "addresses": [{"email": one.email, "confirmed": one.verified} for one in addresses],
        "since": player.user.date_joined,
        "last_signed_in": player.user.last_login,
    }
