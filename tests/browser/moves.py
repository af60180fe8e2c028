"""What people do on the pages, and what must hold on every page that they see."""

import time

from playwright.sync_api import Locator, Page, expect

from labeling.models import Round

DOUBLE_TAP_MS = 400  # a button that arrives under a finger is not pressed before
MISSING_PICTURES = """[...document.images]
    .filter(picture => picture.loading !== "lazy" && !(picture.complete && picture.naturalWidth))
    .map(picture => picture.src)"""
TABS = 60  # more than any page has stops


def address(round_: Round) -> str:
    return f"/rounds/{round_.key}/"


def press(target: Locator, *, touch: bool) -> None:
    if touch:
        target.tap()
    else:
        target.click()


def field(page: Page) -> Locator:
    return page.get_by_label("What do you see?")


def chips(page: Page) -> list[str]:
    return [text.removesuffix(" ×") for text in page.locator("button.chip.mine").all_inner_texts()]


def answer(page: Page, *labels: str) -> None:
    """Say what is there, guess nothing, and see what it was."""
    field(page).fill(", ".join(labels or ("long tail",)))
    page.get_by_text("I can’t tell").click()
    page.get_by_role("button", name="That’s it").click()
    expect_whole_photo(page)


def expect_whole_photo(page: Page) -> None:
    expect(page.get_by_role("img", name="The whole photograph")).to_be_visible()


def expect_round(page: Page, number: int) -> None:
    expect(page.locator(".steps")).to_have_attribute("aria-label", f"Round {number} of 5")


def checked_option(page: Page) -> Locator:
    return page.locator("input[name=guess]:checked")


def expect_no_sideways_scroll(page: Page) -> None:
    width, wanted = page.evaluate(
        "[document.documentElement.clientWidth, document.documentElement.scrollWidth]"
    )
    assert wanted <= width, f"{page.url} is {wanted} px wide in a window of {width}"


def expect_pictures(page: Page) -> None:
    """Every picture that is not lazy has arrived, or arrives soon; some may be exchanged at this moment."""
    deadline = time.monotonic() + 5
    while missing := page.evaluate(MISSING_PICTURES):
        assert time.monotonic() < deadline, missing
        page.wait_for_timeout(50)


def tab_to(page: Page, target: Locator) -> None:
    """Reach a control by the tab key alone; where the focus is must show."""
    for _ in range(TABS):
        page.keyboard.press("Tab")
        if target.evaluate("target => target === document.activeElement"):
            shown = "target => getComputedStyle(target.closest('.chip') ?? target).outlineStyle"
            assert target.evaluate(shown) != "none"
            return
    raise AssertionError(f"{target} cannot be reached by keyboard")
