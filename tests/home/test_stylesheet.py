"""The one style sheet of a page: the file as it comes, or with the look that this site was given."""

import gzip
import re

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Site

from home import design_tokens, stylesheet
from home.colour import worst
from home.design_tokens import Choices
from home.models import HomePage, SiteLook
from tests.factories import make_consultation_page

pytestmark = pytest.mark.django_db

STATIC = "/static/css/site.css"
SHEETS = re.compile(r'<link rel="stylesheet" href="([^"]+)">')


@pytest.fixture
def look():
    return SiteLook.for_site(Site.objects.get(is_default_site=True))


def change(look, **choices):
    for name, value in choices.items():
        setattr(look, name, value)
    look.full_clean()
    look.save()


def sheets(visitor, address="/en/"):
    return SHEETS.findall(visitor.get(address).content.decode())


def faults(look, **choices):
    with pytest.raises(ValidationError) as refused:
        change(look, **choices)
    return refused.value.message_dict


def test_a_look_that_nobody_changed_is_the_static_file(visitor):
    assert sheets(visitor) == [STATIC]


def test_a_changed_look_is_on_every_kind_of_page_as_one_style_sheet(visitor, look):
    page = make_consultation_page()
    addresses = ["/en/", page.url, page.get_parent().url, f"/answer/{page.consultation.pk}/en/1/", "/en/not/here/"]

    change(look, brand_colour="#0b3d91")

    found = {tuple(sheets(visitor, address)) for address in addresses}
    assert len(found) == 1
    ((address,),) = found
    assert visitor.get(address).content.decode().startswith(stylesheet.plain())
    assert "--brand:#0b3d91;" in visitor.get(address).content.decode()


def test_each_change_has_an_address_of_its_own(visitor, look):
    change(look, brand_colour="#0b3d91")
    before = sheets(visitor)
    change(look, brand_colour="#8a1538")
    after = sheets(visitor)
    change(look, brand_colour="")

    assert before != after
    assert sheets(visitor) == [STATIC]


def test_the_style_sheet_of_today_is_kept_for_good(visitor, look):
    change(look, type_scale="roomy")
    page = visitor.get(*sheets(visitor))

    assert page["Content-Type"] == "text/css; charset=utf-8"
    assert page["Cache-Control"] == "public, max-age=31536000, immutable"
    assert not page.cookies
    assert "Cookie" not in page.get("Vary", "")
    assert "Accept-Language" not in page.get("Vary", "")


def test_who_has_it_already_is_told_so(visitor, look):
    change(look, type_scale="roomy")
    (address,) = sheets(visitor)

    again = visitor.get(address, headers={"If-None-Match": visitor.get(address)["ETag"]})

    assert (again.status_code, again.content) == (304, b"")


def test_an_earlier_address_gives_the_look_of_today_and_is_not_kept(visitor, look):
    change(look, brand_colour="#0b3d91")
    (earlier,) = sheets(visitor)
    change(look, brand_colour="#8a1538")

    page = visitor.get(earlier)

    assert "--brand:#8a1538;" in page.content.decode()
    assert page["Cache-Control"] == "public, no-cache"
    change(look, brand_colour="")
    assert visitor.get(earlier).content.decode() == stylesheet.plain()


@pytest.mark.parametrize("asked", ["0" * 16, "0" * 16 + "-" + "0" * 16, "a-b", "-", "ü"])
def test_an_address_that_was_never_ours_is_not_there(visitor, look, asked):
    change(look, brand_colour="#0b3d91")

    assert visitor.get(f"/look/{asked}.css", headers={"If-None-Match": "*"}).status_code == 404


def test_another_sites_look_is_its_own(visitor, look):
    other = Site.objects.create(hostname="127.0.0.1", root_page=HomePage.objects.first())
    change(look, brand_colour="#0b3d91")
    change(SiteLook.for_site(other), brand_colour="#8a1538")
    there = Client(SERVER_NAME="127.0.0.1")

    (ours,), (theirs,) = sheets(visitor), sheets(there)

    assert ours != theirs
    assert "--brand:#8a1538;" in there.get(theirs).content.decode()
    assert "#8a1538" not in visitor.get(ours).content.decode()


