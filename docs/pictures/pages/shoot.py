"""Take pictures of every page of a running demo: `python docs/pictures/pages/shoot.py http://localhost:8000`.

One sheet for each window and theme. Run it when pages have changed, look at every sheet, and mend what you
would not sign. Fill the demo before: `manage.py simulate demo --players 120 --rounds 40`.
"""

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).parent
WINDOWS = {
    "phone": {"viewport": {"width": 390, "height": 780}, "is_mobile": True, "has_touch": True},
    "desktop": {"viewport": {"width": 1280, "height": 820}},
}
SHOWN_WIDTH = {"phone": 300, "desktop": 620}
COLUMNS = {"phone": 6, "desktop": 3}
TALLEST = 2.6  # of a picture, in windows
PLAIN = (
    "me/",
    "studies/demo/",
    "points",
    "credits",
    "about",
    "privacy",
    "account/login/",
    "account/signup/",
    "offline",
    "nothing",
)


def pages(page: Page) -> Iterator[str]:
    """Walk through a game and the pages around it; after each step the name of what is shown."""
    page.goto("")
    yield "front page"
    page.locator(".first .chip").first.click()
    page.wait_for_selector(".first-verdict")
    yield "first glimpse, guessed"
    page.locator("form[action$=start] .go").first.click()
    page.wait_for_url("**/consent")
    yield "consent"
    page.locator("form[action$=agree] .go").click()
    page.wait_for_selector("#label")
    yield "round"
    page.fill("#label", "rouund whel")
    page.press("#label", "Enter")
    page.wait_for_selector("#label-hint .link")
    yield "spelling"
    page.locator("#label-hint .link").click()
    page.locator("#more").click()
    page.locator("label.chip").nth(2).click()
    yield "round, described"
    yield from _answers(page)
    for path in PLAIN:
        page.goto(path)
        yield "/" + path
    page.goto("studies/demo/classes/")
    yield "classes"
    page.locator(".class-cards a").first.click()
    page.wait_for_selector("h1")
    yield "class"


def _answers(page: Page) -> Iterator[str]:
    for number in range(1, 6):
        if number > 1:
            page.fill("#label", "stone, windows, fur")
            if page.locator("label.chip").count():
                page.locator("label.chip").nth(number).click()
        page.locator(".actions .go").click()
        page.wait_for_selector(".verdict")
        if number == 2:
            yield "result"
            explanation = page.locator("a.row").get_attribute("href")
            page.goto(str(explanation))
            yield "explanation"
            page.go_back()
            page.wait_for_selector(".verdict")
        page.locator(".actions .go").click()
        page.wait_for_selector(".rounds" if number == 5 else "#label")
    yield "summary"


def shoot(page: Page) -> Image.Image:
    """All of it, as if scrolled through: nothing waits for its turn and nothing floats."""
    page.evaluate("document.querySelectorAll('[loading=lazy]').forEach(picture => picture.loading = 'eager')")
    page.evaluate("document.querySelectorAll('.actions').forEach(bar => bar.style.position = 'static')")
    page.wait_for_timeout(700)
    full = Image.open(BytesIO(page.screenshot(full_page=True))).convert("RGB")
    size = page.viewport_size
    assert size is not None
    return full.crop(
        (0, 0, full.width, min(full.height, round(TALLEST * size["height"] * full.width / size["width"])))
    )


def sheet(pictures: list[tuple[str, Image.Image]], width: int, columns: int) -> Image.Image:
    font = ImageFont.load_default(15)
    scaled = [
        (
            name,
            picture.resize((width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS),
        )
        for name, picture in pictures
    ]
    rows = [scaled[start : start + columns] for start in range(0, len(scaled), columns)]
    heights = [max(picture.height for _, picture in row) + 44 for row in rows]
    drawn = Image.new("RGB", (columns * (width + 16) + 16, sum(heights) + 16), "#777")
    draw, top = ImageDraw.Draw(drawn), 16
    for row, height in zip(rows, heights, strict=True):
        for column, (name, picture) in enumerate(row):
            left = 16 + column * (width + 16)
            draw.text((left, top), name, "#fff", font)
            drawn.paste(picture, (left, top + 24))
        top += height
    return drawn


def main(site: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for window, options in WINDOWS.items():
            for theme in ("light", "dark"):
                context = browser.new_context(base_url=site, color_scheme=theme, locale="en-GB", **options)
                page = context.new_page()
                pictures = [(name, shoot(page)) for name in pages(page)]
                drawn = sheet(pictures, SHOWN_WIDTH[window], COLUMNS[window])
                drawn.save(HERE / f"{window}-{theme}.jpg", quality=70, optimize=True, progressive=True)
                context.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/") + "/")
