"""Axe finds nothing on any page, in both themes, on a small phone and on a desk."""

from itertools import product
from time import perf_counter
from typing import Any, Literal

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.browser.every_page import EXPECTED, every_page
from tests.browser.watching import Watch
from tests.browser.world import World

pytestmark = pytest.mark.browser
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
WIDTHS = (320, 1280)


def test_axe_finds_nothing(page: Page, watch: Watch, world: World) -> None:
    watch.expect(EXPECTED)
    began, runs = perf_counter(), 0
    found: dict[str, list[str]] = {}
    for name in every_page(page, world):
        page.evaluate(AXE_SCRIPT)
        for theme, width in product(THEMES, WIDTHS):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            page.set_viewport_size({"width": width, "height": 800})
            runs += 1
            for violation in _violations(page):
                found.setdefault(violation, []).append(f"{name} {theme} {width}")
    print(f"axe: {runs} runs in {perf_counter() - began:.0f} s")
    assert not found, "\n".join(f"{violation}\n  on {', '.join(where)}" for violation, where in found.items())


def _violations(page: Page) -> list[str]:
    run = "tags => axe.run({ runOnly: tags, resultTypes: ['violations'], elementRef: false })"
    result: dict[str, Any] = page.evaluate(run, TAGS)
    return [
        f"{violation['id']}: {violation['help']}: {node['html']}: {node.get('failureSummary', '')}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]
