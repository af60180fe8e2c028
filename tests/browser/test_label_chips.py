"""The input that turns words into chips."""

import pytest
from playwright.sync_api import Locator, Page, expect

from labeling.models import Label, Round
from tests.browser.moves import address, chips, field

pytestmark = pytest.mark.browser


@pytest.fixture
def box(page: Page, round_: Round) -> Locator:
    page.goto(address(round_))
    return field(page)


def hint(page: Page) -> Locator:
    return page.locator("#label-hint")


def enter(box: Locator, *texts: str) -> None:
    for text in texts:
        box.press_sequentially(text)
        box.press("Enter")


def finish(page: Page) -> list[str]:
    page.get_by_text("I can’t tell").click()
    page.get_by_role("button", name="That’s it").click()
    expect(page.get_by_role("img", name="The whole photograph")).to_be_visible()
    return list(Label.objects.values_list("raw", flat=True))


def test_enter_makes_a_chip_and_empties_the_input(page: Page, box: Locator) -> None:
    enter(box, "long tail")
    assert chips(page) == ["long tail"]
    expect(box).to_have_value("")
    expect(hint(page)).to_have_text("Another one, or go on below.")
    assert Label.objects.count() == 0
    assert finish(page) == ["long tail"]


def test_backspace_takes_the_last_one_back(page: Page, box: Locator) -> None:
    enter(box, "long tail", "round eye")
    box.press("Backspace")
    assert chips(page) == ["long tail"]
    expect(box).to_have_value("round eye")
    expect(box).to_be_focused()


def test_a_press_removes_any_and_leaves_what_is_being_typed(page: Page, box: Locator) -> None:
    enter(box, "long tail", "round eye")
    box.press_sequentially("claw")
    page.get_by_role("button", name="Remove long tail").click()
    assert chips(page) == ["round eye"]
    expect(box).to_have_value("claw")
    expect(box).to_be_focused()


def test_a_reload_keeps_them(page: Page, box: Locator) -> None:
    enter(box, "long tail", "round eye")
    page.reload()
    assert chips(page) == ["long tail", "round eye"]


def test_enter_in_the_empty_input_asks_for_a_label(page: Page, box: Locator) -> None:
    box.press("Enter")
    expect(hint(page)).to_contain_text("Say in a word or two what you see")
    expect(box).to_be_focused()


def test_duplicates_are_ignored(page: Page, box: Locator) -> None:
    enter(box, "long tail", "Long Tail")
    assert chips(page) == ["long tail"]
    expect(box).to_have_value("")


def test_a_comma_separates(page: Page, box: Locator) -> None:
    box.press_sequentially("long tail,round")
    assert chips(page) == ["long tail"]
    expect(box).to_have_value("round")
    assert finish(page) == ["long tail", "round"]


def test_three_hide_the_input_and_lead_to_the_guess(page: Page, box: Locator) -> None:
    enter(box, "long tail", "round eye", "claw")
    expect(box).to_be_hidden()
    expect(hint(page)).to_have_text("Now guess the whole picture.")
    expect(page.locator("input[name=guess]").first).to_be_focused()
    page.get_by_role("button", name="Remove claw").click()
    expect(box).to_be_visible()
    expect(box).to_be_focused()


def test_a_fourth_that_is_pasted_is_not_sent_unseen(page: Page, box: Locator) -> None:
    box.fill("tail, eye, claw, beak")
    assert chips(page) == ["tail", "eye", "claw"]
    expect(hint(page)).to_have_text("Three are enough: tap one to remove it.")
    assert finish(page) == ["tail", "eye", "claw"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("x" * 61, "That is long: keep the two or three words that matter."),
        ("a b c d e f", "Five words at most: keep those that matter."),
    ],
)
def test_too_long_says_so_and_stays(page: Page, box: Locator, text: str, sentence: str) -> None:
    box.fill(text)
    expect(hint(page)).to_have_text(sentence)
    box.press("Enter")
    expect(hint(page)).to_have_text(sentence)
    expect(hint(page)).to_have_class("hint error")
    assert chips(page) == []
    expect(box).to_have_value(text)
    box.fill("tail")
    expect(hint(page)).to_contain_text("One to three features")


def test_none_at_all_is_asked_for(page: Page, box: Locator) -> None:
    page.get_by_text("I can’t tell").click()
    page.get_by_role("button", name="That’s it").click()
    expect(hint(page)).to_contain_text("Say in a word or two what you see")
    expect(box).to_be_focused()


def test_markup_is_text(page: Page, box: Locator) -> None:
    enter(box, "<b>tail</b>")
    assert chips(page) == ["<b>tail</b>"]
    expect(page.locator("label-chips b")).to_have_count(0)
