"""Without a connection an answer is kept in the browser, and sent once when there is one again."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from labeling.models import Label, Round
from tests.browser.moves import address, answer, expect_round, expect_whole_photo, field
from tests.browser.serving import Served
from tests.browser.watching import Watch

pytestmark = pytest.mark.browser
SENT_AGAIN_MS = 10_000  # more than the pause between two attempts
KEPT = "JSON.parse(localStorage.getItem('glimpse-answers') ?? '[]').length"


@pytest.fixture
def go(context: BrowserContext, watch: Watch) -> Callable[..., None]:
    """Take the connection away, or give it back."""
    watch.expect("ERR_INTERNET_DISCONNECTED|ERR_FAILED|htmx:(afterRequest|sendError)|fetching the script")

    def go(*, offline: bool) -> None:
        context.set_offline(offline)

    return go


@pytest.fixture
def kept(page: Page, round_: Round, go: Callable[..., None]) -> Page:
    """A page of the game whose answer could not be sent."""
    page.goto(address(round_))
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    go(offline=True)
    send(page)
    expect(toast(page)).to_contain_text("Your answer could not be sent yet.")
    return page


def send(page: Page) -> None:
    field(page).fill("long tail")
    page.get_by_text("I can’t tell").click()
    page.get_by_role("button", name="That’s it").click()


def expect_sent(page: Page) -> None:
    expect(page.get_by_role("img", name="The whole photograph")).to_be_visible(timeout=SENT_AGAIN_MS)
    page.wait_for_load_state("networkidle")


def toast(page: Page) -> Locator:
    return page.locator("kept-answers")


def labels() -> list[str]:
    return list(Label.objects.values_list("raw", flat=True))


def test_it_goes_out_by_itself_and_shows_what_it_was(
    kept: Page, go: Callable[..., None], served: Served, round_: Round
) -> None:
    assert labels() == []
    go(offline=False)
    expect_sent(kept)
    assert served.count(f"POST {address(round_)}answer") == 1
    assert labels() == ["long tail"]
    assert kept.evaluate(KEPT) == 0


def test_it_survives_that_the_page_is_left(kept: Page, go: Callable[..., None]) -> None:
    kept.goto("/")
    expect(kept.get_by_role("heading", name="No connection")).to_be_visible()
    assert kept.evaluate(KEPT) == 1
    kept.goto("about:blank")
    go(offline=False)
    kept.goto("/points")
    expect(toast(kept)).to_contain_text("Your answer has arrived.")
    toast(kept).get_by_role("link", name="See what it was").click()
    expect_whole_photo(kept)
    assert kept.evaluate(KEPT) == 0
    assert labels() == ["long tail"]


def test_the_page_without_connection_sends_it_too(
    kept: Page, context: BrowserContext, go: Callable[..., None]
) -> None:
    """From what the service worker keeps alone, whatever the browser has in its own cache."""
    context.new_cdp_session(kept).send("Network.clearBrowserCache")
    kept.reload()
    expect(kept.get_by_role("heading", name="No connection")).to_be_visible()
    go(offline=False)
    expect_sent(kept)
    assert labels() == ["long tail"]


def test_it_survives_that_the_window_is_closed(
    kept: Page, context: BrowserContext, go: Callable[..., None], served: Served, round_: Round
) -> None:
    kept.close()
    go(offline=False)
    later = context.new_page()
    later.goto("/")
    expect(toast(later)).to_contain_text("Your answer has arrived.")
    assert served.count(f"POST {address(round_)}answer") == 1
    assert labels() == ["long tail"]


def test_two_tabs_send_it_once(
    page: Page, context: BrowserContext, go: Callable[..., None], served: Served, round_: Round
) -> None:
    other = context.new_page()
    other.goto("/points")
    page.goto(address(round_))
    page.bring_to_front()
    go(offline=True)
    send(page)
    expect(toast(page)).to_contain_text("could not be sent yet")
    go(offline=False)  # which both of them hear
    expect_sent(page)
    other.wait_for_timeout(1000)
    assert served.count(f"POST {address(round_)}answer") == 1
    assert labels() == ["long tail"]


def test_an_answer_that_is_refused_is_said_so_and_dropped(
    page: Page, go: Callable[..., None], watch: Watch, round_: Round
) -> None:
    watch.expect("422")
    page.goto(address(round_))
    go(offline=True)
    field(page).fill(round_.options[3][1])
    page.get_by_text("I can’t tell").click()
    page.get_by_role("button", name="That’s it").click()
    expect(toast(page)).to_contain_text("could not be sent yet")
    go(offline=False)
    expect(toast(page)).to_contain_text("Your kept answer could not be taken.", timeout=SENT_AGAIN_MS)
    assert page.evaluate(KEPT) == 0
    assert labels() == []
    answer(page, "round eye")
    assert labels() == ["round eye"]


def test_a_server_that_fails_is_asked_again(page: Page, watch: Watch, round_: Round) -> None:
    watch.expect("500")
    page.goto(address(round_))
    page.route("**/answer", lambda route: route.fulfill(status=500))
    send(page)
    expect(toast(page)).to_contain_text("could not be sent yet")
    page.wait_for_timeout(5000)
    assert page.evaluate(KEPT) == 1
    page.unroute("**/answer")
    expect_sent(page)
    assert labels() == ["long tail"]


def test_it_outlives_the_token_that_it_was_written_with(
    kept: Page, context: BrowserContext, go: Callable[..., None], watch: Watch
) -> None:
    """As after signing in meanwhile: this page cannot send it any more, the next one can."""
    watch.expect("403")
    context.clear_cookies(name="csrftoken")
    go(offline=False)
    with kept.expect_response(lambda response: response.status == 403):
        pass
    assert kept.evaluate(KEPT) == 1
    kept.goto("/")
    expect(toast(kept)).to_contain_text("Your answer has arrived.", timeout=SENT_AGAIN_MS)
    assert labels() == ["long tail"]


def test_the_next_glimpse_that_was_fetched_is_there_without_connection(
    page: Page, go: Callable[..., None], round_: Round
) -> None:
    page.goto(address(round_))
    answer(page)
    page.wait_for_load_state("networkidle")
    go(offline=True)
    page.get_by_role("button", name="Next glimpse").click()
    expect_round(page, 2)
    send(page)
    expect(toast(page)).to_contain_text("could not be sent yet")
    go(offline=False)
    expect_sent(page)
    assert list(Label.objects.values_list("round__number", flat=True)) == [1, 2]


def test_a_page_that_cannot_be_fetched_says_so(page: Page, go: Callable[..., None], round_: Round) -> None:
    page.goto("/points")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    go(offline=True)
    page.goto("/me/")
    expect(page.get_by_role("heading", name="No connection")).to_be_visible()
    expect(page.locator("body")).to_have_css("margin", "0px")  # in its own style
    go(offline=False)
    page.get_by_role("link", name="Try again").click()
    expect(page.get_by_role("button", name="Play")).to_be_visible()
