from django.http import HttpRequest


def asks_for_part(request: HttpRequest) -> bool:
    """Whether htmx wants a part of the page. A boosted link or form wants the whole one."""
    return "HX-Request" in request.headers and "HX-Boosted" not in request.headers
