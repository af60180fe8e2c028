"""Pages of classes by pointer, by keyboard, on paper and on windows of all sizes."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from labeling.models import Share, Study
from tests.browser.classes import HEN, LONG, MACAW, make_classes
from tests.browser.moves import expect_no_sideways_scroll, expect_pictures
from tests.explained_classes import make_class, make_described, shortcut_of
from tests.factories import make_player
from tests.glimpse.visitors import cookie_of

pytestmark = pytest.mark.browser


@pytest.fixture
def study(transactional_db: None, context: BrowserContext, live_server: LiveServer) -> Study:
    """Its classes have been met by the player of this browser."""
    player = make_player()
    name, value = cookie_of(player)
    context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
    return make_classes(player)


@pytest.fixture
def opened(page: Page, study: Study) -> Page:
    page.goto(f"/studies/{study.slug}/classes/{MACAW}/")
    expect_pictures(page)
    return page


def test_a_dot_leads_to_the_regions_behind_it(opened: Page) -> None:
    opened.get_by_role("link", name="hooked beak: score 12.0").focus()
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert opened.evaluate(outline) != "none"
    opened.keyboard.press("Enter")
    target = opened.locator(".class-label:target")
    expect(target).to_be_in_viewport()
    expect(target.locator("h4")).to_contain_text("hooked beak")
    expect(target.locator("img")).to_have_count(1)
    expect(target).to_contain_text("1 photo that you have not met")


def test_a_picture_leads_to_its_region_on_the_photos_page(opened: Page) -> None:
    opened.locator(".portraits a").first.click()
    expect(opened).to_have_url(re.compile(r"/photos/[\w-]+/\?region=\d+$"))
    expect(opened.locator(".stage img.evidence")).to_be_visible()


def test_one_class_beside_another_and_back(opened: Page, study: Study) -> None:
    opened.get_by_label("Compare with").select_option("hen")
    opened.get_by_role("button", name="Compare").click()
    table = opened.get_by_role("region", name="What separates it from another class").locator("table")
    expect(table.locator(".kind")).to_have_text(["Rather macaw", "Rather hen"])
    expect(table).to_contain_text("red comb")
    table.get_by_role("link", name="hen").click()
    expect(opened.locator("h1")).to_have_text("hen")
    opened.get_by_role("link", name="All classes").click()
    expect(opened.locator(".class-cards a")).to_have_count(2)


def test_on_paper_everything_is_open_and_nothing_can_be_pressed(opened: Page) -> None:
    opened.emulate_media(media="print")
    opened.evaluate("dispatchEvent(new Event('beforeprint'))")
    for folded in ("#trend-table table", "#against-1, #by-layer", "#made-from table"):
        expect(opened.locator(folded).first).to_be_visible()
    expect(opened.locator("button:visible, select:visible, nav:visible")).to_have_count(0)
    assert opened.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    opened.set_viewport_size({"width": 700, "height": 1000})  # A4 between its margins
    expect_no_sideways_scroll(opened)


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_all_of_it_works_without_scripts(opened: Page) -> None:
    opened.locator("summary", has_text="All trends in numbers").click()
    expect(opened.locator("#trend-table tbody tr").first).to_contain_text("hooked beak")
    opened.get_by_role("button", name="Compare").click()
    expect(opened.locator(".contrast").first).to_be_visible()


@pytest.mark.parametrize("width", [320, 768, 1920])
def test_many_layers_and_long_words_fit(page: Page, study: Study, width: int) -> None:
    words = {f"blocks.{n}": [(n, LONG, 2), (n + 50, "black and white stripes", 1)] for n in range(24)}
    wide = make_described(study, words, index=3, layers=24)
    make_class([wide], shortcuts=[shortcut_of([wide], 0, LONG)])
    Study.objects.update(shareable=True)
    share = Share.objects.create(study=study, explained_class=3, revision=1)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"/shared/{share.key}/")
    expect_no_sideways_scroll(page)
    page.locator(".dot").last.focus()
    expect(page.locator(".dot").last).to_be_in_viewport()
    page.goto(f"/studies/{study.slug}/classes/{MACAW}/?with={HEN}")
    expect_no_sideways_scroll(page)
