"""Somebody's way through the site in Chromium, by keyboard, or by pointer without JavaScript; each page looked at."""

import os
import re

SHOTS = os.environ.get("SHOTS")  # a folder for pictures of each step, to be looked at


class Pointer:
    """Somebody who points, in a browser without JavaScript."""

    options = {"java_script_enabled": False}

    def __init__(self, page):
        self.page = page

    def choose(self, label):
        self.page.get_by_role("radio", name=label, exact=True).check()

    def select(self, label, option):
        self.page.get_by_label(label).select_option(option)

    def write(self, label, text):
        self.page.get_by_label(label).fill(text)

    def press(self, target):
        with self.page.expect_navigation():
            target.click()


class Keyboard(Pointer):
    """Somebody who has nothing but keys."""

    options = {"java_script_enabled": True}

    def choose(self, label):
        """Tab reaches a group of radio buttons as a whole, and arrows go on from there."""
        radio = self.page.get_by_role("radio", name=label, exact=True)
        self._tab_until(radio, "radio => document.activeElement.name === radio.name")
        self.page.keyboard.press("Space")
        for _ in range(12):
            if radio.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{label} can't be reached with arrows")

    def select(self, label, option):
        self._tab_until(self.page.get_by_label(label))
        self.page.keyboard.type(option)

    def write(self, label, text):
        self._tab_until(self.page.get_by_label(label))
        self.page.keyboard.type(text)

    def press(self, target):
        self._tab_until(target)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def _tab_until(self, target, there="target => document.activeElement === target"):
        for _ in range(120):
            if target.evaluate(there):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{target} can't be reached with Tab")


class Journey:
    """One person's way, looked at on every page."""

    def __init__(self, hands, page, look):
        self.hands, self.page, self.look = hands(page), page, look

    def go(self, target):
        """Follow a link or press a button, and look at the page that comes."""
        self.hands.press(target)
        self.look(self.page)

    def go_on(self):
        """Send the form of this page."""
        self.go(self.page.locator("form .button").first)

    def change(self, question):
        """Change an answer from the check page."""
        self.go(self.page.get_by_role("link", name=re.compile(f"^Change ?: {re.escape(question)}")))

    @property
    def said(self):
        return self.page.locator("main").inner_text()

    @property
    def heading(self):
        return self.page.locator("h1").inner_text()


def begin(hands, page, axe, width):
    """A journey on a page that was just made; each state fits the width and, with JavaScript, breaks no rule of axe."""
    page.set_default_timeout(15_000)
    taken = []

    def look(page):
        assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        if hands.options["java_script_enabled"]:
            axe(page)
        taken.append(page.url)
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/{hands.__name__}-{width}-{len(taken):02}.png", full_page=True)

    return Journey(hands, page, look)


def window(hands, width):
    """What a browser is made with; axe is a script of its own, so it needs the policy out of its way."""
    return {
        "viewport": {"width": width, "height": 800},
        "bypass_csp": hands.options["java_script_enabled"],
    } | hands.options
