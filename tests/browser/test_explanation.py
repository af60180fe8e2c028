"""Explanations by pointer, by touch, by keyboard and on paper."""

import re

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from labeling.models import Image, Player, Share, Study
from labeling.services.answers import Answer, round_answer
from tests.browser.moves import expect_no_sideways_scroll, expect_pictures
from tests.browser.watching import Watch
from tests.explained import make_explanation
from tests.factories import make_image, make_player, make_round, make_study
from tests.glimpse.visitors import cookie_of

pytestmark = pytest.mark.browser
WORDS = {
    "blocks.0": [(3, "red dots", 3), (7, "beak", 1)],
    "blocks.1": [(7, "beak", 2)],
    "blocks.2": [(9, "red plumage", 2)],
}


@pytest.fixture
def image(transactional_db: None, context: BrowserContext, live_server: LiveServer) -> Image:
    """Of three layers with words, seen by the player of this browser."""
    study = make_study(rounds_per_game=1)
    image = make_image(study, layers=3)
    player: Player = make_player(study)
    round_answer(round_=make_round(study, player), answer=Answer(("beak",), 1))
    name, value = cookie_of(player)
    context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
    make_explanation(image, WORDS)
    return image


@pytest.fixture
def opened(page: Page, image: Image) -> Page:
    page.goto(f"/photos/{image.key}/")
    expect_pictures(page)
    return page


def evidence(page: Page) -> Locator:
    return page.locator(".stage img.evidence")


def region(page: Page, name: str) -> Locator:
    return page.locator(".region a", has_text=re.compile(f"^{name}$"))


def expect_lit(page: Page, image: Image, layer: str, index: int = 0) -> None:
    pk = image.regions.get(layer=layer, index=index).pk
    expect(evidence(page)).to_be_visible()
    expect(evidence(page)).to_have_attribute("src", f"/photos/{image.key}/evidence/{pk}")
    expect(page.locator("[data-caption]")).to_contain_text(layer)


def test_pointing_lights_a_region_and_leaving_lights_the_photo(opened: Page, image: Image) -> None:
    expect(evidence(opened)).to_be_hidden()
    region(opened, "red plumage").hover()
    expect_lit(opened, image, "blocks.2")
    expect(opened.locator("[data-caption] strong")).to_have_text("red plumage")
    opened.locator(".strip a").nth(2).hover()
    expect_lit(opened, image, "blocks.0")
    opened.locator("h1").hover()
    expect(evidence(opened)).to_be_hidden()
    expect(opened.locator("[data-caption]")).to_contain_text("Point at a region")


def test_a_chosen_region_stays_lit_and_in_the_address(opened: Page, image: Image) -> None:
    region(opened, "beak").click()
    opened.locator("h1").hover()
    expect_lit(opened, image, "blocks.1")
    expect(region(opened, "beak")).to_have_attribute("aria-current", "true")
    expect(opened.locator(".strip a").nth(1)).to_have_attribute("aria-current", "true")
    expect(opened.locator("#said")).to_contain_text("beak")
    opened.reload()
    expect_lit(opened, image, "blocks.1")
    opened.keyboard.press("Tab")
    opened.keyboard.press("Escape")
    expect(evidence(opened)).to_be_hidden()
    expect(opened.locator(".region a[aria-current]")).to_have_count(0)


@pytest.mark.browser_context_args(viewport={"width": 390, "height": 780}, has_touch=True, is_mobile=True)
def test_a_tap_lights_a_region_beside_the_photograph(opened: Page, image: Image) -> None:
    region(opened, "red dots").tap()
    expect_lit(opened, image, "blocks.0")
    expect(evidence(opened)).to_be_in_viewport()
    expect(region(opened, "red dots")).to_be_in_viewport()


def test_arrow_keys_lead_from_region_to_region(opened: Page, image: Image) -> None:
    keys = opened.keyboard
    region(opened, "red plumage").focus()
    keys.press("ArrowDown")
    expect_lit(opened, image, "blocks.2", index=1)
    keys.press("ArrowLeft")
    expect_lit(opened, image, "blocks.2", index=1)
    keys.press("ArrowDown")
    expect(region(opened, "beak")).to_be_focused()
    expect_lit(opened, image, "blocks.1")
    for _ in range(3):
        keys.press("ArrowUp")
    expect(opened.locator(".strip a").first).to_be_focused()
    keys.press("ArrowRight")
    expect_lit(opened, image, "blocks.1")
    outline = "link => getComputedStyle(link).outlineStyle"
    assert opened.locator(".strip a").nth(1).evaluate(outline) != "none"


