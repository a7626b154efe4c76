"""Indicators: where they began, where they are, what is wanted, and the file that everybody may have."""

import csv
import io
import uuid
from decimal import Decimal

import pytest
from wagtail.models import PageViewRestriction

from home.models import Indicator, IndicatorValue
from tests.factories import translate
from tests.plan import make_indicator, make_theme, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def theme():
    return make_theme()


def changed(wanted, *values):
    rows = [IndicatorValue(year=2020 + place, value=value) for place, value in enumerate(values)]
    return Indicator(wanted=wanted, values=rows).change


@pytest.mark.parametrize(
    ("wanted", "values", "change"),
    [
        ("up", ["3", "4"], "better"),
        ("up", ["3", "9", "2.5"], "worse"),
        ("down", ["3", "2"], "better"),
        ("down", ["3", "4"], "worse"),
        ("up", ["3", "4", "3.000"], "unchanged"),
        ("hold", ["3", "3"], "unchanged"),
        ("hold", ["3", "4"], "worse"),
        ("hold", ["3", "2"], "worse"),
        ("up", ["-3", "-2"], "better"),
    ],
)
def test_the_change_is_told_by_what_is_wanted(wanted, values, change):
    assert changed(wanted, *values) == change


@pytest.mark.parametrize("values", [[], ["3"]])
def test_without_two_values_there_is_no_change(values):
    assert changed("up", *values) is None


@pytest.mark.parametrize(
    ("stored", "shown"),
    [("3.000", "3"), ("3.500", "3.5"), ("0.125", "0.125"), ("1200.000", "1200"), ("0", "0"), ("-40", "-40")],
)
def test_a_figure_has_no_noughts_that_nobody_typed(stored, shown):
    assert str(IndicatorValue(value=Decimal(stored)).figure) == shown


def test_values_stand_in_the_order_of_their_years_and_the_earliest_is_the_baseline(theme):
    found = make_indicator(theme, (2025, 7), (2021, 3), (2023, 9))

    assert [value.year for value in found.series] == [2021, 2023, 2025]
    assert (found.baseline.year, found.latest.year) == (2021, 2025)


def test_a_theme_page_says_how_it_is_going_in_words_figures_and_a_table(theme, visitor):
    make_indicator(theme, (2021, 1200), (2025, "1450.5"), source="Council survey", source_url="https://example.org/s")

    shown = text_of(visitor, theme)

    assert "Should rise" in shown and 'aria-hidden="true">↑' in shown
    assert "Baseline (2021)" in shown and "Latest value (2025)" in shown
    assert "Better than at the start" in shown
    assert "1,450.5&nbsp;trees" in shown
    assert '<th scope="row">2021</th>' in shown
    assert '<a href="https://example.org/s">Council survey</a>' in shown
    assert "<polyline" in shown and "style=" not in shown


def test_a_period_in_words_stands_in_place_of_the_year(theme, visitor):
    found = make_indicator(theme, (2025, 4))
    found.values.set([IndicatorValue(year=2025, period="2024/25", value=4)])
    found.save()

    assert "Latest value (2024/25)" in text_of(visitor, theme)


def test_where_nothing_is_measured_yet_the_page_says_so_and_offers_no_file(theme, visitor):
    found = make_indicator(theme, note="A survey is planned.")

    shown = text_of(visitor, theme)

    assert "Data development: no measure exists yet." in shown and "A survey is planned." in shown
    assert ".csv" not in shown
    assert visitor.get(address(found)).status_code == 404


def test_indicators_stand_in_the_order_that_editors_gave_them(theme, visitor):
    make_indicator(theme, title="Second", position=2)
    make_indicator(theme, title="First", position=1)

    shown = text_of(visitor, theme)

    assert shown.index("First") < shown.index("Second")


# The file


def address(indicator, language="en"):
    return f"/indicators/{language}/{indicator.translation_key}.csv"


def read(download):
    assert download.status_code == 200, download.status_code
    return list(csv.reader(io.StringIO(b"".join(download.streaming_content).decode())))


def test_the_values_are_a_file_that_the_page_links(theme, visitor):
    found = make_indicator(theme, (2025, "4.5"), (2021, 3))

    assert f'href="{address(found)}"' in text_of(visitor, theme)
    download = visitor.get(address(found))
    assert download["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="trees-in-streets.csv"' in download["Content-Disposition"]
    assert not download.cookies
    assert read(download) == [
        ["year", "period", "value", "unit"],
        ["2021", "", "3", "trees"],
        ["2025", "", "4.5", "trees"],
    ]


def test_no_cell_of_the_file_is_a_formula_and_negative_values_stay_numbers(theme, visitor):
    found = make_indicator(theme, (2025, -4), unit="=1+1")
    found.values.set([IndicatorValue(year=2025, period="@SUM(A1)", value=-4)])
    found.save()

    assert read(visitor.get(address(found)))[1] == ["2025", "'@SUM(A1)", "-4", "'=1+1"]


def test_the_file_has_its_unit_in_the_readers_words_under_the_same_header(theme, at_once, visitor):
    found = make_indicator(theme, (2025, 4))
    for page in (theme.get_parent().get_parent().specific, theme.get_parent().specific, theme):
        translate(page, "ga", {})
    translate(found, "ga", {"trees": "crann"})

    assert read(visitor.get(address(found, "ga"))) == [
        ["year", "period", "value", "unit"],
        ["2025", "", "4", "crann"],
    ]


@pytest.mark.parametrize("why", ["unpublished", "restricted", "draft page", "other language", "unknown"])
def test_what_no_page_shows_is_no_file(theme, visitor, why):
    found = make_indicator(theme, (2025, 4))
    assert visitor.get(address(found)).status_code == 200

    where = address(found)
    if why == "unpublished":
        found.unpublish()
    elif why == "restricted":
        PageViewRestriction.objects.create(page=theme, restriction_type=PageViewRestriction.LOGIN)
    elif why == "draft page":
        theme.unpublish()
    elif why == "other language":
        where = address(found, "pl")
    else:
        where = f"/indicators/en/{uuid.uuid4()}.csv"

    assert visitor.get(where).status_code == 404
