"""A walk over every page of the site, in every state that a page has."""

from collections.abc import Iterator
from urllib.parse import urljoin

from playwright.sync_api import BrowserContext, Page, expect

from labeling.models import Image, Share, Study
from labeling.models.study import Leaderboard
from tests.browser.classes import HEN, MACAW
from tests.browser.moves import DOUBLE_TAP_MS, address, field
from tests.browser.world import World
from tests.glimpse.visitors import cookie_of

EXPECTED = "status 404|status 422|status of 404|status of 422"
PASSWORD = "a long glimpse of an owl"


def every_page(page: Page, world: World) -> Iterator[str]:
    """The name of each page, while it is on the screen."""
    yield from _as_nobody(page, world)
    _become_player(page.context, world, page.url)
    yield from _of_a_round(page, world)
    yield from _of_a_player(page, world)
    yield from _of_studies(page, world)
    yield from _of_classes(page, world.classes)
    yield from _with_an_account(page)


def _become_player(context: BrowserContext, world: World, url: str) -> None:
    name, value = cookie_of(world.game.player)
    context.add_cookies([{"name": name, "value": value, "url": urljoin(url, "/")}])


def _opened(page: Page, *addresses: str) -> Iterator[str]:
    for opened in addresses:
        page.goto(opened)
        yield opened


def _as_nobody(page: Page, world: World) -> Iterator[str]:
    yield from _opened(page, "/")
    page.locator("#first").get_by_role("button", name="Show more").click()
    expect(page.locator("#first img[src$='glimpse/1']")).to_be_visible()
    yield "first glimpse, more of it"
    page.wait_for_timeout(DOUBLE_TAP_MS)
    page.locator("#first button[name=guess]").first.click()
    expect(page.get_by_role("img", name="The whole photograph")).to_be_visible()
    yield "first glimpse, guessed"
    Image.objects.filter(showcase=True).update(showcase=False)
    yield from _opened(page, "/", f"/studies/{world.study.slug}/consent", "/me/", "/credits", "/about")
    yield from _opened(page, "/privacy", "/points", "/offline", "/nothing")
    yield from _opened(page, "/account/login/", "/account/signup/", "/account/password/reset/")
    page.goto("/account/login/")
    page.get_by_label("Password").fill("not the password")
    page.locator("input[name=login]").fill("ada@example.org")
    page.locator("main form button").first.click()
    expect(page.get_by_text("are not correct")).to_be_visible()
    yield "sign in, refused"


def _of_a_round(page: Page, world: World) -> Iterator[str]:
    yield from _opened(page, address(world.open))
    field(page).fill("long tail")
    field(page).press("Enter")
    field(page).press_sequentially("wheeel")
    page.locator("label.chip").nth(1).click()
    expect(page.locator("#label-hint")).to_contain_text("Did you mean")
    yield "round, typed"
    field(page).fill(world.open.options[3][1])
    page.get_by_role("button", name="That’s it").click()
    expect(page.locator("#label-hint")).to_contain_text("is one of the answers.")
    yield "round, refused"
    page.locator("summary").filter(has_text="Skip this glimpse").click()
    yield "round, reasons to skip"
    yield from _opened(page, address(world.right))
    page.locator("summary").filter(has_text="Report").click()
    yield "result, reasons to report"
    page.get_by_text("Photo only").click()
    yield "result, photo only"
    yield from _opened(page, address(world.wrong), address(world.skipped))


def _of_a_player(page: Page, world: World) -> Iterator[str]:
    game, image = world.game, world.right.image
    yield from _opened(page, "/", "/me/", "/credits", f"/photos/{image.key}/")
    for summary in page.locator("main summary:visible").all():
        summary.click()
    page.locator(".region a").first.click()
    expect(page.locator(".stage img.evidence")).to_be_visible()
    yield "explanation, all open, a region chosen"
    yield from _opened(page, f"/photos/{image.key}/?revision=1", f"/photos/{image.key}/?revision=2&with=1")
    yield from _opened(page, f"/shared/{Share.objects.get(image=image).key}/")
    page.evaluate("dispatchEvent(new CustomEvent('glimpse:keep', { detail: { address: '/', body: '' } }))")
    expect(page.locator("kept-answers")).to_be_visible()
    yield "kept answer"
    page.evaluate("localStorage.clear()")
    yield from _opened(page, f"/games/{game.key}/summary", f"/games/{game.key}/waiting")
    yield from _opened(page, "/me/nickname", "/me/withdraw")


def _of_studies(page: Page, world: World) -> Iterator[str]:
    for board in Leaderboard.values:
        Study.objects.filter(pk=world.study.pk).update(leaderboard=board)
        page.goto(f"/studies/{world.study.slug}/")
        yield f"study, leaderboard {board}"
    yield from _opened(page, f"/studies/{world.paused.slug}/", f"/studies/{world.finished.slug}/")
    page.locator("summary").filter(has_text="What players agree to").click()
    yield "study, consent open"


def _of_classes(page: Page, study: Study) -> Iterator[str]:
    index = f"/studies/{study.slug}/classes/"
    yield from _opened(page, index, f"{index}{HEN}/", f"{index}{MACAW}/?with={HEN}")
    for summary in page.locator("main summary:visible").all():
        summary.click()
    yield "class, all open, beside another"
    yield from _opened(page, f"{index}{MACAW}/?revision=1", f"/shared/{Share.objects.get(study=study).key}/")


def _with_an_account(page: Page) -> Iterator[str]:
    page.goto("/account/signup/")
    page.locator("input[type=email]").fill("ada@example.org")
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("main form button").first.click()
    expect(page.get_by_text("Signed in as ada@example.org")).to_be_visible()
    yield "my page, with an account"
    yield from _opened(page, "/account/email/", "/account/password/change/", "/account/2fa/")
    yield from _opened(page, "/account/2fa/totp/activate/", "/account/reauthenticate/", "/account/logout/")
