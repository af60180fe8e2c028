"""How fast the game is with 1, 10 and 50 players who never pause: on SQLite with a study of the demo's size,
and on PostgreSQL with a million regions and 100,000 players. Nothing is asserted of times."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.benchmarks.load.installations import database_of_its_own, load_installation
from tests.benchmarks.load.server import Site
from tests.benchmarks.load.trial import Known, Trial, mean, plan_of, prepared, quantile, run_trial
from tests.benchmarks.tables import Cell, publish
from tests.labeling.installation import Installation

CROWDS = (1, 10, 50)
LOOPS = 300
NOTE = (
    "A loop is the next round and the submit. CPU of next and submit: of the thread that answers. Site CPU "
    "a loop: all that gunicorn used, the start and one result page of each game of five included. The load's "
    "process and the database share the machine's processors with the site."
)
PICTURES_NOTE = "A glimpse of 560 x 560 pixels over HTTP, drawn, and again from the cache; two players."


@dataclass(frozen=True)
class Stage:
    name: str
    installation: Installation
    site: Site
    known: Known

    def trial(self, players: int, loops: int, *, doubled: bool = False, pictures: bool = False) -> Trial:
        plan = plan_of(self.site, self.known, players, loops, doubled=doubled, pictures=pictures)
        trial = run_trial(self.installation, self.site, plan)
        assert trial.problems == [], self.site.complaints()[-3000:]
        return trial


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    yield from _stage("SQLite, 2,880 regions", "demo", tmp_path_factory.mktemp("demo"), None)


@pytest.fixture(scope="module")
def million(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    url = os.environ.get("GLIMPSE_TEST_DATABASE_URL")
    if not url:
        pytest.skip(
            "set GLIMPSE_TEST_DATABASE_URL to a PostgreSQL superuser's to measure with a million regions"
        )
    with database_of_its_own(url) as own:
        name = "PostgreSQL, 1,000,000 regions"
        yield from _stage(name, "million", tmp_path_factory.mktemp("million"), own)


def _stage(name: str, size: str, folder: Path, database_url: str | None) -> Iterator[Stage]:
    installation = load_installation(folder, database_url)
    known = prepared(installation, size, max(CROWDS))
    site = Site(installation)
    try:
        stage = Stage(name, installation, site, known)
        stage.trial(20, 160)  # so that every process has loaded its dictionaries and filled its caches
        yield stage
    finally:
        site.close()


def _measure(stage: Stage, table: str) -> None:
    rows = [stage.trial(players, LOOPS).row(stage.name) for players in CROWDS]
    stage.trial(10, 100, doubled=True)  # untimed: everything is sent twice at once
    publish(table, rows, NOTE)


@pytest.mark.benchmark_table
@pytest.mark.timeout(900)
def test_demo_on_sqlite(demo: Stage) -> None:
    _measure(demo, "play-load-demo")


@pytest.mark.benchmark_table
@pytest.mark.timeout(1500)
def test_million_regions_on_postgresql(million: Stage) -> None:
    _measure(million, "play-load-million")


@pytest.mark.benchmark_table
@pytest.mark.timeout(900)
def test_glimpses(demo: Stage) -> None:
    trial = demo.trial(2, 60, pictures=True)
    rows: list[dict[str, Cell]] = [
        {
            "glimpse": kind,
            "p50 ms": quantile(trial.result.milliseconds[kind], 0.5),
            "p95 ms": quantile(trial.result.milliseconds[kind], 0.95),
            "cpu ms": mean(trial.costs[kind]),
        }
        for kind in ("glimpse", "glimpse again")
    ]
    publish("play-load-glimpses", rows, PICTURES_NOTE)
