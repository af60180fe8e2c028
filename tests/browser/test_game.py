"""A whole game, from the front page to its summary."""

import pytest
from playwright.sync_api import Page, expect

from labeling.models import Consent, Game, Label, Player, Round, Study
from tests.browser.moves import expect_no_sideways_scroll, expect_pictures, field, press

pytestmark = pytest.mark.browser
on_a_phone = pytest.mark.browser_context_args.with_args(
    viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True, device_scale_factor=2
)


def play_a_game(page: Page, *, touch: bool) -> None:
    page.goto("/")
    expect_no_sideways_scroll(page)
    press(page.get_by_role("button", name="Play"), touch=touch)
    expect(page.get_by_text("What we keep, and for how long.")).to_be_visible()
    expect_no_sideways_scroll(page)
    press(page.get_by_role("button", name="I agree"), touch=touch)
    for number in range(1, 6):
        play_round(page, number, touch=touch)
    expect(page.get_by_role("heading", name="of 5 pictures guessed")).to_be_visible()
    expect_no_sideways_scroll(page)


def play_round(page: Page, number: int, *, touch: bool) -> None:
    expect(page.locator(".steps")).to_have_attribute("aria-label", f"Round {number} of 5")
    expect_pictures(page)
    expect_no_sideways_scroll(page)
    field(page).fill(f"long tail, thing {number}")
    press(page.locator("label.chip").nth(number), touch=touch)
    press(page.get_by_role("button", name="That’s it"), touch=touch)
    expect(page.get_by_role("img", name="The whole photograph")).to_be_visible()
    expect_pictures(page)
    expect_no_sideways_scroll(page)
    press(page.get_by_role("button", name="See your game" if number == 5 else "Next glimpse"), touch=touch)


def test_it_plays_with_a_mouse(page: Page, study: Study) -> None:
    play_a_game(page, touch=False)
    expect_one_whole_game()


@on_a_phone
def test_it_plays_on_a_phone(page: Page, study: Study) -> None:
    play_a_game(page, touch=True)
    expect_one_whole_game()


@on_a_phone
def test_a_thumb_reaches_what_ends_a_round(page: Page, round_: Round) -> None:
    page.goto(f"/rounds/{round_.key}/")
    button = page.get_by_role("button", name="That’s it")
    expect(button).to_be_in_viewport(ratio=1)
    for target in page.locator("button:visible, label.chip, summary").all():
        box = target.bounding_box()
        assert box is not None
        assert box["height"] >= 44


def expect_one_whole_game() -> None:
    assert Player.objects.count() == Consent.objects.count() == 1
    assert Game.objects.get().finished_at is not None
    assert Round.objects.filter(state="answered").count() == Round.objects.count() == 5
    assert Label.objects.count() == 10
    assert len(set(Round.objects.values_list("image", flat=True))) == 5
