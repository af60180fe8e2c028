import pytest
from playwright.sync_api import Page, expect

from labeling.models import Label, Round
from tests.browser.moves import address, checked_option, chips, field
from tests.browser.watching import Watch

pytestmark = pytest.mark.browser


def test_a_taboo_label_is_explained_and_everything_kept(page: Page, watch: Watch, round_: Round) -> None:
    watch.expect("422")
    taboo = round_.options[3][1]
    page.goto(address(round_))
    field(page).fill(f"long tail, {taboo}, round")
    page.locator("label.chip").nth(2).click()
    chosen = checked_option(page).get_attribute("value")
    page.get_by_role("button", name="That’s it").click()
    expect(page.locator("#label-hint")).to_contain_text(f"“{taboo}” is one of the answers.")
    assert chips(page) == ["long tail", taboo, "round"]
    expect(checked_option(page)).to_have_value(chosen or "")
    assert Label.objects.count() == 0
    page.get_by_role("button", name=f"Remove {taboo}").click()
    field(page).fill("claw")
    page.get_by_role("button", name="That’s it").click()
    expect(page.get_by_role("img", name="The whole photograph")).to_be_visible()
    assert set(Label.objects.values_list("raw", flat=True)) == {"long tail", "round", "claw"}
