"""The product's own site process, with real settings, and what it costs."""

import os
import signal
import socket
import subprocess
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from glimpse.processes import site
from tests.benchmarks.load.processor import seconds_of_family
from tests.labeling.installation import ROOT, Installation

HOOKS = Path(__file__).with_name("request_costs.py")
START_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU milliseconds of one request in the thread that answered it."""

    method: str
    path: str
    milliseconds: float


class Site:
    """gunicorn on a free port of this machine, started as `manage.py demo` starts it."""

    def __init__(self, installation: Installation) -> None:
        self.port = _free_port()
        self._costs = installation.folder / "request-costs"
        self._log = installation.folder / "site.log"
        extra = {"GUNICORN_CMD_ARGS": f"--config {HOOKS}", "GLIMPSE_LOAD_COSTS": str(self._costs)}
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                site(f"127.0.0.1:{self.port}"),
                env={**installation.variables, **extra},
                cwd=ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._wait()

    def seconds(self) -> float:
        """CPU seconds so far, of gunicorn and its workers."""
        return seconds_of_family(self._process.pid)

    def costs_noted(self) -> int:
        """How much of the notes there is, for `costs`."""
        return self._costs.stat().st_size

    def costs(self, since: int) -> list[Cost]:
        with self._costs.open("rb") as file:
            file.seek(since)
            lines = file.read().decode().splitlines()
        return [Cost(method, path, float(spent)) for method, path, spent in map(str.split, lines)]

    def complaints(self) -> str:
        return self._log.read_text()

    def close(self) -> None:
        os.killpg(self._process.pid, signal.SIGTERM)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(10)

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                assert time.monotonic() < deadline, self.complaints()
                time.sleep(0.05)


def by_kind(costs: list[Cost]) -> dict[str, list[float]]:
    """By the last word of the path, "next" or "answer"; for `/rounds/KEY/` "round", for pictures "glimpse"
    where they were drawn and "glimpse again" where they had been."""
    found: dict[str, list[float]] = defaultdict(list)
    drawn: set[str] = set()
    for cost in costs:
        parts = cost.path.strip("/").split("/")
        kind = "round" if len(parts) == 2 and parts[0] == "rounds" else parts[-1]
        if "glimpse" in parts:
            kind = "glimpse again" if cost.path in drawn else "glimpse"
            drawn.add(cost.path)
        found[kind].append(cost.milliseconds)
    return found


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
