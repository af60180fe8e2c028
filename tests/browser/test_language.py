"""English and Italian: what is chosen is remembered, and labels keep the language that they were typed in."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from labeling.models import Label, Player, Study
from tests.browser.moves import field
from tests.factories import CLASS_NAMES

pytestmark = pytest.mark.browser
in_italy = pytest.mark.browser_context_args(locale="it-IT")


def lang(page: Page) -> str:
    return str(page.evaluate("document.documentElement.lang"))


def choose(page: Page, language: str) -> None:
    page.locator(".languages").get_by_role("button", name=language).click()


@in_italy
def test_a_browser_that_asks_for_italian_gets_it(page: Page, study: Study) -> None:
    page.goto("/")
    assert lang(page) == "it"
    expect(page.get_by_role("button", name="Gioca")).to_be_visible()


@pytest.mark.browser_context_args(locale="de-DE")
def test_others_get_english(page: Page, study: Study) -> None:
    page.goto("/")
    assert lang(page) == "en"
    expect(page.get_by_role("button", name="Play")).to_be_visible()


@in_italy
def test_a_choice_is_remembered_against_what_the_browser_asks_for(
    page: Page, context: BrowserContext, study: Study
) -> None:
    page.goto("/points")
    choose(page, "English")
    assert page.url.endswith("/points")
    assert lang(page) == "en"
    expect(page.locator(".languages [aria-current]")).to_have_text("English")
    later = context.new_page()
    later.goto("/")
    assert lang(later) == "en"
    [cookie] = [one for one in context.cookies() if one["name"] == "django_language"]
    assert cookie["value"] == "en"
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"
    assert cookie["expires"] - later.evaluate("Date.now() / 1000") > 300 * 24 * 3600


def test_a_player_takes_it_into_the_game(page: Page, study: Study) -> None:
    study.display_names = {name: {"en": name, "it": f"{name} all’italiana"} for name in CLASS_NAMES}
    study.save()
    page.goto("/")
    choose(page, "Italiano")
    page.get_by_role("button", name="Gioca").click()
    page.locator("main form .go").click()
    page.wait_for_url("**/rounds/*/")
    assert lang(page) == "it"
    assert Player.objects.get().language == "it"
    names = page.locator("label.chip:not(.unsure)").all_inner_texts()
    assert len(names) == 10
    assert all(name.endswith("all’italiana") for name in names)
    page.locator("#label").fill("coda lunga")
    page.locator("label.chip.unsure").click()
    page.locator("button[form=answer]").click()
    expect(page.locator("img.evidence")).to_be_visible()
    assert Label.objects.get().language == "it"


def test_labels_keep_their_language(page: Page, study: Study, player: Player) -> None:
    page.goto("/")
    page.get_by_role("button", name="Play").click()
    field(page).fill("long tail")
    page.get_by_text("I can’t tell").click()
    page.get_by_role("button", name="That’s it").click()
    expect(page.locator("img.evidence")).to_be_visible()
    page.goto("/me/")
    choose(page, "Italiano")
    expect(page.get_by_role("link", name="“long tail”")).to_be_visible()
    player.refresh_from_db()
    assert player.language == "it"
    label = Label.objects.get()
    assert (label.raw, label.language) == ("long tail", "en")
