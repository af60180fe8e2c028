"""What is said of a label while it is typed: at once what the page knows, soon what the site knows."""

import pytest
from playwright.sync_api import Locator, Page, expect

from labeling.models import Label, Round
from tests.browser.moves import address, chips, expect_whole_photo, field
from tests.browser.serving import Served
from tests.browser.watching import Watch

pytestmark = pytest.mark.browser
PAUSE_MS = 350
INVITATION = "One to three features"


@pytest.fixture
def box(page: Page, round_: Round) -> Locator:
    page.goto(address(round_))
    return field(page)


def hint(page: Page) -> Locator:
    return page.locator("#label-hint")


def finish(page: Page) -> list[str]:
    page.get_by_text("I can’t tell").click()
    page.get_by_role("button", name="That’s it").click()
    expect_whole_photo(page)
    return list(Label.objects.values_list("raw", flat=True))


def test_an_answer_that_is_typed_is_named_as_one(page: Page, box: Locator, round_: Round) -> None:
    taboo = round_.options[2][1]
    box.press_sequentially(taboo)
    expect(hint(page)).to_contain_text(f"“{taboo}” is one of the answers.")
    expect(hint(page)).to_have_class("hint error")
    expect(box).to_have_class("field wrong")
    expect(box).to_have_attribute("aria-invalid", "true")
    box.fill("long tail")
    expect(hint(page)).to_contain_text(INVITATION)
    expect(box).not_to_have_class("field wrong")
    expect(box).not_to_have_attribute("aria-invalid", "true")


def test_an_answer_as_a_chip_is_marked(page: Page, box: Locator, round_: Round) -> None:
    taboo = round_.options[2][1]
    box.fill(taboo)
    box.press("Enter")
    chip = page.get_by_role("button", name=f"Remove {taboo}")
    expect(chip).to_have_class("chip mine wrong")
    expect(hint(page)).to_contain_text(f"“{taboo}” is one of the answers.")
    chip.click()
    expect(hint(page)).to_contain_text(INVITATION)


@pytest.mark.browser_context_args(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
def test_what_is_wrong_stands_above_the_bar_of_a_phone(page: Page, box: Locator, round_: Round) -> None:
    page.evaluate("scrollTo(0, 0)")
    box.fill(round_.options[2][1])
    box.press("Enter")
    expect(hint(page)).to_have_class("hint error")
    said, bar = hint(page).bounding_box(), page.locator(".actions").bounding_box()
    assert said is not None
    assert bar is not None
    assert said["y"] + said["height"] <= bar["y"] + 1


def test_every_option_is_refused_alike(page: Page, box: Locator, round_: Round) -> None:
    for _, name in round_.options:
        box.fill(name)
        expect(hint(page)).to_have_text(
            f"“{name}” is one of the answers. Describe what you see without naming an answer."
        )


def test_a_suggestion_is_taken_by_a_tap(page: Page, box: Locator) -> None:
    box.press_sequentially("wheeel")
    expect(hint(page)).to_have_text("Did you mean wheel?")
    hint(page).get_by_role("button", name="wheel").click()
    assert chips(page) == ["wheel"]
    assert finish(page) == ["wheel"]


def test_a_suggestion_is_taken_by_keyboard(page: Page, box: Locator) -> None:
    box.press_sequentially("wheeel")
    expect(hint(page)).to_have_text("Did you mean wheel?")
    box.press("Tab")
    expect(hint(page).get_by_role("button", name="wheel")).to_be_focused()
    page.keyboard.press("Enter")
    assert chips(page) == ["wheel"]
    expect(box).to_be_focused()


def test_a_suggestion_for_a_chip_takes_its_place(page: Page, box: Locator) -> None:
    box.fill("long tail")
    box.press("Enter")
    box.fill("wheeel")
    box.press("Enter")
    hint(page).get_by_role("button", name="wheel").click()
    assert chips(page) == ["long tail", "wheel"]


def test_a_suggestion_is_never_forced(page: Page, box: Locator) -> None:
    box.press_sequentially("wheeel")
    expect(hint(page)).to_have_text("Did you mean wheel?")
    box.press("Enter")
    assert chips(page) == ["wheeel"]
    assert finish(page) == ["wheeel"]


def test_a_suggestion_for_what_is_no_longer_there_is_not_made(page: Page, box: Locator) -> None:
    with page.expect_response("**/check"):
        box.press_sequentially("wheeel")
        page.wait_for_timeout(PAUSE_MS)
        box.fill("tail")
    page.wait_for_load_state("networkidle")
    expect(hint(page)).to_contain_text(INVITATION)


def test_a_check_that_fails_says_nothing(page: Page, box: Locator, watch: Watch) -> None:
    watch.expect("500|ERR_FAILED")
    page.route("**/check", lambda route: route.fulfill(status=500))
    box.press_sequentially("wheeel")
    page.wait_for_timeout(2 * PAUSE_MS)
    expect(hint(page)).to_contain_text(INVITATION)
    page.unroute("**/check")
    page.route("**/check", lambda route: route.abort())
    box.fill("rouund")
    box.press("Enter")
    page.wait_for_load_state("networkidle")
    expect(hint(page)).to_have_text("Another one, or go on below.")
    assert finish(page) == ["rouund"]


def test_one_pause_asks_once(page: Page, box: Locator, served: Served, round_: Round) -> None:
    box.press_sequentially("long tail", delay=20)
    page.wait_for_timeout(2 * PAUSE_MS)
    box.press("Enter")  # what has been checked while typed is not asked again as a chip
    page.wait_for_load_state("networkidle")
    assert served.count(f"POST {address(round_)}check") == 1


def test_what_is_being_composed_makes_no_chip(page: Page, box: Locator) -> None:
    typing = page.context.new_cdp_session(page)
    box.focus()
    typing.send("Input.imeSetComposition", {"text": "なが,い", "selectionStart": 4, "selectionEnd": 4})
    box.dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    box.dispatch_event("keydown", {"key": "Enter", "keyCode": 229})
    assert chips(page) == []
    typing.send("Input.insertText", {"text": "長い尾"})
    assert chips(page) == []
    expect(box).to_have_value("長い尾")
    box.press("Enter")
    assert chips(page) == ["長い尾"]


def test_a_list_that_is_pasted_becomes_chips(page: Page, box: Locator) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("navigator.clipboard.writeText(' long tail ,, round eye,claw')")
    box.press("Control+v")
    assert chips(page) == ["long tail", "round eye", "claw"]
    assert finish(page) == ["long tail", "round eye", "claw"]
