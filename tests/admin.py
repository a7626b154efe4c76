"""What the browser tests of the admin share: staff at their desk, and the watch over what people answered."""

import csv
import io
import os
import re
import uuid
from pathlib import Path

from django.contrib.auth.models import Group
from django.test import Client

from consultation import instrument, ledger
from consultation.answers import Answers
from consultation.models import Channel, Consultation, Response
from consultation.recount import check

SHOTS = os.environ.get("ADMIN_SHOTS")  # a folder for pictures of each step, to be looked at


def sign_in(new_page, user, *groups):
    """Where staff work, signed in through the form, as members of these groups too. Administrators publish alone."""
    user.groups.add(*Group.objects.filter(name__in=groups))
    desk = new_page(viewport={"width": 1280, "height": 1000})
    desk.set_default_timeout(10_000)
    desk.goto("/admin/login/")
    desk.locator("input[name=login]").fill(user.username)
    desk.locator("input[name=password]").fill(user.username)
    with desk.expect_navigation():
        desk.locator("form button[type=submit]").click()
    return desk


def watch(page, officer_client):
    """Make a function that asserts: each cell of the officers' file is as it was, and every figure is right."""
    known = {}

    def look():
        consultation = Consultation.objects.get(key=page.translation_key)
        address = f"/admin/consultations/{consultation.pk}/responses.csv?form=keys"
        text = b"".join(officer_client.get(address).streaming_content).decode("utf-8-sig")
        now = {row["reference"]: row for row in csv.DictReader(io.StringIO(text))}
        for reference, cells in known.items():
            assert cells.items() <= now[reference].items()
        known.update(now)
        assert len(now) == Response.objects.filter(consultation=consultation).count() >= 3
        assert check(consultation) == []

    look()
    return look


def answer(page, values):
    consultation = Consultation.objects.select_related("version").get(key=page.translation_key)
    given = Answers(values).asked_by(instrument.current(consultation, "en"))
    return ledger.submit(consultation, uuid.uuid4(), consultation.published, "en", Channel.WEB, given)


def form(page, language="en"):
    """The first section as a citizen gets it."""
    consultation = Consultation.objects.get(key=page.translation_key)
    return Client().get(f"/answer/{consultation.pk}/{language}/1/").content.decode()


def shot(desk, name):
    if SHOTS:
        desk.screenshot(path=Path(SHOTS) / f"{name}.png")


def edit(desk, page):
    desk.goto(f"/admin/pages/{page.pk}/edit/")
    desk.get_by_role("tab", name="Questionnaire").click()
    desk.locator("[name='questionnaire-0-value-title']").wait_for()


def choose(desk, action):
    """Choose from the menu beside "Save draft"; for an earlier version it is "Publish this version"."""
    desk.locator(".footer [data-w-dropdown-target=toggle]").first.click()
    with desk.expect_navigation():
        desk.get_by_role("button", name=re.compile(f"^{action}")).first.click()


def block(desk, name):
    """The block whose field that is, with its buttons."""
    return desk.locator(f"[name='{name}']").locator("xpath=ancestor::section[1]")


def publish(desk, name):
    shot(desk, name)
    choose(desk, "Publish")
    agree(desk, name)
    shot(desk, f"{name}-published")


def agree(desk, name):
    """Go on where it is told what publishing changes."""
    if "/admin/publish/" in desk.url:
        shot(desk, f"{name}-changes")
        with desk.expect_navigation():
            desk.locator("form[method=post] button[type=submit]", has_text="ublish").click()
