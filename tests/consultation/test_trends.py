"""Questions about a theme from consultation to consultation: linked where copied or worded alike, never added up."""

import datetime as dt
import uuid
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consultation import fold, summary, trends
from consultation.models import Theme
from consultation.source import SourceOption
from tests.consultation.test_comparison import answer
from tests.factories import make_source

pytestmark = pytest.mark.django_db


def opened(make_consultation, years_ago, change=lambda item: item, **changes):
    """The consultation of that year; change: its first question, as written then."""
    source = make_source()
    travel = source.sections[0]
    items = (change(travel.items[0]), *travel.items[1:])
    now = timezone.now()
    return make_consultation(
        key=uuid.uuid4(),
        opens_at=now - dt.timedelta(days=365 * years_ago + 1),
        closes_at=now + dt.timedelta(days=1),
        sections=(replace(travel, items=items), *source.sections[1:]),
        **changes,
    )


def theme():
    return Theme.objects.get(name="Getting about")


def found():
    return trends.trends(trends.asked(summary.of_theme(theme())))


def first():
    return next(trend for trend in found() if trend.asked[-1].question.kind == "single")


def text(page):
    return " ".join(page.content.decode().split())


def test_a_copied_question_is_the_same_though_it_was_reworded(make_consultation):
    before = opened(make_consultation, 1)
    after = opened(make_consultation, 0, lambda item: replace(item, label="How do you get about?"))
    answer(before, {1: 1, 2: [1]}, {1: 2, 2: [1]})
    answer(after, {1: 1, 2: [2]})

    trend = first()

    assert [one.consultation.pk for one in trend.asked] == [before.pk, after.pk]
    assert trend.label == "How do you get about?" and trend.is_reworded
    assert [(line.label, [bar.percent for bar in line.bars]) for line in trend.lines][:2] == [
        ("On foot", [50, 100]),
        ("By bus", [50, 0]),
    ]


def test_a_question_that_is_worded_alike_is_the_same_and_so_are_its_answers(make_consultation):
    opened(make_consultation, 1)
    options = (SourceOption("x", "by  Bus"), SourceOption("y", "On foot"), SourceOption("z", "By boat"))
    opened(
        make_consultation, 0, lambda item: replace(item, id="new", label="how do you mostly travel?", options=options)
    )

    trend = first()

    assert not trend.is_reworded
    bars = {line.label: [bar is not None for bar in line.bars] for line in trend.lines}
    both, one = [True, True], [True, False]
    assert bars == {"On foot": both, "by  Bus": both, "Another way": one, "By boat": [False, True]}


def test_an_option_that_was_reworded_in_a_copy_is_the_same(make_consultation):
    opened(make_consultation, 1)
    options = (SourceOption("walk", "Walking"), SourceOption("bus", "By bus"))
    opened(make_consultation, 0, lambda item: replace(item, options=options))

    assert [line.label for line in first().lines] == ["Walking", "By bus", "Another way"]


def test_other_words_or_another_kind_are_another_question(make_consultation):
    opened(make_consultation, 1)
    opened(make_consultation, 0, lambda item: replace(item, id="new", label="What do you think?"))
    opened(make_consultation, 0, lambda item: replace(item, id="other", kind="multiple"))

    assert not [trend for trend in found() if "mostly travel" in trend.label or "think" in trend.label]
    assert len(found()) == 1  # the second question, which all three asked


def test_one_consultation_alone_has_no_trend(make_consultation):
    opened(make_consultation, 0)

    assert found() == []


def test_what_was_chosen_most_is_said_with_all_that_share_it(make_consultation):
    consultation = opened(make_consultation, 0)
    answer(consultation, {1: 1, 2: [1]}, {1: 2, 2: [1]})

    one = {asked.question.number: asked for asked in trends.asked(summary.of_theme(theme()))}

    assert [bar.label for bar in one[1].leading] == ["On foot", "By bus"]
    assert [bar.label for bar in one[2].leading] == ["Wider paths"]


def test_nothing_is_leading_where_nobody_answered(make_consultation):
    opened(make_consultation, 0)

    assert all(one.leading == () for one in trends.asked(summary.of_theme(theme())))


def test_the_page_shows_years_side_by_side_and_adds_nothing_up(make_consultation, officer_client):
    before, after = opened(make_consultation, 1), opened(make_consultation, 0)
    answer(before, *[{1: 1, 2: [1]}] * 31)
    answer(after, {1: 2, 2: [1]})

    page = text(officer_client.get(f"/admin/consultations/themes/{theme().pk}/"))

    trend = page.split("Asked more than once")[1].split("</table>")[0]
    year = timezone.localtime(before.opens_at).year
    titled = '<span class="figure-title">The town’s plan</span>'
    assert f">{year}{titled}" in trend and f">{timezone.localtime(after.opens_at).year}{titled}" in trend
    assert "31 / 31" in trend and "1 / 1" in trend and "32" not in trend
    assert trend.count("few people") == 1


def test_the_page_asks_as_much_for_each_consultation(make_consultation, officer_client):
    def queries():
        address = f"/admin/consultations/themes/{theme().pk}/"
        officer_client.get(address)
        with CaptureQueriesContext(connection) as asked:
            officer_client.get(address)
        return len(asked)

    for years in (3, 2):
        fold.fold(opened(make_consultation, years))
    two = queries()
    fold.fold(opened(make_consultation, 1))
    three = queries()
    fold.fold(opened(make_consultation, 0))

    assert queries() - three == three - two