def test_a_changed_look_costs_no_query_more(visitor, look):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            visitor.get("/en/")
        return len(queries)

    visitor.get("/en/")
    before = asked()
    change(look, brand_colour="#0b3d91", ink_3="#123456", spacing="compact", headings="sans")

    assert asked() == before


def test_the_style_sheet_is_small(visitor, look):
    inks = {f"ink_{n}": ink for n, ink in enumerate(design_tokens.INKS, 1)}
    roomy = {"type_scale": "roomy", "spacing": "roomy", "headings": "sans"}
    change(look, brand_colour="#0b3d91", accent_colour="#ffcc00", **roomy, **inks)

    page = visitor.get(*sheets(visitor), headers={"Accept-Encoding": "gzip"})

    assert page["Content-Encoding"] == "gzip"
    assert len(page.content) < 15_000
    assert len(gzip.decompress(page.content)) > len(stylesheet.plain())


def test_without_a_site_the_static_file_is_taken(rf):
    Site.objects.all().delete()

    assert stylesheet.address(rf.get("/")) == STATIC


def test_a_faint_colour_is_refused_with_its_ratio_and_the_nearest_that_can_be_read(look):
    (message,) = faults(look, brand_colour="#ff8800")["brand_colour"]

    assert "#ff8800 is hard to read" in message
    assert "the contrast is 2.07 to 1, and 4.5 to 1 is needed" in message
    nearest = message.split()[-1].rstrip(".")
    change(look, brand_colour=nearest)


def test_a_ratio_just_below_is_not_said_to_be_enough(look):
    colour = next(f"#{n:02x}{n:02x}{n:02x}" for n in range(255) if _ratio(n) < 4.5)

    (message,) = faults(look, brand_colour=colour)["brand_colour"]

    assert "the contrast is 4.5" not in message


def _ratio(grey):
    return worst(f"#{grey:02x}{grey:02x}{grey:02x}", design_tokens.grounds_of_brand())


def test_an_accent_has_to_be_seen_on_the_brand_colour(look):
    assert "accent_colour" in faults(look, brand_colour="#12403a", accent_colour="#336655")
    change(look, accent_colour="#ffffff")


def test_a_themes_ink_has_to_be_read_on_paper_and_on_its_tint(look):
    assert faults(look, ink_4="#999999").keys() == {"ink_4"}


@pytest.mark.parametrize("text", ["red", "#123", "#12403a;}", "#12403a\n", "url(x)"])
def test_what_is_no_colour_is_refused_and_never_reaches_the_style_sheet(look, text):
    assert "such as #12403a" in faults(look, brand_colour=text)["brand_colour"][0]


def test_an_administrator_sets_it_in_the_admin(administrator_client, visitor, look):
    address = reverse("wagtailsettings:edit", args=["home", "sitelook", look.site_id])
    fields = {"name": "Connected", "type_scale": "normal", "spacing": "normal", "headings": "serif"}

    refused = administrator_client.post(address, fields | {"brand_colour": "#ff8800"}).content.decode()
    assert "is hard to read where it stands" in refused
    assert "data-colour=" in refused
    administrator_client.post(address, fields | {"brand_colour": "#0b3d91"})

    assert sheets(visitor)[0].startswith("/look/")


def test_the_address_changes_with_the_release(monkeypatch, visitor, look):
    change(look, brand_colour="#0b3d91")
    before = sheets(visitor)
    stylesheet.text.cache_clear()
    monkeypatch.setattr(stylesheet, "plain", lambda: "/* the next release */")

    assert sheets(visitor) != before
    stylesheet.text.cache_clear()


def test_choices_are_equal_where_the_setting_is(look):
    assert look.choices == Choices()


@pytest.mark.parametrize("template", ["500.html", "consultation/answering/unavailable.html"])
def test_pages_of_a_failed_database_take_the_static_file_and_ask_nothing(template, look, django_assert_num_queries):
    change(look, brand_colour="#0b3d91")

    with django_assert_num_queries(0):
        assert SHEETS.findall(render_to_string(template)) == [STATIC]
