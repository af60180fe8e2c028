"""The order of tests."""

from collections.abc import Generator

import pytest


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Generator[None, None, None]:
    """Tests with an installation of their own mostly wait for its processes: they begin, beside others."""
    for item in items:
        if isinstance(item, pytest.Function) and "installation" in item.fixturenames:
            item.add_marker(pytest.mark.embedded)
    yield
    items.sort(key=lambda item: item.get_closest_marker("embedded") is None)
