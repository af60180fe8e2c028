"""Every page in the narrowest window and in both themes."""

from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from labeling.models import Player, Round, Study
from labeling.services.answers import Answer, round_answer
from labeling.services.rounds import round_next
from tests.browser.moves import expect_no_sideways_scroll, field
from tests.browser.watching import Watch

pytestmark = pytest.mark.browser
FONT_ARRIVED = "document.fonts.load('16px \"Bricolage Grotesque\"').then(found => found.length === 1)"
NARROW = {"viewport": {"width": 320, "height": 640}}


@pytest.fixture
def addresses(study: Study, player: Player, round_: Round) -> list[str]:
    """One of every page, the open round last."""
    study.display_names = {"castle": "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"}
    study.save()
    round_answer(round_=round_, answer=Answer(("w" * 60,), round_.image.true_class))
    open_round = round_next(game=round_.game)
    assert open_round is not None
    return [
        "/",
        f"/studies/{study.slug}/consent",
        f"/rounds/{round_.key}/",
        f"/photos/{round_.image.key}/",
        f"/games/{round_.game.key}/waiting",
        f"/games/{round_.game.key}/summary",
        "/nothing",
        "/admin/login/",
        f"/rounds/{open_round.key}/",
    ]


@pytest.mark.browser_context_args(**NARROW)
def test_nothing_scrolls_sideways(page: Page, watch: Watch, addresses: list[str]) -> None:
    watch.expect("404|422")
    for address in addresses:
        page.goto(address)
        expect_no_sideways_scroll(page)
    field(page).fill("w" * 61)
    page.get_by_text("I can’t tell").click()
    page.get_by_role("button", name="That’s it").click()
    expect(page.locator("#label-hint")).to_contain_text("That is too long.")
    expect_no_sideways_scroll(page)


@pytest.mark.parametrize(
    ("theme", "ground", "text"),
    [
        ("light", "rgb(246, 243, 236)", "rgb(26, 29, 36)"),
        ("dark", "rgb(14, 16, 20)", "rgb(238, 240, 244)"),
    ],
)
def test_both_themes_render(
    page: Page, watch: Watch, addresses: list[str], theme: Literal["light", "dark"], ground: str, text: str
) -> None:
    watch.expect("404")
    page.emulate_media(color_scheme=theme)
    for address in addresses:
        if address.startswith("/admin"):
            continue
        page.goto(address)
        expect(page.locator("body")).to_have_css("background-color", ground)
        expect(page.locator("body")).to_have_css("color", text)
        assert page.evaluate(FONT_ARRIVED)
