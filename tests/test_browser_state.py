"""The state of the site in a browser: at each width, without JavaScript, and read by those who see no colours."""

import datetime as dt

import pytest
from django.utils import timezone

from consultation import running
from consultation.models import LastRun

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ADDRESS = "/admin/reports/state/"


def failing():
    """A tick that stopped, and a recount that is due."""
    running.note(running.TICK, 2, ["sending of e-mails"])
    LastRun.objects.update(ended_at=timezone.now() - dt.timedelta(hours=1))


def test_it_breaks_no_rule_of_accessibility_and_overflows_at_no_width(new_page, administrator, axe):
    failing()
    page = new_page(administrator, bypass_csp=True)
    for width in (320, 768, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(ADDRESS)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        axe(page, context="main")


def test_it_says_everything_without_javascript(new_page, administrator):
    failing()
    page = new_page(administrator, java_script_enabled=False)
    page.goto(ADDRESS)

    row = page.locator("tr.state-fault", has_text="Work of each minute")
    assert row.locator("th[scope=row]").count() == 1
    assert "Fault" in row.inner_text()
    assert "Start the service" in row.inner_text()
