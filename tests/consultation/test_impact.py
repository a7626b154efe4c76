"""What publishing would change about what people have answered is said before it is published."""

import datetime as dt
import uuid
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import Phase

from consultation import compile, foresight, impact, instrument, ledger
from consultation.answers import Answers
from consultation.compile import compile_leading, compile_wordings
from consultation.fold import fold
from consultation.impact import Change, What
from consultation.models import Channel, Consultation, Response
from consultation.source import SourceCondition, SourceItem, SourceOption, SourceRow, SourceSection
from tests.consultation.test_identity import Identity, run
from tests.factories import THEMES, make_source, make_themes

pytestmark = pytest.mark.django_db

WALK, BUS, ELSE = 1, 2, 3
GETTING_ABOUT, GREEN_PLACES = THEMES


@pytest.fixture
def source(db):
    """Published; three people answered: two walk, one of whom wants paths and buses, and one takes the bus."""
    make_themes()
    source = make_source()
    compile_leading(source)
    for values in ({1: WALK, 2: [1, 2]}, {1: WALK, 3: 40}, {1: BUS}):
        answer(source, values)
    return source


def answer(source, values, language="en"):
    consultation = Consultation.objects.get(key=source.key)
    given = Answers(values).asked_by(instrument.current(consultation, language))
    return ledger.submit(consultation, uuid.uuid4(), consultation.published, language, Channel.WEB, given)


def foresee(source):
    return foresight.changes(Consultation.objects.filter(key=source.key).first(), source)


def said(source):
    return [impact.in_words(change) for change in foresee(source)]


def edit(source, block, **changes):
    """The source with one of its items changed; None takes it away."""
    sections = []
    for section in source.sections:
        items = [replace(item, **changes) if item.id == block else item for item in section.items]
        sections.append(replace(section, items=tuple(items)))
    return replace(source, sections=tuple(sections))


def without(source, block):
    return replace(
        source,
        sections=tuple(replace(s, items=tuple(i for i in s.items if i.id != block)) for s in source.sections),
    )


def item(source, block):
    return next(item for section in source.sections for item in section.items if item.id == block)


def test_what_is_published_as_it_was_changes_nothing(source):
    assert foresee(source) == []


def test_before_the_first_publication_nothing_is_changed(db):
    assert foresee(make_source()) == []


def test_what_nobody_has_answered_is_not_listed(source):
    assert foresee(without(source, "ideas")) == []
    Response.objects.all().update(state="held")
    assert foresee(replace(without(source, "main-way"), closes_at=None, halt="paused")) == []


def test_a_question_that_is_removed_says_how_many_answered_it(source):
    assert said(without(source, "main-way")) == [
        "3 people answered “How do you mostly travel?”: it is not asked any more. Their answers stay in results and "
        "files."
    ]


def test_one_person_is_one_person(source):
    assert said(without(source, "age"))[0].startswith("1 person answered “How old are you?”")


def test_an_option_that_is_removed_says_how_many_chose_it(source):
    options = item(source, "main-way").options

    assert said(edit(source, "main-way", options=options[1:])) == [
        "2 people chose “On foot” in “How do you mostly travel?”: the option is no longer offered. Their answers stay "
        "in results and files."
    ]


def test_an_option_that_nobody_chose_can_go(source):
    assert foresee(edit(source, "main-way", options=item(source, "main-way").options[:2])) == []


@pytest.mark.parametrize(
    ("block", "changes", "what", "n"),
    [
        ("main-way", {"label": "How do you travel?"}, What.REWORDED, 3),
        ("wishes", {"hint": "Choose three."}, What.HINT_REWORDED, 1),
        ("main-way", {"required": False}, What.NOW_OPTIONAL, 3),
        ("age", {"required": True}, What.NOW_REQUIRED, 3),
        ("age", {"maximum": 110}, What.LIMITS, 1),
        ("wishes", {"limit": 2}, What.LIMITS, 1),
        ("main-way", {"theme": GREEN_PLACES}, What.THEME, 3),
        ("main-way", {"theme": ""}, What.THEME, 3),
    ],
)
def test_a_setting_of_a_question_that_changes_is_listed_with_its_answers(source, block, changes, what, n):
    assert [(change.what, change.n) for change in foresee(edit(source, block, **changes))] == [(what, n)]


