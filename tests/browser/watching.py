import re
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request, Response

ABORTED = "net::ERR_ABORTED"  # a page was left before all of it had arrived


class Watch:
    """Collects what goes wrong in a browser, apart from what a test says that it expects."""

    def __init__(self, site: str) -> None:
        self._host = urlsplit(site).netloc
        self._seen: list[str] = []
        self._expected: list[str] = []

    def expect(self, pattern: str) -> None:
        self._expected.append(pattern)

    def problems(self) -> list[str]:
        return [
            problem
            for problem in self._seen
            if not any(re.search(pattern, problem) for pattern in self._expected)
        ]

    def follow(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self._seen.append(f"page error: {error}"))
        page.on("request", self._request)
        page.on("requestfailed", self._failed)
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self._seen.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        if urlsplit(request.url).netloc not in {self._host, ""}:
            self._seen.append(f"foreign host: {request.url}")

    def _failed(self, request: Request) -> None:
        if request.failure != ABORTED:
            self._seen.append(f"failed: {request.url} {request.failure}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self._seen.append(f"status {response.status}: {response.url}")
