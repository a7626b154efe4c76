"""The list of partners: today's by sector, former ones apart with their dates, and what each leads."""

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import ValidationError
from wagtail.models import PageViewRestriction

from home.models import HomePage, Partner, PartnersPage
from tests.factories import translate
from tests.home.test_pages import add
from tests.plan import make_action, make_partner, make_theme, text_of

pytestmark = pytest.mark.django_db

day = dt.date


@pytest.fixture
def listed():
    return add(HomePage.objects.get(locale__language_code="en"), PartnersPage(title="Partners", slug="partners"))


@pytest.mark.parametrize(
    ("since", "until", "is_partner", "is_former"),
    [
        (None, None, True, False),
        (day(2026, 6, 1), day(2026, 6, 1), True, False),
        (day(2026, 6, 2), None, False, False),
        (None, day(2026, 5, 31), False, True),
    ],
)
@time_machine.travel("2026-06-01 12:00Z", tick=False)
def test_it_is_a_partner_from_its_first_day_to_its_last(since, until, is_partner, is_former):
    partner = Partner(since=since, until=until)

    assert (partner.is_partner, partner.is_former) == (is_partner, is_former)


def test_the_last_day_is_not_before_the_first():
    with pytest.raises(ValidationError, match="before the first"):
        Partner(name="Demo", sector="health", since=day(2026, 2, 1), until=day(2026, 1, 1)).clean()


@time_machine.travel("2026-06-01 12:00Z", tick=False)
def test_partners_are_listed_by_sector_and_former_ones_apart(listed, visitor):
    make_partner("Demo Hospital", sector="health")
    make_partner("Demo Shops", sector="business", website="https://example.org/", since=day(2025, 1, 1))
    make_partner("Demo Club", sector="health", since=day(2020, 1, 1), until=day(2025, 3, 31))
    make_partner("Demo Newcomer", sector="health", since=day(2026, 7, 1))

    shown = " ".join(text_of(visitor, listed).split())

    sectors = [shown.index(f">{name}</h2>") for name in ("Business", "Health", "Former partners")]
    assert sectors[0] < shown.index("Demo Shops") < sectors[1] < shown.index("Demo Hospital") < sectors[2]
    assert shown.index("Demo Club") > sectors[2]
    assert "Partner from 1 January 2020 to 31 March 2025" in shown and "Partner since 1 January 2025" in shown
    assert '<a href="https://example.org/">Demo Shops</a>' in shown
    assert "Demo Newcomer" not in shown and ">Voluntary</h2>" not in shown


def test_what_a_partner_leads_is_linked_where_it_stands(listed, visitor):
    theme = make_theme()
    action = make_action(theme, lead=make_partner())

    assert f'href="{theme.url}#action-{action.pk}"' in text_of(visitor, listed)
    assert f'id="action-{action.pk}"' in text_of(visitor, theme)


def test_what_it_leads_is_not_told_where_the_theme_is_not_for_everybody(listed, visitor):
    theme = make_theme()
    make_action(theme, lead=make_partner())
    PageViewRestriction.objects.create(page=theme, restriction_type=PageViewRestriction.LOGIN)

    assert "Plant trees" not in text_of(visitor, listed)


def test_partners_have_the_readers_words(listed, at_once, visitor):
    translate(make_partner("Demo Trust"), "ga", {"Demo Trust": "Iontaobhas Demo"})
    make_partner("Demo Club")
    translate(listed.get_parent().specific, "ga", {})

    shown = text_of(visitor, translate(listed, "ga", {}))

    assert "Iontaobhas Demo" in shown and "Demo Trust" not in shown
    assert '<span lang="en">Demo Club</span>' in shown


def test_a_list_without_partners_says_so(listed, visitor):
    assert "No partner is listed yet." in text_of(visitor, listed)
