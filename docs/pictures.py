"""Makes the pictures of these guides from a running demonstration site.

    make run                                                   # in another terminal
    .venv/bin/python docs/pictures.py http://127.0.0.1:8000/   # all, or name some: home theme ...

Needs requirements-dev.txt and Chromium (CHROMIUM names another than Debian's). It starts no site and sends no answers.
"""

import argparse
import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).parent / "pictures"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
OPTIONS = [
    "--no-sandbox",  # Chromium refuses its sandbox to root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
COLOURS = 256  # enough for flat pages, and a third of the bytes
PHONE = 390
DESK = 1100
CONSULTATION = "A draft plan for all the community"

Shot = bytes


def home(page: Page) -> Shot:
    """The first screen of the site."""
    page.goto("en/")
    return page.screenshot()


def theme(page: Page) -> Shot:
    """What people told us, on a theme page."""
    page.goto("en/plan/place/")
    return page.locator(".told").first.screenshot()


def error(page: Page) -> Shot:
    """A section that was sent with nothing chosen, on a phone."""
    _start(page)
    page.locator("form .button").first.click()
    page.locator(".error-summary").wait_for()
    return page.screenshot()


def check(page: Page) -> Shot:
    """The answers before they are sent."""
    _start(page)
    page.locator("main input[type=radio]").first.check()
    while page.locator("input[name=version]").count() == 0:
        boxes = page.locator("main input[type=checkbox]")
        if boxes.count():
            boxes.first.check()
        with page.expect_navigation():
            page.locator("form .button").first.click()
    return page.screenshot()


def questionnaire(page: Page) -> Shot:
    """A question in the editor."""
    page.goto("admin/pages/search/?q=draft+plan")
    page.get_by_role("link", name=CONSULTATION).first.click()
    page.get_by_role("tab", name="Questionnaire").click()
    page.wait_for_timeout(1_000)  # the editor builds its blocks in the browser
    return page.screenshot()


def summary(page: Page) -> Shot:
    """An officer's exact figures."""
    page.goto("admin/consultations/")
    with page.expect_navigation():
        page.get_by_role("link", name=CONSULTATION, exact=True).click()
    return page.screenshot()


def keying(page: Page) -> Shot:
    """A sheet of paper being keyed in."""
    _officers(page, "Key in paper, telephone and events")
    with page.expect_navigation():
        page.locator("main table a").first.click()
    with page.expect_navigation():
        page.get_by_role("link", name="Go on keying in").first.click()
    return page.screenshot()


def coding(page: Page) -> Shot:
    """One text and the codes of its frame."""
    _officers(page, "Code what people wrote")
    with page.expect_navigation():
        page.get_by_role("link", name="Code texts").first.click()
    return page.screenshot()


def results(page: Page) -> Shot:
    """A published version of results, as everybody reads it."""
    page.goto("en/consultations/town-centres/")
    with page.expect_navigation():
        page.locator("main a[href*='/results/']").first.click()
    return page.screenshot()


def _officers(page: Page, way: str) -> None:
    page.goto("admin/consultations/")
    for name in (CONSULTATION, way):
        with page.expect_navigation():
            page.get_by_role("link", name=name, exact=True).first.click()


def _start(page: Page) -> None:
    page.goto("en/consultations/draft-plan/")
    with page.expect_navigation():
        page.locator("a.button--start").click()


# How each is made, the size of its window, and who is signed in.
PICTURES: dict[str, tuple[Callable[[Page], Shot], tuple[int, int], str]] = {
    "home": (home, (DESK, 760), ""),
    "theme": (theme, (DESK, 900), ""),
    "questionnaire": (questionnaire, (DESK, 1000), "editor"),
    "error": (error, (PHONE, 1080), ""),
    "check": (check, (PHONE, 1080), ""),
    "summary": (summary, (DESK, 1000), "officer"),
    "keying": (keying, (DESK, 900), "officer"),
    "coding": (coding, (DESK, 900), "officer"),
    "results": (results, (DESK, 900), ""),
}


def sign_in(page: Page, username: str, sign_ins: Path) -> None:
    """Sign in as one of the demonstration's users."""
    passwords = {row["username"]: row["password"] for row in json.loads(sign_ins.read_text())}
    page.goto("admin/login/")
    page.locator("input[name=login]").fill(username)
    page.locator("input[name=password]").fill(passwords[username])
    with page.expect_navigation():
        page.locator("form button[type=submit]").click()


def take(browser: Browser, base: str, name: str, sign_ins: Path) -> int:
    """Write one picture and return its size in bytes."""
    make, (width, height), username = PICTURES[name]
    page = browser.new_context(base_url=base, viewport={"width": width, "height": height}, locale="en-GB").new_page()
    if username:
        sign_in(page, username, sign_ins)
    image = Image.open(io.BytesIO(make(page))).convert("RGB").quantize(COLOURS)
    page.context.close()
    file = FOLDER / f"{name}.png"
    image.save(file, optimize=True)
    return file.stat().st_size


def main() -> None:
    """Make the pictures that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("base", help="the address of a running demonstration site, ending with a slash")
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(PICTURES)} (default: all)")
    parser.add_argument("--sign-ins", type=Path, default=Path("var/sign-ins.json"))
    chosen = parser.parse_args()
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        for name in chosen.names or PICTURES:
            size = take(browser, chosen.base, name, chosen.sign_ins)
            sys.stdout.write(f"{name}: {size // 1024} kB\n")
        browser.close()


if __name__ == "__main__":
    main()
