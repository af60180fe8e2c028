"""The load script on a few regions: everything is sent twice at once, and nothing is counted twice."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.benchmarks.load.installations import load_installation
from tests.benchmarks.load.server import Site
from tests.benchmarks.load.trial import plan_of, prepared, run_trial
from tests.labeling.installation import Installation

PLAYERS, LOOPS = 3, 15


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    installation = load_installation(tmp_path)
    yield installation
    installation.close()


def test_three_players_who_press_twice(installation: Installation) -> None:
    known = prepared(installation, "tiny", PLAYERS)
    site = Site(installation)
    try:
        trial = run_trial(
            installation, site, plan_of(site, known, PLAYERS, LOOPS, doubled=True, pictures=True)
        )
    finally:
        site.close()
    assert trial.problems == [], site.complaints()
    assert trial.result.answers == LOOPS
    assert len(trial.costs["next"]) == 2 * len(trial.result.milliseconds["next"])
    assert trial.site_seconds > 0
