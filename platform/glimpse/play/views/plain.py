"""Pages that only tell something, and the files that browsers ask for."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from glimpse.accounts.identity import player_of
from labeling import points
from labeling.models.reward import BadgeKind
from labeling.selectors.credits import credits_for
from labeling.services.rounds import LAST_LEVEL


@require_safe
def points_explained(request: HttpRequest) -> HttpResponse:
    context = {
        "guess": [points.guess_points(level) for level in range(LAST_LEVEL + 1)],
        "fewest": points.FEWEST_FOR_LABEL,
        "most": points.MOST_FOR_LABEL,
        "confirmers": points.CONFIRMERS_PAID,
        "pair": points.AGREEMENTS_OF_A_PAIR,
        "streak": points.STREAK_POINTS,
        "streak_most": points.streak_points(points.STREAK_DAYS_PAID),
        "levels": [(level, points.level_begins(level)) for level in range(1, 9)],
        "badges": list(BadgeKind),
    }
    return render(request, "play/points.html", context)


@require_safe
def photo_credits(request: HttpRequest) -> HttpResponse:
    """Credits of photos of finished studies, and of those that this player has seen whole."""
    return render(request, "play/credits.html", {"images": credits_for(player_of(request))})


@require_safe
@cache_control(max_age=3600)
def offline(request: HttpRequest) -> HttpResponse:
    """What the service worker shows without a connection."""
    return render(request, "play/offline.html")


@require_safe
@cache_control(max_age=0)
def service_worker(request: HttpRequest) -> HttpResponse:
    """At the root, so that it serves all pages."""
    return render(request, "play/service-worker.js", content_type="text/javascript")


@require_safe
@cache_control(max_age=86_400)
def manifest(request: HttpRequest) -> HttpResponse:
    return render(request, "play/manifest.webmanifest", content_type="application/manifest+json")
