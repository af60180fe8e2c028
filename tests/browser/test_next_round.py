"""The next round is fetched while the result is read; nothing of that is doubled or lost."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from labeling.models import Game, Label, Round
from tests.browser.moves import (
    DOUBLE_TAP_MS,
    address,
    answer,
    expect_pictures,
    expect_round,
    expect_whole_photo,
    field,
)  # fmt: skip
from tests.browser.serving import Served
from tests.browser.watching import Watch

pytestmark = pytest.mark.browser
MILLISECONDS_TO_THE_NEXT = """() => new Promise((resolve, reject) => {
  const seen = location.pathname;
  const pressed = performance.now();
  document.querySelector("next-glimpse button").click();
  const look = () => {
    const picture = document.querySelector("#stage img.arriving");
    const isThere = location.pathname !== seen && picture?.complete && picture.naturalWidth;
    if (isThere && !picture.classList.contains("loading")) resolve(performance.now() - pressed);
    else if (performance.now() - pressed > 5000) reject(new Error("no next round"));
    else requestAnimationFrame(look);
  };
  look();
})"""


@pytest.fixture
def ready(page: Page, round_: Round, served: Served) -> Page:
    """The page of a first result, with the second round fetched."""
    page.goto(address(round_))
    with page.expect_response(lambda response: _is_glimpse_of_another(response.url, round_)):
        answer(page)
    page.wait_for_load_state("networkidle")
    assert Round.objects.count() == 2
    served.requests.clear()
    return page


def _is_glimpse_of_another(url: str, round_: Round) -> bool:
    return url.endswith("/glimpse/0") and round_.key not in url


def press_next(page: Page) -> None:
    page.get_by_role("button", name="Next glimpse").click()


def second() -> Round:
    return Round.objects.get(number=2)


def test_it_is_there_at_once(ready: Page, served: Served) -> None:
    milliseconds = ready.evaluate(MILLISECONDS_TO_THE_NEXT)
    print(f"next round visible {milliseconds:.0f} ms after the click")
    expect(ready).to_have_url(ready.url)
    assert ready.url.endswith(address(second()))
    expect(ready).to_have_title("Round 2 · Glimpse")
    expect_round(ready, 2)
    expect(ready.locator("main")).to_be_focused()
    assert ready.evaluate("scrollY") == 0
    expect_pictures(ready)
    ready.wait_for_load_state("networkidle")
    assert served.requests == []


def test_it_is_played_like_any_other(ready: Page) -> None:
    press_next(ready)
    ready.wait_for_timeout(DOUBLE_TAP_MS)
    ready.get_by_role("button", name="Show more").click()
    expect(ready.locator("img[src$='glimpse/1'].arriving")).to_be_visible()
    answer(ready, "round eye")
    assert ready.url.endswith(address(second()))
    assert list(Label.objects.values_list("round__number", "raw")) == [(1, "long tail"), (2, "round eye")]
    seconds = second().seconds
    assert seconds is not None
    assert 0 < seconds < 10


def test_back_and_forward_show_what_their_addresses_say(ready: Page) -> None:
    press_next(ready)
    expect_round(ready, 2)
    ready.go_back()
    expect_whole_photo(ready)
    ready.go_forward()
    expect(ready).to_have_title("Round 2 · Glimpse")
    expect(field(ready)).to_be_visible()
    assert Round.objects.count() == 2


def test_a_link_within_the_page_is_no_step_back(ready: Page) -> None:
    press_next(ready)
    field(ready).fill("half a w")
    ready.get_by_role("link", name="Skip to the content").press("Enter")
    ready.go_back()
    expect(field(ready)).to_have_value("half a w")


def test_a_reload_shows_the_same_round(ready: Page) -> None:
    press_next(ready)
    ready.reload()
    expect(ready).to_have_title("Round 2 · Glimpse")
    expect(field(ready)).to_be_visible()
    assert Round.objects.count() == 2


def test_two_tabs_go_on_to_the_same_round(ready: Page, context: BrowserContext) -> None:
    other = context.new_page()
    other.goto(ready.url)
    other.wait_for_load_state("networkidle")
    for tab in (ready, other):
        tab.bring_to_front()
        press_next(tab)
        expect_round(tab, 2)
        assert tab.url.endswith(address(second()))
    answer(other, "round eye")
    ready.bring_to_front()
    answer(ready, "late word")
    assert list(Label.objects.values_list("raw", flat=True)) == ["long tail", "round eye"]


def test_a_double_press_goes_on_once(ready: Page) -> None:
    before = ready.evaluate("history.length")
    ready.get_by_role("button", name="Next glimpse").dblclick()
    expect_round(ready, 2)
    assert ready.evaluate("history.length") == before + 1
    assert Round.objects.count() == 2


@pytest.mark.parametrize("lost", ["**/games/*/next", "**/rounds/*/glimpse/0"])
def test_one_that_does_not_come_is_fetched_at_the_press(
    page: Page, watch: Watch, round_: Round, lost: str
) -> None:
    watch.expect("net::ERR_FAILED")
    page.goto(address(round_))
    page.route(lost, lambda route: route.abort())
    answer(page)
    page.wait_for_load_state("networkidle")
    page.unroute(lost)
    press_next(page)
    expect_round(page, 2)
    expect_pictures(page)
    assert page.url.endswith(address(second()))
    assert Round.objects.count() == 2


def test_whoever_leaves_after_the_result_gets_the_same_round_later(ready: Page) -> None:
    waiting = second()
    ready.goto("/")
    ready.get_by_role("button", name="Play").click()
    expect_round(ready, 2)
    assert ready.url.endswith(address(waiting))
    assert Round.objects.count() == 2


def test_the_last_result_leads_to_the_summary(page: Page, round_: Round, served: Served) -> None:
    study = round_.game.study
    study.rounds_per_game = 1
    study.save()
    page.goto(address(round_))
    answer(page)
    page.wait_for_load_state("networkidle")
    assert served.count(f"POST /games/{round_.game.key}/next") == 0
    page.get_by_role("button", name="See your game").click()
    expect(page.get_by_role("heading", name="of 1 pictures guessed")).to_be_visible()
    assert Game.objects.count() == Round.objects.count() == 1
