"""Players without hands, in one process: `python -m tests.benchmarks.load.visitors PLAN RESULT`, JSON files.

Each plays game after game without a pause: fetches the next round as the page of a result does ahead, then
answers. Only the standard library, as little work as possible between requests.
"""

import http.client
import json
import random
import re
import sys
import threading
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

OPTION = re.compile(rb'name="guess" value="(\d+)"')
GAME = re.compile(rb'action="(/games/[\w-]+/next)"')
TOKEN = "l" * 32  # of the form protection: cookie and header must be alike
IDLE_SECONDS = 1.0  # the site hangs up after two
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Plan:
    """`loops` in all, or as many as `seconds` allow. `doubled`: everything is sent on two connections at
    once, as by two tabs or an impatient thumb. `pictures`: each glimpse is fetched twice."""

    port: int
    study: str
    rounds: int
    cookies: list[str]
    words: list[str]
    loops: int
    seconds: float
    seed: int = 0
    doubled: bool = False
    pictures: bool = False


@dataclass(slots=True)
class Result:
    """`milliseconds` by kind of request; what went wrong, in words; how much was answered and said."""

    milliseconds: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    answers: int = 0
    labels: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    address: str | None
    body: bytes


class Wrong(Exception):
    """A reply that the game does not foresee."""


class Clock:
    """Hands out loops until they or the time are used up."""

    def __init__(self, plan: Plan) -> None:
        self._left, self._lock = plan.loops, threading.Lock()
        self._until = time.monotonic() + plan.seconds

    def goes_on(self) -> bool:
        with self._lock:
            self._left -= 1
            return self._left >= 0 and time.monotonic() < self._until


class Visitor:
    def __init__(self, plan: Plan, cookie: str, number: int, result: Result, clock: Clock) -> None:
        self._plan, self._result, self._clock = plan, result, clock
        self._dice = random.Random(f"{plan.seed}/{number}")
        self._headers = {
            "Cookie": f"{cookie}; csrftoken={TOKEN}",
            "X-CSRFToken": TOKEN,
            "Accept": "text/html",
        }
        lines = 2 if plan.doubled else 1
        self._used: dict[http.client.HTTPConnection, float] = {}
        self._lines = [http.client.HTTPConnection("127.0.0.1", plan.port, timeout=60) for _ in range(lines)]

    def play(self) -> None:
        try:
            while self._game():
                pass
        except (Wrong, OSError, http.client.HTTPException) as error:
            self._result.errors.append(f"{type(error).__name__}: {error}"[:300])
        for line in self._lines:
            line.close()

    def _game(self) -> bool:
        """One game. False where no loop is left."""
        if not self._clock.goes_on():
            return False
        address = self._ask("start", "POST", f"/studies/{self._plan.study}/start", 302).address
        if address is None or not address.startswith("/rounds/"):
            raise Wrong(f"no round to begin with: {address}")
        self._answer(address, self._ask("round", "GET", address, 200).body)
        found = GAME.search(self._ask("result", "GET", address, 200).body)
        if found is None:
            raise Wrong("a result that does not lead on")
        onwards = found.group(1).decode()
        for _ in range(self._plan.rounds - 1):
            if not self._clock.goes_on():
                return False
            reply = self._ask("next", "POST", onwards, 200, 204)
            if reply.status == 204 or reply.address is None:
                break  # the game had been begun before
            self._answer(reply.address, reply.body)
        return True

    def _answer(self, address: str, page: bytes) -> None:
        if self._plan.pictures:
            for kind in ("glimpse", "glimpse again"):
                self._ask(kind, "GET", f"{address}glimpse/0", 200)
        said = {self._plan.words[int(len(self._plan.words) * self._dice.random() ** 2)] for _ in range(2)}
        options = OPTION.findall(page)
        guess = f"&guess={self._dice.choice(options).decode()}" if options else ""
        body = "&".join(f"labels={word.replace(' ', '+')}" for word in said) + guess + "&seconds=4.2"
        reply = self._ask("submit", "POST", f"{address}answer", 302, body=body)
        if reply.address != address:
            raise Wrong(f"an answer led to {reply.address}")
        self._result.answers += 1
        self._result.labels += len(said)

    def _ask(self, kind: str, method: str, path: str, *expected: int, body: str = "") -> Reply:
        headers = {**self._headers, "X-Glimpse-Prefetch": "1"} if kind == "next" else self._headers
        if method == "POST":
            headers = {**headers, "Content-Type": FORM}
        began = time.perf_counter()
        for line in self._lines:
            if began - self._used.get(line, began) > IDLE_SECONDS:
                line.close()  # the next request opens it again
            line.request(method, path, body.encode() if method == "POST" else None, headers)
        replies = [self._read(line) for line in self._lines]
        self._result.milliseconds.setdefault(kind, []).append(1000 * (time.perf_counter() - began))
        if len({(reply.status, reply.address) for reply in replies}) > 1 or replies[0].status not in expected:
            told = [(reply.status, reply.address, reply.body[-200:]) for reply in replies]
            raise Wrong(f"{method} {path}: {told}")
        return replies[0]

    def _read(self, line: http.client.HTTPConnection) -> Reply:
        response = line.getresponse()
        address = response.getheader("Location") or response.getheader("X-Glimpse-Address")
        body = response.read()
        self._used[line] = time.perf_counter()
        return Reply(response.status, address, body)


def play(plan: Plan) -> Result:
    result, clock = Result(), Clock(plan)
    visitors = [Visitor(plan, cookie, number, result, clock) for number, cookie in enumerate(plan.cookies)]
    threads = [threading.Thread(target=visitor.play, daemon=True) for visitor in visitors]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(plan.seconds + 90)
    if any(thread.is_alive() for thread in threads):
        result.errors.append("a player waits for ever")
    result.seconds = time.perf_counter() - began
    result.cpu_seconds = time.process_time()
    return result


if __name__ == "__main__":
    asked, told = map(Path, sys.argv[1:3])
    told.write_text(json.dumps(asdict(play(Plan(**json.loads(asked.read_text()))))))
