"""Little is fetched before the first picture, nothing from elsewhere, and nothing moves once it is there."""

import gzip
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Page, Response

from labeling.models import Round, Study
from tests.browser.moves import address, answer, expect_pictures, expect_round
from tests.browser.world import make_showcase

pytestmark = pytest.mark.browser
MOST_BYTES = 150_000
MOST_SHIFT = 0.02
READY_PACKED = {".woff2", ".png"}
WATCH_SHIFTS = """window.shifts = [];
new PerformanceObserver((list) => {
  for (const shift of list.getEntries()) {
    const parts = shift.sources.map(({ node }) => node?.outerHTML?.slice(0, 80) ?? node?.nodeName);
    if (!shift.hadRecentInput) window.shifts.push({ value: shift.value, parts });
  }
}).observe({ type: "layout-shift", buffered: true });"""


def weights(page: Page, opened: str) -> dict[str, int]:
    """Bytes by address of everything that is fetched for a page, pictures of photos apart, as the site sends
    it: static files packed by gzip, as whitenoise packs them, pages as they are."""
    found: dict[str, int] = {}

    def note(response: Response) -> None:
        path = urlsplit(response.url).path
        if response.ok and "/glimpse/" not in path:
            found[path] = _packed(path) if path.startswith("/static/") else len(response.body())

    page.on("response", note)
    page.goto(opened)
    page.wait_for_load_state("networkidle")
    return found


def _packed(path: str) -> int:
    source = finders.find(path.removeprefix("/static/"))
    assert isinstance(source, str)
    content = Path(source).read_bytes()
    return len(content) if Path(source).suffix in READY_PACKED else len(gzip.compress(content, 9))


def test_the_front_page_is_light(page: Page, study: Study) -> None:
    make_showcase(study)
    _check(weights(page, "/"), "front page")


def test_a_round_is_light(page: Page, round_: Round) -> None:
    _check(weights(page, address(round_)), "round")


def _check(found: dict[str, int], name: str) -> None:
    total = sum(found.values())
    print(f"{name}: {total / 1000:.0f} kB before the first picture: {found}")
    assert any(path.endswith("glimpse.css") for path in found)
    assert any(path.endswith(".woff2") for path in found)
    assert total < MOST_BYTES


def test_nothing_moves_by_itself(page: Page, study: Study) -> None:
    make_showcase(study)
    page.add_init_script(WATCH_SHIFTS)
    page.goto("/")
    _still(page, "front page")
    page.locator("#first button[name=guess]").first.click()
    expect_pictures(page)
    _still(page, "first glimpse, guessed")
    page.get_by_role("button", name="Play").click()
    page.get_by_role("button", name="I agree").click()
    expect_round(page, 1)
    _still(page, "round")
    answer(page)
    _still(page, "result")
    page.get_by_role("button", name="Next glimpse").click()
    expect_round(page, 2)
    _still(page, "next round")


def _still(page: Page, name: str) -> None:
    expect_pictures(page)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(700)  # so long as anything fades in
    shifts = page.evaluate("window.shifts")
    total = sum(shift["value"] for shift in shifts)
    print(f"{name}: layout shift {total:.4f}")
    assert total < MOST_SHIFT, shifts
