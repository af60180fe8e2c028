import pytest
from playwright.sync_api import Page, expect

from labeling.models import Round
from tests.browser.moves import DOUBLE_TAP_MS, address, checked_option, chips, field

pytestmark = pytest.mark.browser


def test_it_swaps_the_picture_and_keeps_what_was_typed(page: Page, round_: Round) -> None:
    page.goto(address(round_))
    field(page).press_sequentially("long tail")
    field(page).press("Enter")
    field(page).press_sequentially("round")
    page.locator("label.chip").nth(2).click()
    chosen = checked_option(page).get_attribute("value")
    picture = page.get_by_role("img", name="A part of a photograph")
    expect(picture).to_have_attribute("src", f"{address(round_)}glimpse/0")
    page.get_by_role("button", name="Show more").click()
    expect(picture).to_have_attribute("src", f"{address(round_)}glimpse/1")
    expect(picture).to_have_js_property("complete", True)
    expect(
        page.get_by_role("status").filter(has_text="Step 2 of 6. A right guess is worth 85 points")
    ).to_be_attached()
    assert chips(page) == ["long tail"]
    expect(field(page)).to_have_value("round")
    expect(checked_option(page)).to_have_value(chosen or "")
    assert page.url.endswith(address(round_))


def test_it_ends_at_the_last_level(page: Page, round_: Round) -> None:
    page.goto(address(round_))
    for level in range(1, 6):
        page.get_by_role("button", name="Show more").click()
        expect(page.locator(f"img[src$='glimpse/{level}'].arriving")).to_be_visible()
        expect(page.locator(".levels .lit")).to_have_count(level + 1)
        page.wait_for_timeout(DOUBLE_TAP_MS)
    expect(page.get_by_text("That is all")).to_be_visible()
    round_.refresh_from_db()
    assert round_.level == 5


def test_a_double_press_climbs_once(page: Page, round_: Round) -> None:
    page.goto(address(round_))
    page.get_by_role("button", name="Show more").dblclick()
    expect(page.locator("img[src$='glimpse/1'].arriving")).to_be_visible()
    page.wait_for_load_state("networkidle")
    round_.refresh_from_db()
    assert round_.level == 1


def test_the_focus_stays_on_the_button(page: Page, round_: Round) -> None:
    page.goto(address(round_))
    page.get_by_role("button", name="Show more").focus()
    for level in (1, 2):
        page.keyboard.press("Enter")
        expect(page.locator(f"img[src$='glimpse/{level}'].arriving")).to_be_visible()
        page.wait_for_function("document.activeElement.id === 'more'")  # also in a window in the background
