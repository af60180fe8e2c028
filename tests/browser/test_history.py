"""Reload, back and a second tab never double anything."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from labeling.models import Consent, Game, Label, Player, Round, Study
from tests.browser.moves import address, answer, expect_round, expect_whole_photo, field

pytestmark = pytest.mark.browser


def counts() -> list[int]:
    return [model.objects.count() for model in (Player, Consent, Game, Round, Label)]


def test_reloading_an_open_round_changes_nothing(page: Page, round_: Round) -> None:
    page.goto(address(round_))
    page.get_by_role("button", name="Show more").click()
    expect(page.locator("img[src$='glimpse/1'].arriving")).to_be_visible()
    page.reload()
    expect(page.locator("img[src$='glimpse/1'].arriving")).to_be_visible()
    assert counts() == [1, 1, 1, 1, 0]


def test_going_back_after_an_answer_answers_nothing_again(page: Page, study: Study) -> None:
    page.goto("/")
    page.get_by_role("button", name="Play").click()
    page.get_by_role("button", name="I agree").click()
    answer(page)
    page.reload()
    expect_whole_photo(page)
    page.go_back()
    page.go_forward()
    page.wait_for_load_state("networkidle")  # the result leases the next round ahead
    assert counts() == [1, 1, 1, 2, 1]
    page.goto("/")
    page.get_by_role("button", name="Play").click()
    expect_round(page, 2)
    page.go_back()
    page.get_by_role("button", name="Play").click()
    expect_round(page, 2)
    assert counts() == [1, 1, 1, 2, 1]


def test_two_tabs_answer_one_round_once(context: BrowserContext, page: Page, round_: Round) -> None:
    second = context.new_page()
    for tab in (page, second):
        tab.goto(address(round_))
    page.bring_to_front()
    answer(page, "long tail")
    second.bring_to_front()
    answer(second, "round eye")
    assert list(Label.objects.values_list("raw", flat=True)) == ["long tail"]


def test_a_double_press_answers_once(page: Page, round_: Round) -> None:
    page.goto(address(round_))
    field(page).fill("long tail")
    page.get_by_text("I can’t tell").click()
    page.get_by_role("button", name="That’s it").dblclick()
    expect_whole_photo(page)
    page.wait_for_load_state("networkidle")
    assert counts() == [1, 1, 1, 2, 1]
