from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.signals import request_started


class Served:
    """What the site was asked for, static files apart, in order: "GET /me/"."""

    def __init__(self) -> None:
        self.requests: list[str] = []

    def note(self, *, environ: dict[str, Any], **_: object) -> None:
        if not environ["PATH_INFO"].startswith("/static/"):
            self.requests.append(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")

    def count(self, request: str) -> int:
        return self.requests.count(request)


@contextmanager
def serving() -> Iterator[Served]:
    served = Served()
    request_started.connect(served.note, weak=False)
    try:
        yield served
    finally:
        request_started.disconnect(served.note)
