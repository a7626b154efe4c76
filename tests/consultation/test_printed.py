"""A questionnaire on paper: places, codes, and its routes in words."""

import pytest
from django.template.loader import get_template

from consultation import instrument, printed
from consultation.compile import compile_leading
from consultation.equality import QUESTIONS
from consultation.kinds import KINDS
from consultation.questionnaire import Option, Question, codes, places
from consultation.source import SourceCondition, SourceItem, SourceOption, SourceSection
from tests.factories import make_source

pytestmark = pytest.mark.django_db

NEVER = SourceCondition("often", ("never",))


def options(*names):
    return tuple(SourceOption(name, name.capitalize()) for name in names)


def item(name, kind="short_text", **more):
    return SourceItem(id=name, kind=kind, label=name.capitalize(), **more)


def section(name, *items, show_if=None):
    return SourceSection(id=name, title=name.capitalize(), introduction="", items=items, show_if=show_if)


def publish(*sections, **more):
    consultation = compile_leading(make_source(sections=sections, **more))
    return instrument.current(consultation, "en")


ROUTED = (
    section("travel", item("why"), item("often", "single", options=options("daily", "never"))),
    section("away", item("reason"), show_if=NEVER),
    section("further", item("wish"), show_if=NEVER),
    section("all", item("end", show_if=NEVER)),
)


def test_codes_count_from_one_in_the_order_shown_whatever_number_an_option_has():
    question = Question(1, "single", options=(Option(7), Option(2), Option(9)))

    assert {code: option.number for code, option in codes(question).items()} == {1: 7, 2: 2, 3: 9}


def test_an_option_that_is_no_longer_offered_has_no_code():
    source = make_source(sections=(section("s", item("often", "single", options=options("daily", "weekly", "never"))),))
    compile_leading(source)

    asked = publish(section("s", item("often", "single", options=options("never", "daily"))), key=source.key)

    question = next(asked.questions)
    assert {code: option.label.text for code, option in codes(question).items()} == {1: "Never", 2: "Daily"}
    assert [option.number for option in codes(question).values()] == [3, 1]


def test_places_leave_no_gap_where_a_question_was_taken_out():
    source = make_source(sections=(section("s", item("one"), item("two"), item("three")),))
    compile_leading(source)

    asked = publish(section("s", item("three"), item("one")), key=source.key)

    assert places(asked) == {3: 1, 1: 2}


def test_a_section_for_some_says_for_whom_and_where_the_others_go_on():
    away = printed.sections(publish(*ROUTED))[1]

    assert away.only_if == "“Never” in question 2"
    assert away.otherwise == "If not, go on to section 4."


def test_a_section_for_some_at_the_end_says_that_the_others_are_done():
    last = printed.sections(publish(*ROUTED[:2]))[1]

    assert last.otherwise == "If not, you have reached the end of the questions."


def test_a_question_for_some_says_for_whom_by_the_place_it_has_on_paper():
    source = make_source(sections=(section("gone", item("gone")), *ROUTED))
    compile_leading(source)

    last = printed.sections(publish(*ROUTED, key=source.key))[-1].items[0]

    assert last.only_if == "“Never” in question 2"  # whose number is 3


def test_what_everybody_is_asked_says_nothing_of_whom():
    first = printed.sections(publish(*ROUTED))[0]

    assert (first.only_if, first.otherwise, first.items[0].only_if) == ("", "", "")


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "matrix"])
def test_every_kind_has_a_template_on_paper(kind):
    get_template(printed.Printed(1, Question(1, kind), "").template)


def test_many_short_options_stand_in_two_columns_and_long_ones_do_not():
    short = Question(1, "single", options=tuple(Option(n) for n in range(printed.WIDE)))
    one = Option(9, role="other")

    assert printed.Printed(1, short, "").has_columns
    assert not printed.Printed(1, Question(1, "single", options=(*short.options, one)), "").has_columns


def test_equality_options_have_codes_in_the_order_shown():
    age = QUESTIONS[0]

    assert age.codes[1] == "under18"
    assert age.codes[len(age.codes)] == "declined"
    assert [str(label) for _code, label in age.boxes][:2] == ["Under 18", "18 to 24"]
