from django.http import HttpRequest


def asks_for_part(request: HttpRequest) -> bool:
    """Whether htmx wants a part of the page. A boosted link or form wants the whole one."""
    return "HX-Request" in request.headers and "HX-Boosted" not in request.headers


def prefetches(request: HttpRequest) -> bool:
    """Whether a page asks for the next round before anybody has clicked."""
    return "X-Glimpse-Prefetch" in request.headers
