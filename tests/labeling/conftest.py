from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.labeling.installation import Installation
from tests.labeling.ledger import ledger_adds_up


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """On embedded defaults."""
    installation = Installation(tmp_path)
    yield installation
    installation.close()


@pytest.fixture(autouse=True)
def points_are_right(request: pytest.FixtureRequest) -> Iterator[None]:
    """At the end of every test that has a database."""
    yield
    if request.node.get_closest_marker("django_db"):
        ledger_adds_up()
