import pytest
from playwright.sync_api import Page, expect

from labeling.models import Label, Round, Study
from tests.browser.moves import field
from tests.browser.watching import Watch

pytestmark = [pytest.mark.browser, pytest.mark.browser_context_args(java_script_enabled=False)]


def test_a_whole_round(page: Page, study: Study) -> None:
    page.goto("/")
    page.get_by_role("button", name="Play").click()
    page.get_by_role("button", name="I agree").click()
    page.get_by_role("button", name="Show more").click()
    expect(page.locator("img[src$='glimpse/1'].arriving")).to_be_visible()
    field(page).fill("long tail, round eye")
    page.get_by_text("I can’t tell").click()
    page.get_by_role("button", name="That’s it").click()
    expect(page.get_by_role("img", name="The whole photograph")).to_be_visible()
    assert list(Label.objects.values_list("raw", flat=True)) == ["long tail", "round eye"]
    page.get_by_role("button", name="Next glimpse").click()
    expect(page.locator(".steps")).to_have_attribute("aria-label", "Round 2 of 5")


def test_a_refusal_keeps_the_labels(page: Page, watch: Watch, round_: Round) -> None:
    watch.expect("422")
    page.goto(f"/rounds/{round_.key}/")
    field(page).fill("a tail, eyes, claws, beaks")
    page.get_by_text("I can’t tell").click()
    page.get_by_role("button", name="That’s it").click()
    expect(page.locator("#label-hint")).to_have_text("Three are enough: keep the ones that fit best.")
    expect(field(page)).to_have_value("a tail, eyes, claws, beaks")


def test_skipping(page: Page, round_: Round) -> None:
    page.goto(f"/rounds/{round_.key}/")
    page.locator("summary").click()
    page.get_by_role("button", name="Nothing I could name").click()
    expect(page.get_by_role("img", name="The whole photograph")).to_be_visible()
