"""Figures of codes are of people, exact and live, of the question's theme or the code's own."""

from dataclasses import dataclass

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consultation import changes, coding, filters, frames, topics
from consultation.filters import Filter, Topic
from consultation.models import Code, Theme
from consultation.summary import EVERY
from tests.coding import codes_of, make_frame, place, write

pytestmark = pytest.mark.django_db


@dataclass
class Made:
    consultation: object
    frame: object
    responses: list
    codes: list


@pytest.fixture
def made(consultation, officer):
    """Buses is part of Getting about. Five people: buses and trees, about and buses, buses, nothing, not read."""
    frame = make_frame(consultation)
    about = frames.new_code(frame, "Getting about")
    buses, trees, litter, about = codes_of(frame)
    Code.objects.filter(pk=buses.pk).update(parent=about)
    responses = [write(consultation) for _ in range(5)]
    write(consultation, "")
    for response, codes in zip(responses, [[buses, trees], [about, buses], [buses], []], strict=False):
        coding.read(frame, place(response), [code.pk for code in codes], officer)
    return Made(consultation, frame, responses, [buses, trees, litter, about])


def told(made, **more):
    return [
        (found.question, found.wrote, found.read, [(t.name, t.n, t.is_part) for t in found.topics])
        for found in topics.of_consultation(made.consultation, **more)
    ]


def test_people_are_counted_and_what_is_part_of_a_code_is_counted_with_it(made):
    assert told(made) == [
        (5, 5, 4, [("Trees", 1, False), ("Litter", 0, False), ("Getting about", 3, False), ("Buses", 3, True)])
    ]
    assert [t.percent for t in topics.of_consultation(made.consultation)[0].topics] == [25, 0, 75, 75]
    assert topics.of_consultation(made.consultation)[0].left == 1


def test_figures_follow_whatever_becomes_of_a_response(made):
    changes.hold(made.responses[0])
    assert told(made)[0][1:3] == (4, 3)
    changes.release(made.responses[0])
    changes.withdraw(made.responses[1])
    changes.erase(made.responses[2])

    assert told(made)[0][1:] == (
        3,
        2,
        [("Trees", 1, False), ("Litter", 0, False), ("Getting about", 1, False), ("Buses", 1, True)],
    )


def test_of_somebody_who_wrote_twice_to_a_question_a_code_counts_once(consultation, officer):
    frame = make_frame(consultation, 2)
    response = write(consultation, q2_4="A tram", q2_5="Another")
    for option in (4, 5):
        coding.read(frame, place(response, 2, option), [codes_of(frame)[0].pk], officer)

    (found,) = topics.of_consultation(consultation)

    assert (found.wrote, found.read, [topic.n for topic in found.topics]) == (1, 1, [1, 0, 0])


def test_each_figure_is_as_many_as_the_responses_that_its_link_leads_to(made):
    known = filters.known(made.consultation)
    (found,) = topics.of_consultation(made.consultation)

    for topic in found.topics:
        where = Filter(code=Topic(5, topic.code)).condition(known)
        assert made.consultation.responses.filter(where).count() == topic.n
    unread = Filter(code=Topic(5, 0))
    assert made.consultation.responses.filter(unread.condition(known)).count() == found.left
    assert coding.texts(made.frame).filter(unread.of_texts(known)).count() == found.left
    assert unread.said(known) == "With a text to question 5 that is not coded yet"
    buses = next(topic.code for topic in found.topics if topic.name == "Buses")
    assert Filter(code=Topic(5, buses)).said(known) == "Code “Buses” on question 5"


def test_a_filter_leaves_codes_of_those_who_fit(made):
    known = filters.known(made.consultation)
    trees = Filter(code=Topic(5, made.codes[1].pk)).condition(known)

    (found,) = topics.of_consultation(made.consultation, trees)

    assert (found.wrote, found.read) == (1, 1)
    assert {topic.name: topic.n for topic in found.topics} == {"Trees": 1, "Litter": 0, "Getting about": 1, "Buses": 1}


def test_a_code_belongs_to_its_own_theme_or_its_parents_or_the_questions(made):
    getting_about, green = Theme.objects.get(name="Getting about"), Theme.objects.get(name="Green places")
    Code.objects.filter(name="Getting about").update(theme=getting_about)

    assert told(made, theme=green)[0][3] == [("Trees", 1, False), ("Litter", 0, False)]
    assert told(made, theme=getting_about)[0][3] == [("Getting about", 3, False), ("Buses", 3, True)]


def test_it_costs_as_many_queries_whatever_there_is(made, officer):
    def queries():
        with CaptureQueriesContext(connection) as found:
            topics.of_consultation(made.consultation)
        return len(found)

    queries()
    before = queries()
    for n in range(5):
        code = frames.new_code(made.frame, f"More {n}")
        coding.read(made.frame, place(write(made.consultation)), [code.pk], officer)

    assert queries() == before <= 8


def test_a_consultation_without_codes_costs_one_query(consultation, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert topics.of_consultation(consultation, EVERY) == []
