from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from glimpse.accounts.identity import player_of


def asks_for_part(request: HttpRequest) -> bool:
    """Whether htmx wants a part of the page. A boosted link or form wants the whole one."""
    return "HX-Request" in request.headers and "HX-Boosted" not in request.headers


def prefetches(request: HttpRequest) -> bool:
    """Whether a page asks for the next round before anybody has clicked."""
    return "X-Glimpse-Prefetch" in request.headers


def visitor(request: HttpRequest) -> dict[str, object]:
    """For templates: the player who visits, looked up only where a page names them."""
    return {"visitor": SimpleLazyObject(lambda: player_of(request))}
