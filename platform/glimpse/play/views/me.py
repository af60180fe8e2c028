"""A player's own page, what they are told there, and the language that they play in."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from glimpse.accounts.identity import YEAR, player_of
from glimpse.play.parts import asks_for_part
from labeling.models import Player
from labeling.models.reward import BadgeKind
from labeling.selectors.history import games_of, labels_of
from labeling.selectors.rewards import leaderboard, news_for, score_of
from labeling.selectors.studies import open_studies
from labeling.services.players import player_speaks, player_told


@never_cache  # a phone that others use too shows nothing after signing out
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    player = player_of(request)
    if player is None:
        return render(request, "play/me_nobody.html", {"studies": open_studies()})
    had = {badge.kind: badge.given_at for badge in player.badges.all()}
    context = {
        "player": player,
        "score": score_of(player),
        "news": news_for(player),
        "badges": [(kind, had.get(kind)) for kind in BadgeKind],
        "games": games_of(player),
        "fates": labels_of(player),
        "boards": [(study, leaderboard(study, player)) for study in open_studies()],
    }
    return render(request, "play/me.html", context)


@require_POST
def told(request: HttpRequest) -> HttpResponse:
    """The player has read the news."""
    player = get_object_or_404(Player, pk=getattr(player_of(request), "pk", None))
    if (up_to := request.POST.get("up_to", "")).isdecimal():
        player_told(player=player, up_to=min(int(up_to), news_for(player).up_to))
    return HttpResponse() if asks_for_part(request) else redirect("play:me")


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the language, in this browser and for this player's labels."""
    chosen, back = request.POST.get("language", ""), request.POST.get("next", "/")
    is_own = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    response = redirect(back if is_own else "play:home")
    if chosen in dict(settings.LANGUAGES) and check_for_language(chosen):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, chosen, max_age=YEAR, samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE, httponly=True,
        )  # fmt: skip
        if player := player_of(request):
            player_speaks(player=player, language=chosen)
    return response
