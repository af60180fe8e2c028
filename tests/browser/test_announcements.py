"""What a screen reader hears, and where the focus is, when something changes without a new page."""

import pytest
from playwright.sync_api import Locator, Page, expect

from labeling.models import Image, Round, Study
from tests.browser.moves import DOUBLE_TAP_MS, address, answer, field
from tests.browser.watching import Watch
from tests.browser.world import make_showcase

pytestmark = pytest.mark.browser


def live(page: Page) -> Locator:
    return page.locator("#said")


def expect_said(page: Page, text: str) -> None:
    """In a region that was there before, as only such ones are listened to."""
    expect(live(page)).to_have_text(text)
    assert page.evaluate("document.getElementById('said') === window.heard")


@pytest.fixture
def listener(page: Page, round_: Round) -> Page:
    page.goto(address(round_))
    page.evaluate("window.heard = document.getElementById('said')")
    expect(live(page)).to_have_attribute("role", "status")
    return page


def test_a_step_is_told(listener: Page) -> None:
    listener.get_by_role("button", name="Show more").click()
    expect_said(listener, "Step 2 of 6. a right guess is worth 85 points")


def test_the_last_step_is_told_and_the_focus_goes_on(listener: Page, round_: Round) -> None:
    for level in range(2, 7):
        listener.get_by_role("button", name="Show more").press("Enter")
        expect(live(listener)).to_contain_text(f"Step {level} of 6.")
        expect(listener.locator(".htmx-added, .htmx-settling, .htmx-request")).to_have_count(0)
    expect(listener.get_by_role("button", name="Show more")).to_have_count(0)
    expect(listener.locator("#stage")).to_contain_text("That is all")
    listener.keyboard.press("Tab")
    expect(field(listener)).to_be_focused()


def test_a_refusal_is_told(listener: Page, watch: Watch, round_: Round) -> None:
    watch.expect("422")
    taboo = round_.options[3][1]
    field(listener).fill(taboo)
    listener.get_by_text("I can’t tell").click()
    listener.get_by_role("button", name="That’s it").click()
    expect_said(listener, f"“{taboo}” is one of the answers. Describe what you see without naming an answer.")


def test_hints_are_told_in_one_line_that_stays(listener: Page) -> None:
    listener.evaluate("window.hint = document.getElementById('label-hint')")
    expect(listener.locator("#label-hint")).to_have_attribute("aria-live", "polite")
    field(listener).press_sequentially("wheeel")
    expect(listener.locator("#label-hint")).to_have_text("Did you mean wheel?")
    assert listener.evaluate("window.hint === document.getElementById('label-hint')")


def test_a_guess_that_is_missing_leads_to_the_options(listener: Page, watch: Watch) -> None:
    watch.expect("422")
    field(listener).fill("long tail")
    listener.get_by_role("button", name="That’s it").press("Enter")
    expect(listener.locator("#guess-hint")).to_contain_text("Choose what the whole picture may be")
    expect(listener.locator("input[name=guess]").first).to_be_focused()
    expect(listener.get_by_role("group", name="And the whole picture is…")).to_have_attribute(
        "aria-describedby", "guess-hint"
    )


def test_a_result_tells_its_answer_in_the_title(listener: Page, round_: Round) -> None:
    answer(listener)
    expect(listener).to_have_title(f"It is: {round_.image.answer_name} · Glimpse")
    expect(listener.get_by_role("heading", level=1)).to_have_text(f"It is: {round_.image.answer_name}.")


def test_the_next_round_is_told_and_begun_at_its_top(listener: Page) -> None:
    answer(listener)
    listener.wait_for_load_state("networkidle")
    listener.evaluate("window.heard = document.getElementById('said')")
    listener.get_by_role("button", name="Next glimpse").press("Enter")
    expect_said(listener, "Step 1 of 6. a right guess is worth 100 points")
    expect(listener.locator("main")).to_be_focused()
    listener.keyboard.press("Tab")
    expect(listener.get_by_role("button", name="Show more")).to_be_focused()


def test_a_report_is_thanked_for_where_it_was_made(listener: Page) -> None:
    answer(listener)
    listener.locator("summary").filter(has_text="Report").press("Enter")
    listener.locator(".report button").first.press("Enter")
    expect(listener.get_by_text("Thank you. The people who run this study")).to_be_focused()


def test_the_first_glimpse_keeps_the_focus_and_then_tells_what_it_was(page: Page, study: Study) -> None:
    image: Image = make_showcase(study)
    page.goto("/")
    page.get_by_role("button", name="Show more").press("Enter")
    expect(page.locator("#first img[src$='glimpse/1']")).to_be_visible()
    expect(page.get_by_role("button", name="Show more")).to_be_focused()
    page.wait_for_timeout(DOUBLE_TAP_MS)
    page.locator("#first").get_by_role("button", name=image.answer_name).press("Enter")
    verdict = page.locator("#first figcaption")
    expect(verdict).to_contain_text(f"Yes: {image.answer_name}.")
    expect(verdict).to_be_focused()
