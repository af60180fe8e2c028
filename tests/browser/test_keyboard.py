"""A whole round without a pointer."""

import pytest
from playwright.sync_api import Page, expect

from labeling.models import Round, Study
from tests.browser.moves import checked_option, chips, expect_round, expect_whole_photo, field, tab_to

pytestmark = pytest.mark.browser


def test_a_round_from_the_front_page_to_the_next(page: Page, study: Study) -> None:
    keys = page.keyboard
    page.goto("/")
    tab_to(page, page.get_by_role("button", name="Play"))
    keys.press("Enter")
    page.wait_for_url("**/consent")
    tab_to(page, page.get_by_role("button", name="I agree"))
    keys.press("Enter")
    page.wait_for_url("**/rounds/*/")
    tab_to(page, page.get_by_role("button", name="Show more"))
    keys.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Step 2 of 6.")).to_be_attached()
    tab_to(page, field(page))
    keys.type("long tail")
    keys.press("Enter")
    keys.type("round eye")
    keys.press("Enter")
    assert chips(page) == ["long tail", "round eye"]
    keys.press("Enter")  # with nothing typed: on to the guess
    keys.press("ArrowDown")
    second = page.locator("input[name=guess]").nth(1)
    expect(second).to_be_focused()
    expect(checked_option(page)).to_have_value(second.get_attribute("value") or "")
    tab_to(page, page.get_by_role("button", name="That’s it"))
    keys.press("Enter")
    expect_whole_photo(page)
    round_ = Round.objects.get(number=1)
    assert (round_.state, round_.level, round_.labels.count()) == ("answered", 1, 2)
    tab_to(page, page.get_by_role("button", name="Next glimpse"))
    keys.press("Enter")
    expect(page.locator(".steps")).to_have_attribute("aria-label", "Round 2 of 5")


def test_a_whole_game(page: Page, study: Study) -> None:
    keys = page.keyboard
    page.goto("/")
    tab_to(page, page.get_by_role("button", name="Play"))
    keys.press("Enter")
    page.wait_for_url("**/consent")
    tab_to(page, page.get_by_role("button", name="I agree"))
    keys.press("Enter")
    for number in range(1, 6):
        expect_round(page, number)
        tab_to(page, field(page))
        keys.type(f"thing {number}")
        keys.press("Enter")
        keys.press("Enter")  # on to the guess
        keys.press("ArrowUp")  # around to the last: I can't tell
        keys.press("Enter")  # in a form, it sends
        expect_whole_photo(page)
        tab_to(page, page.locator("next-glimpse button"))
        page.wait_for_load_state("networkidle")
        keys.press("Enter")
    expect(page.get_by_role("heading", name="of 5 pictures guessed")).to_be_visible()
    assert list(Round.objects.values_list("state", "guess")) == [("answered", None)] * 5
    tab_to(page, page.get_by_role("link", name="My page").last)
    keys.press("Enter")
    expect(page.get_by_role("heading", name="What became of your words")).to_be_visible()


def test_skipping_by_keyboard(page: Page, round_: Round) -> None:
    page.goto(f"/rounds/{round_.key}/")
    tab_to(page, page.locator("summary"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="Too dark to see"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("img", name="The whole photograph")).to_be_visible()
    round_.refresh_from_db()
    assert round_.state == "skipped"


def test_the_first_stop_skips_to_the_content(page: Page, study: Study) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Skip to the content")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
