"""All published figures of one consultation together, attacked by a reader who knows the form and how many answered.

Small questionnaires are searched for every set of counts that fits what is published. A count of 1 to 7 is safe where
at least three values of it fit.
"""

import itertools
from dataclasses import dataclass, field

import pytest
from django.template.loader import render_to_string
from hypothesis import example, given, settings
from hypothesis import strategies as st

from consultation import instrument, pin, routing
from consultation.disclosure import STAR, Table, may_publish, rounded, telling
from consultation.models import Theme
from consultation.questionnaire import Condition, assemble
from home.models import ConsultationPage
from tests.test_instruments import bring

SAFE = 3  # values
FIRST, SECOND = 1, 2  # the question that everybody answers, and one to which some of its options lead
SIBLING = 9  # another one that everybody answers


def fitting(figure, most):
    """Every count that is published as this figure; None: it is not published."""
    return {n for n in range(most + 1) if figure is None or rounded(n) == figure}


@dataclass
class Published:
    """What the public sees of a single choice, or nothing of it."""

    answered: object = None
    options: dict = field(default_factory=dict)


def publish(counts, routes):
    """What is shown of each question: counts by question, routes as (question, leading question, options)."""
    numbered = {n: dict(enumerate(own, 1)) for n, own in counts.items()}
    tables = {n: Table(sum(own.values()), own, frozenset(own)) for n, own in numbered.items()}
    conditions = {n: frozenset({Condition(leading, options)}) for n, leading, options in routes}
    untold = telling(tables, [conditions])
    return {
        n: Published()
        if n in untold
        else Published(
            rounded(table.base),
            {o: rounded(k) for o, k in table.counts.items()} if may_publish(table) else {},
        )
        for n, table in tables.items()
    }


def believable(shown, size, total):
    """Every set of counts of a single choice that adds up to one of the totals and fits what is shown."""
    ways = [sorted(fitting(shown.options.get(option), max(total))) for option in range(1, size + 1)]
    for found in itertools.product(*ways[:-1]):
        for last in ways[-1]:
            answered = sum(found) + last
            if answered in total and (shown.answered is None or rounded(answered) == shown.answered):
                yield (*found, last)


def attacked(counts, routes, shown, totals):
    """The sets of counts of the first question that a reader can believe in, going by all figures together."""
    if SIBLING in counts:
        totals = {n for n in totals if any(True for _ in believable(shown[SIBLING], len(counts[SIBLING]), {n}))}
    for found in believable(shown[FIRST], len(counts[FIRST]), totals):
        if all(fits(found, n, options, counts, shown) for n, leading, options in routes if leading == FIRST):
            yield found


def fits(found, question, options, counts, shown):
    """Whether so many can have been led to a question, all of whom had to answer it."""
    asked = sum(found[option - 1] for option in options)
    figure = shown[question].answered
    if figure is not None and rounded(asked) != figure:
        return False
    return not shown[question].options or any(True for _ in believable(shown[question], len(counts[question]), {asked}))


def revealed(counts, routes, shown=None, totals=None):
    """The options of the first question, chosen by 1 to 7, of whose counts fewer than three are believable.

    totals: how many the reader thinks may have answered it; who knows does so without one.
    """
    found = list(attacked(counts, routes, shown or publish(counts, routes), totals or {sum(counts[FIRST])}))
    assert counts[FIRST] in found  # the attack has to allow what is true
    small = [place for place, n in enumerate(counts[FIRST]) if 1 <= n <= 7]
    return [place + 1 for place in small if len({one[place] for one in found}) < SAFE]