def test_a_label_lights_its_layers(opened: Page) -> None:
    lit = opened.locator(".strip-layer.lit [data-name]")
    opened.locator("[data-label='7']").click()
    expect(lit).to_have_text(["beak", "red dots"])
    expect(opened.locator("figure.path:visible")).to_have_attribute("data-path", "7")
    expect(opened.locator(".region.lit [data-name]")).to_have_text(["beak", "red dots"])
    opened.locator("summary", has_text="“beak” in numbers").click()
    expect(opened.locator("[data-path='7'] tbody tr")).to_have_count(2)
    opened.reload()
    expect(opened.locator("[data-label='7']")).to_have_attribute("aria-current", "true")
    expect(lit).to_have_text(["beak", "red dots"])


def test_news_take_nothing_away(opened: Page, image: Image) -> None:
    """What is chosen, followed, open and in focus stays so when a new revision arrives by itself."""
    opened.locator("[data-label='7']").click()
    opened.locator("summary", has_text="speaks against it").first.click()
    region(opened, "beak").click()
    newer = {**WORDS, "blocks.2": [(9, "crimson plumage", 4)]}
    make_explanation(image, newer, revision=2)
    expect(region(opened, "crimson plumage")).to_be_visible()
    expect_lit(opened, image, "blocks.1")
    expect(region(opened, "beak")).to_be_focused()
    expect(region(opened, "beak")).to_have_attribute("aria-current", "true")
    expect(opened.locator("figure.path:visible")).to_have_attribute("data-path", "7")
    expect(opened.locator("details#against-1")).to_have_attribute("open", "")


def test_on_paper_everything_is_open_and_nothing_can_be_pressed(opened: Page) -> None:
    opened.emulate_media(media="print")
    opened.evaluate("dispatchEvent(new Event('beforeprint'))")
    for folded in ("details#made-from table", "details#against-1 img", "[data-path='3'] table"):
        expect(opened.locator(folded).first).to_be_visible()
    expect(opened.locator("figure.path:visible")).to_have_count(3)
    expect(opened.locator("button:visible, .bar form:visible, .chip:visible, nav:visible")).to_have_count(0)
    ground, text = (f"getComputedStyle(document.body).{name}" for name in ("backgroundColor", "color"))
    assert opened.evaluate(ground) == "rgb(255, 255, 255)"
    assert opened.evaluate(text) == "rgb(0, 0, 0)"
    opened.evaluate("dispatchEvent(new Event('afterprint'))")
    assert opened.locator("details[open]").count() == 0
    assert len(opened.pdf()) > 10_000


def test_a_shared_page_works_alike_for_anybody(
    image: Image, context: BrowserContext, page: Page, watch: Watch
) -> None:
    Study.objects.update(shareable=True)
    share = Share.objects.create(study=image.study, image=image, revision=1)
    context.clear_cookies()
    page.goto(f"/shared/{share.key}/")
    region(page, "beak").hover()
    pk = image.regions.get(layer="blocks.1", index=0).pk
    expect(evidence(page)).to_have_attribute("src", f"/shared/{share.key}/evidence/{pk}")
    region(page, "beak").click()
    page.reload()
    expect(evidence(page)).to_be_visible()
    assert context.cookies() == []


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_without_scripts_regions_and_labels_are_links(page: Page, image: Image) -> None:
    page.goto(f"/photos/{image.key}/")
    region(page, "beak").click()
    expect(evidence(page)).to_be_visible()
    page.locator("[data-label='7']").click()
    expect(page.locator("figure.path:visible")).to_have_attribute("data-path", "7")


@pytest.mark.parametrize("width", [320, 768, 1920])
def test_many_layers_and_long_words_fit(page: Page, image: Image, width: int) -> None:
    wide = make_image(image.study, layers=24, regions=5)
    words = {f"blocks.{n}": [(n, "w" * 60, 2), (n + 50, "black and white stripes", 1)] for n in range(24)}
    make_explanation(wide, words)
    Study.objects.update(shareable=True)
    share = Share.objects.create(study=wide.study, image=wide, revision=1)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"/shared/{share.key}/")
    expect_no_sideways_scroll(page)
    page.locator(".strip a").last.focus()
    expect(page.locator(".strip a").last).to_be_in_viewport()


def test_all_that_people_typed_opens_without_choosing_the_region(page: Page, image: Image) -> None:
    label = image.rounds.get().labels.get()
    region = image.regions.get(layer="blocks.2", index=0)
    type(label).objects.update(region=region, raw="a long black beak")
    make_explanation(image, WORDS, revision=2)
    page.goto(f"/photos/{image.key}/")
    typed = page.locator(f"#typed-{region.pk}")
    typed.locator("summary").click()
    expect(typed.locator("q")).to_have_text(["a long black beak"])
    expect(page.locator(".region a[aria-current]")).to_have_count(0)
    make_explanation(image, WORDS, revision=3)
    expect(page.locator("#layers")).to_contain_text("Revision 3")
    expect(typed.locator("q")).to_be_visible()
