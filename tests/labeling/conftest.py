from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.labeling.installation import Installation


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """On embedded defaults."""
    installation = Installation(tmp_path)
    yield installation
    installation.close()