def test_options_that_are_reworded_added_moved_and_given_another_role_are_listed(source):
    walk, bus, other = item(source, "main-way").options
    options = (replace(bus, label="By coach"), replace(walk, role="declined"), other, SourceOption("bike", "By bike"))

    found = {(change.what, change.option, change.n) for change in foresee(edit(source, "main-way", options=options))}

    assert found == {
        (What.OPTION_REWORDED, "By bus", 1),
        (What.OPTION_ROLE, "On foot", 2),
        (What.OPTION_ADDED, "By bike", 3),
        (What.OPTIONS_MOVED, "", 3),
    }


def test_who_is_asked_is_said_before_and_after(source):
    walkers = SourceCondition("main-way", ("walk",))
    answer(source, {1: WALK, 4: "The old park"})

    (change,) = foresee(edit(source, "park", show_if=walkers))

    assert impact.in_words(change) == (
        "4 people were asked “Which park is nearest to you?”. Who is asked changes from “Everybody is asked” to “Asked "
        "of those who chose “On foot” in “How do you mostly travel?””."
    )


def test_questions_that_change_places_or_pages_are_one_change(source):
    travel, green = source.sections
    moved = replace(source, sections=(replace(travel, items=travel.items[::-1]), green))
    apart = replace(
        source, sections=(replace(travel, items=travel.items[:2]), SourceSection("s", "", "", travel.items[2:]), green)
    )

    assert [change.what for change in foresee(moved)] == [What.ORDER]
    assert [change.what for change in foresee(apart)] == [What.ORDER]


def test_a_question_between_others_moves_none_of_them(source):
    travel, green = source.sections
    new = SourceItem("new", "short_text", "Anything else?")

    assert foresee(replace(source, sections=(replace(travel, items=(new, *travel.items)), green))) == []


def test_dates_a_pause_equality_questions_and_public_figures_are_listed_with_all_responses(source):
    changed = replace(
        source,
        opens_at=source.opens_at - dt.timedelta(days=1),
        closes_at=None,
        halt="paused",
        ask_equality=True,
        results="never",
    )

    assert [(change.what, change.n) for change in foresee(changed)] == [
        (What.OPENING, 3),
        (What.CLOSING, 3),
        (What.HALT, 3),
        (What.EQUALITY_ASKED, 3),
        (What.FIGURES, 3),
    ]
    assert "to no date." in said(changed)[1]
    assert "from “It goes by its dates” to “Paused”" in said(changed)[2]


def test_a_row_of_a_matrix_and_its_shared_options_are_counted_over_its_rows(db):
    matrix = SourceItem(
        "m",
        "matrix",
        "How good are",
        options=(SourceOption("x", "Good"), SourceOption("y", "Bad")),
        rows=(SourceRow("p", "parks"), SourceRow("q", "paths")),
    )
    source = make_source(sections=(SourceSection("s", "Section", "", (matrix,)),))
    compile_leading(source)
    answer(source, {1: 1, 2: 1})
    answer(source, {1: 2})
    changed = edit(source, "m", rows=matrix.rows[:1], options=(SourceOption("y", "Poor"),), label="How fine are")

    assert [(change.what, change.question, change.n) for change in foresee(changed)] == [
        (What.ROW_REMOVED, "How good are – paths", 1),
        (What.STEM_REWORDED, "How good are", 2),
        (What.OPTION_REWORDED, "How good are", 1),
        (What.OPTION_REMOVED, "How good are", 1),
    ]


def test_a_ranking_counts_an_option_at_any_place(db):
    ranking = SourceItem("r", "ranking", "Which first?", options=tuple(SourceOption(n, n) for n in "abc"), limit=3)
    source = make_source(sections=(SourceSection("s", "Section", "", (ranking,)),))
    compile_leading(source)
    answer(source, {1: [1, 2]})
    answer(source, {1: [3, 1]})

    (change,) = foresee(edit(source, "r", options=ranking.options[1:]))

    assert (change.what, change.option, change.n) == (What.OPTION_REMOVED, "a", 2)


