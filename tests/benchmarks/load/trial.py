"""One trial: some players on one installation's site, what it cost, and whether all is right afterwards."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from tests.benchmarks.load.checks import newest_round, violations
from tests.benchmarks.load.processor import seconds_of_name
from tests.benchmarks.load.server import Site, by_kind
from tests.benchmarks.load.visitors import Plan, Result
from tests.benchmarks.tables import Cell
from tests.labeling.installation import ROOT, Installation

SECONDS = 60.0  # at most, a trial


@dataclass(frozen=True, slots=True)
class Trial:
    """Seconds are CPU time; `costs` are CPU milliseconds in the site, by kind of request."""

    players: int
    result: Result
    costs: dict[str, list[float]]
    site_seconds: float
    database_seconds: float
    twice: list[str]
    overruns: list[str]

    @property
    def problems(self) -> list[str]:
        return self.result.errors + self.twice + self.overruns

    def row(self, setting: str) -> dict[str, Cell]:
        times, loops = self.result.milliseconds, max(1, self.result.answers)
        return {
            "setting": setting,
            "players": self.players,
            "loops": self.result.answers,
            "loops a second": self.result.answers / self.result.seconds,
            "next p50 ms": quantile(times["next"], 0.5),
            "next p95 ms": quantile(times["next"], 0.95),
            "submit p50 ms": quantile(times["submit"], 0.5),
            "submit p95 ms": quantile(times["submit"], 0.95),
            "next cpu ms": mean(self.costs.get("next", [])),
            "submit cpu ms": mean(self.costs.get("answer", [])),
            "site cpu ms a loop": 1000 * self.site_seconds / loops,
            "database cpu ms a loop": 1000 * self.database_seconds / loops,
            "load cpu ms a loop": 1000 * self.result.cpu_seconds / loops,
            "errors": len(self.result.errors),
            "duplicates": len(self.twice),
            "overruns": len(self.overruns),
        }


@dataclass(frozen=True, slots=True)
class Known:
    """What players need to know of an installation."""

    study: str
    rounds: int
    words: list[str]
    cookies: list[str]


def prepared(installation: Installation, size: str, players: int) -> Known:
    """Fill an empty installation."""
    note = installation.folder / "load.json"
    script = f"from tests.benchmarks.load.prepare import prepare; prepare({size!r}, {players}, {str(note)!r})"
    installation.run(script, seconds=600)
    return Known(**json.loads(note.read_text()))


def plan_of(
    site: Site, known: Known, players: int, loops: int, *, doubled: bool = False, pictures: bool = False
) -> Plan:
    return Plan(
        site.port, known.study, known.rounds, known.cookies[:players], known.words, loops, SECONDS,
        doubled=doubled, pictures=pictures,
    )  # fmt: skip


def run_trial(installation: Installation, site: Site, plan: Plan) -> Trial:
    before, noted = newest_round(installation), site.costs_noted()
    on_server = "GLIMPSE_DATABASE_URL" in installation.variables
    site_began, database_began = site.seconds(), seconds_of_name("postgres")
    result = _play(installation.folder, plan)
    site_seconds = site.seconds() - site_began
    database_seconds = seconds_of_name("postgres") - database_began if on_server else 0.0
    twice, overruns = violations(installation, before, result)
    costs = by_kind(site.costs(noted))
    return Trial(len(plan.cookies), result, costs, site_seconds, database_seconds, twice, overruns)


def _play(folder: Path, plan: Plan) -> Result:
    asked, told = folder / "plan.json", folder / "result.json"
    asked.write_text(json.dumps(asdict(plan)))
    command = [sys.executable, "-m", "tests.benchmarks.load.visitors", str(asked), str(told)]
    subprocess.run(command, cwd=ROOT, check=True, timeout=plan.seconds + 120)
    return Result(**json.loads(told.read_text()))


def quantile(values: Sequence[float], share: float) -> float | None:
    return float(np.quantile(values, share)) if values else None


def mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if values else None
