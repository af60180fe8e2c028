"""Every page on windows from the smallest phone to a wall."""

import pytest
from playwright.sync_api import Page

from tests.browser.every_page import EXPECTED, every_page
from tests.browser.watching import Watch
from tests.browser.world import World

pytestmark = pytest.mark.browser
PHONES, DESK, WALL = (320, 360), 1280, 3840
THUMB = 44
WIDEST_CONTENT, WIDEST_PICTURE = 1152, 560
SCROLLS_BY = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
TOO_SMALL = f"""() => [...document.querySelectorAll(
  "button, summary, label.chip, .button, .peek label, nav a, "
    + "input:not([type=hidden], [type=radio], [type=checkbox])"
)].filter((target) => target.checkVisibility({{ visibilityProperty: true }}) && !target.closest(".skip-link"))
  .map((target) => [target.outerHTML.slice(0, 120), target.getBoundingClientRect()])
  .filter(([_, box]) => Math.round(box.height) < {THUMB} || Math.round(box.width) < 24)
  .map(([html, box]) => `${{Math.round(box.width)}} x ${{Math.round(box.height)}}: ${{html}}`)"""
STRETCHED = f"""() => [...document.querySelectorAll("main, .bar, .foot, main img")]
  .map((part) => [part.tagName, part.getBoundingClientRect(), part instanceof HTMLImageElement])
  .filter(([_, box, isPicture]) => box.width > (isPicture ? {WIDEST_PICTURE} : {WIDEST_CONTENT})
    || !isPicture && Math.abs(box.left + box.right - innerWidth) > 2)
  .map(([name, box]) => `${{name}} from ${{Math.round(box.left)}} to ${{Math.round(box.right)}}`)"""


def test_every_page_fits_and_thumbs_reach_everything(page: Page, watch: Watch, world: World) -> None:
    watch.expect(EXPECTED)
    page.emulate_media(reduced_motion="reduce")  # nothing is measured half way
    wrong: list[str] = []
    for name in every_page(page, world):
        for width in (*PHONES, DESK, WALL):
            page.set_viewport_size({"width": width, "height": 2160 if width == WALL else 800})
            if wider := page.evaluate(SCROLLS_BY):
                wrong.append(f"{name} at {width}: {wider} px too wide")
            if width in PHONES:
                wrong += [f"{name} at {width}: {target}" for target in page.evaluate(TOO_SMALL)]
            if width == WALL:
                wrong += [f"{name} at {width}: {part}" for part in page.evaluate(STRETCHED)]
    assert not wrong, "\n".join(wrong)