def test_a_block_that_changes_its_kind_takes_its_question_away(source):
    (change,) = foresee(edit(source, "age", kind="short_text", minimum=None, maximum=None))

    assert (change.what, change.n) == (What.REMOVED, 1)


def test_it_makes_no_difference_whether_answers_are_folded(source):
    before = said(without(source, "main-way"))

    fold(Consultation.objects.get(key=source.key))

    assert said(without(source, "main-way")) == before != []


def test_the_words_of_a_translation_are_counted_by_those_who_read_them(source):
    irish = replace(edit(source, "main-way", label="Cén dóigh?"), language="ga")
    compile_wordings(irish, {"en": []})
    answer(source, {1: WALK}, "ga")

    assert foresee(irish) == []
    (change,) = foresee(edit(irish, "main-way", label="Cén chaoi?"))
    assert (change.what, change.n, change.before) == (What.REWORDED, 1, "Cén dóigh?")


def test_the_history_keeps_changes_as_they_were(source):
    changes = foresee(without(edit(source, "main-way", label="How?"), "age"))

    assert impact.read(impact.stored(changes)) == changes != []
    assert impact.read([{"what": "a later one", "n": 1}, "nonsense", {"what": "removed", "unknown": 1}]) == []
    assert impact.read(None) == []


def test_every_kind_of_change_has_words():
    change = Change(What.REMOVED, 2, "Q", "O", "", "")

    assert set(impact.SENTENCES) == set(What)
    assert all("2 people" in impact.in_words(replace(change, what=what)) for what in What)


def test_a_long_form_costs_as_many_queries_as_a_short_one(source):
    def queries(number):
        items = tuple(SourceItem(f"n{n}", "single", f"Q {n}", options=(SourceOption("x", "X"),)) for n in range(number))
        own = make_source(sections=(SourceSection("s", "Section", "", items),))
        compile_leading(own)
        answer(own, dict.fromkeys(range(1, number + 1), 1))
        instrument.forget()
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert len(foresee(replace(own, sections=()))) == number
        return len(captured)

    assert queries(2) == queries(40) <= 20


# What is foreseen is what happens


class Foreseen(Identity):
    """Before each publication, the form that it will make is told."""

    def __init__(self):
        try:
            super().__init__()
        except AssertionError:  # the first publication is made here, and Hypothesis takes down only what it has
            self.teardown()
            raise

    def goes_live(self):
        source = replace(self.source, sections=tuple(self.written(self.parts, self.words)))
        consultation = Consultation.objects.filter(key=source.key).first()
        rows = consultation.questions.prefetch_related("options") if consultation else []
        known = {
            row.block: impact.Known(row.number, row.kind, {o.item: o.number for o in row.options.all()}) for row in rows
        }
        told = impact.planned(source, known)
        super().goes_live()
        made = instrument.current(Consultation.objects.get(key=source.key), "en")
        assert shape(told) == shape(made), "the form is another one than was foreseen"


def shape(questionnaire):
    def plain(text):
        return text.text

    return [
        (
            section.number,
            section.condition,
            [
                (
                    replace(q, label="", hint="", stem="", options=(), bins=()),
                    plain(q.label),
                    plain(q.stem),
                    [(o.number, o.role, plain(o.label)) for o in q.options],
                )
                for q in section.questions
            ],
        )
        for section in questionnaire.sections
    ]


def test_the_form_that_is_foreseen_is_the_one_that_publishing_makes():
    run(machine=Foreseen)


def test_a_publication_that_does_something_else_is_found(monkeypatch):
    condition = compile._condition
    monkeypatch.setattr(compile, "_condition", lambda show_if, earlier: {} if show_if else condition(None, earlier))

    with pytest.raises(AssertionError, match="^the form is another one|^the ledger is counted"):
        run(40, Foreseen, [Phase.generate])


def test_counting_the_wrong_option_is_found(monkeypatch, source):
    monkeypatch.setattr(impact, "chose", lambda question, option, counts: counts.get((question.number, option + 1), 0))

    with pytest.raises(AssertionError):
        test_an_option_that_is_removed_says_how_many_chose_it(source)