def split(n, parts):
    """Some counts that add up to n."""
    shares = [n * share // sum(parts) for share in parts]
    return (n - sum(shares) + shares[0], *shares[1:])


# A table of eights is published as one of tens: it says that there are no fewer, and its total that there are no more.
COUNT = st.one_of(st.integers(0, 24), st.integers(1, 7), st.integers(2, 4).map(lambda parts: 8 * parts))
OPTIONS = st.sets(st.integers(1, 4), min_size=1, max_size=4).map(lambda found: tuple(sorted(found)))
FIRST_COUNTS = st.lists(COUNT, min_size=2, max_size=4).map(tuple).filter(lambda found: sum(found) > 7)
SHARES = st.one_of(
    st.integers(2, 4).map(lambda parts: [1] * parts), st.lists(st.integers(1, 9), min_size=2, max_size=4)
)


@settings(max_examples=150, deadline=None)
@given(FIRST_COUNTS, st.lists(st.tuples(OPTIONS, SHARES), max_size=3))
@example((22, 7, 20, 22), [((1, 2), [1, 1])])
@example((60, 38, 1, 0), [((1, 2), [1, 1])])
@example((22, 7, 20, 22), [((1,), [1, 1]), ((2,), [1, 1]), ((1, 2), [3, 1])])
@example((32, 5), [((1,), [1, 1, 1, 1])])
def test_no_count_of_1_to_7_can_be_told_from_who_was_led_where(first, led):
    counts, routes = {FIRST: first}, []
    for number, (chosen, shares) in enumerate(led, SECOND):
        options = tuple(option for option in chosen if option <= len(first)) or (1,)
        counts[number] = split(sum(first[option - 1] for option in options), shares)
        routes.append((number, FIRST, options))

    assert revealed(counts, routes) == []


def test_nor_by_a_reader_who_knows_nothing_else_from_a_question_of_all_beside_one_of_some():
    """32 and 5 are published as 30 and a star.

    Of all, 8, 8, 8 and 13 are 10, 10, 10 and 15, and 35 together: 37. Of those led on by the first option, 8, 8, 8 and
    8 are 10 each, and 30 together: 32. So the star is 5.
    """
    counts = {FIRST: (32, 5), SECOND: (8, 8, 8, 8), SIBLING: (8, 8, 8, 13)}
    routes = [(SECOND, FIRST, (1,))]
    told = publish(counts, [])

    assert told[FIRST].options == {1: 30, 2: STAR}
    assert revealed(counts, routes, told, totals=range(100)) == [2]
    assert revealed(counts, routes, totals=range(100)) == []
    assert publish(counts, routes)[SECOND] == Published()


def test_the_attack_finds_what_routing_would_tell():
    """22, 7, 20 and 22 are published as 20, *, 20 and 20. With the 29 who were led on as 30, the star is 6 or 7."""
    counts = {FIRST: (22, 7, 20, 22), SECOND: (15, 14)}
    routes = [(SECOND, FIRST, (1, 2))]
    told = publish(counts, [])

    assert told[FIRST].options[2] == STAR and told[SECOND].answered == 30
    assert revealed(counts, routes, told) == [2]
    assert publish(counts, routes)[SECOND] == Published()


def test_what_an_option_leads_to_is_told_where_no_count_of_its_question_is_small():
    shown = publish({FIRST: (22, 9, 20, 22), SECOND: (13, 9)}, [(SECOND, FIRST, (1,))])

    assert shown[SECOND].answered == shown[FIRST].options[1] == 20


def test_what_follows_from_a_table_that_is_withheld_is_not_told():
    """Of 12 and 7 neither is published; who was led on by the first would tell the second."""
    counts = {FIRST: (30, 19), SECOND: (12, 7), 3: (6, 6)}
    shown = publish(counts, [(SECOND, FIRST, (2,)), (3, SECOND, (1,))])

    assert (shown[SECOND].answered, shown[SECOND].options) == (20, {})
    assert shown[3] == Published()


def section(number, *questions, **settings):
    return {"id": str(number), "items": [{"q": q, "kind": "single"} | more for q, more in questions]} | settings


def test_a_combination_of_answers_is_not_told_but_a_way_on_is():
    """3 follows from 2, and 2 from 1. 4 is asked of those who met the conditions of both 1 and 5."""
    on_1, on_2, on_5 = ({"q": q, "any": [1]} for q in (1, 2, 5))
    structure = {
        "sections": [
            section(1, (1, {}), (5, {})),
            section(2, (2, {}), **{"if": on_1}),
            section(3, (3, {"if": on_2}), (4, {"if": on_5}), **{"if": on_1}),
        ]
    }
    tables = {n: Table(100, {1: 50, 2: 50}, frozenset({1, 2})) for n in range(1, 6)}

    assert telling(tables, [routing.routes(assemble(structure, {}))]) == {4}


# Options that can be ticked together


def ticked(counts, alone, total):
    """Every set of counts of a multiple choice that fits: whoever ticks nothing alone ticks one of the others."""
    ways = [sorted(fitting(rounded(n), total)) for n in counts]
    for found in itertools.product(*ways):
        together = [n for place, n in enumerate(found) if place not in alone]
        others = total - sum(n for place, n in enumerate(found) if place in alone)
        if max(together, default=0) <= others <= sum(together):
            yield found


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 20), min_size=2, max_size=4), st.integers(0, 2), st.integers(0, 40))
@example([98, 1], 1, 0)
@example([22, 12, 7], 0, 41)
def test_no_star_of_a_multiple_choice_can_be_told_by_who_knows_how_many_answered(counts, n_alone, spread):
    alone = set(range(len(counts) - n_alone, len(counts))) if n_alone < len(counts) else set()
    together = [n for place, n in enumerate(counts) if place not in alone]
    total = max([*together, sum(together) - spread]) + sum(counts[place] for place in alone)
    table = Table(total, dict(enumerate(counts)), frozenset(alone))

    if may_publish(table):
        found = list(ticked(counts, alone, total))
        assert tuple(counts) in found
        assert all(len({one[place] for one in found}) >= SAFE for place, n in enumerate(counts) if 1 <= n <= 7)


# A whole consultation


@pytest.fixture
def survey(db):
    """The survey of an area, closed and pinned. Of those who were in touch, few said “Fully”."""
    consultation = bring("area-survey")
    consultation.results = "after"
    consultation.save()
    assert pin.pin(consultation)
    return consultation


def test_a_pinned_consultation_tells_nothing_of_those_whom_several_options_led_on(survey):
    figures = {row.key: survey.pinned.figures["questions"][str(row.number)] for row in survey.questions.all()}

    assert STAR in figures["helped"]["options"].values()
    assert figures["when"]["answered"] == 35
    assert figures["wrong"] == {"answered": None, "options": {}, "withheld": True}
    assert [key for key, found in figures.items() if found["answered"] is None] == ["wrong"]


def test_the_page_says_why_there_is_no_figure(survey):
    theme = Theme.objects.get(name="Healthy lives")
    page = ConsultationPage.objects.get(translation_key=survey.key).get_latest_revision_as_object()
    page.results = "after"
    page.save_revision().publish()
    survey.questions.filter(key="wrong").update(theme=theme)
    instrument.forget()

    (told,) = pin.of_theme(theme, "en")
    shown = render_to_string("_summary.html", {"summary": told})

    (wrong,) = [question for question in told.questions if question.label == "What should have gone better?"]
    assert (wrong.answered, wrong.bars) == (None, ())
    assert "None" not in shown
    assert "beside the other figures, these could tell what somebody said" in shown
