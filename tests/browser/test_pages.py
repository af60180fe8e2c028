"""The look of every page: both themes, its own typeface, and stillness for those who ask for it."""

from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from labeling.models import Round
from tests.browser.every_page import EXPECTED, every_page
from tests.browser.moves import address, answer, expect_no_sideways_scroll, field
from tests.browser.watching import Watch
from tests.browser.world import World

pytestmark = pytest.mark.browser
FONT_ARRIVED = "document.fonts.load('16px \"Bricolage Grotesque\"').then(found => found.length === 1)"
THEMES: list[tuple[Literal["light", "dark"], str, str]] = [
    ("light", "rgb(246, 243, 236)", "rgb(26, 29, 36)"),
    ("dark", "rgb(14, 16, 20)", "rgb(238, 240, 244)"),
]
MOVING = """() => [...document.querySelectorAll("*")].flatMap((part) =>
  [null, "::before", "::after"].map((pseudo) => [part, pseudo, getComputedStyle(part, pseudo)])
    .filter(([_, __, style]) => style.animationName !== "none" || style.transitionDuration !== "0s")
    .map(([part, pseudo]) => `${part.outerHTML.slice(0, 80)}${pseudo ?? ""}`))
  .concat(document.getAnimations().map((animation) => String(animation.animationName)))"""


def test_both_themes_render(page: Page, watch: Watch, world: World) -> None:
    watch.expect(EXPECTED)
    for _ in every_page(page, world):
        for theme, ground, text in THEMES:
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            expect(page.locator("body")).to_have_css("background-color", ground)
            expect(page.locator("body")).to_have_css("color", text)
        assert page.evaluate(FONT_ARRIVED)


def test_nothing_moves_where_that_is_asked_for(page: Page, watch: Watch, world: World) -> None:
    watch.expect(EXPECTED)
    page.emulate_media(reduced_motion="reduce")
    for name in every_page(page, world):
        assert page.evaluate(MOVING) == [], name


def test_things_move_otherwise(page: Page, round_: Round) -> None:
    page.emulate_media(reduced_motion="no-preference")
    page.goto(address(round_))
    field(page).fill("long tail")
    field(page).press("Enter")
    assert "arrive" in page.evaluate(MOVING)
    answer(page, "round eye")
    assert page.evaluate(MOVING) != []


@pytest.mark.browser_context_args(viewport={"width": 320, "height": 640})
def test_researchers_sign_in_on_a_phone_too(page: Page, world: World) -> None:
    page.goto("/admin/login/")
    expect_no_sideways_scroll(page)
