"""Whatever editors, citizens and officers do, in whatever order: every figure, file and answer stays right.

A machine of rules publishes, rewords, removes, restores, reorders, routes, translates, beside what tests/identity.py
has citizens and officers do. Here the questionnaire is plain values; tests/home/test_identity_of_pages.py has real
pages. Whom a question was asked of is worked out here from what the editor wrote, and by nothing of routing.py.
"""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test

from consultation import apart, changes, compile, kinds, ledger, routing
from consultation.compile import compile_leading, compile_wordings
from consultation.models import Question
from consultation.source import SourceCondition, SourceItem, SourceOption, SourceRow, SourceSection
from tests.factories import make_source
from tests.identity import BLOCKS, ITEMS, LANGUAGES, ORGANISATIONS, Account, Answering, questionnaires, with_alone

pytestmark = pytest.mark.django_db

STEPS = 15
ROWS = ["p", "q", "r", "v", "w"]
SECTIONS = ["s", "t", "u"]
DECIDING = ["single", "multiple", "scale", "respondent"]
QUESTIONNAIRES = questionnaires("matrix", "respondent")


class Identity(Answering):
    """See the module. What an editor does changes one thing of the questionnaire, and publishes it."""

    def __init__(self):
        super().__init__()
        self.source = make_source(sections=())
        self.accounts = [Account(self.source.key)]
        self.words = "Question"
        self.parts = [
            ("a", "single", ["x", "y"]),
            ("b", "matrix", ["x", "y"]),
            ("c", "multiple", ["x", "y"]),
            ("d", "date", []),
        ]
        self.rows = dict.fromkeys(BLOCKS, ["p", "q"])
        self.section_of = dict(zip(BLOCKS, "sttu", strict=True))
        self.order = SECTIONS
        self.conditions = {"c": ("a", frozenset("x"))}  # by section or block: a block, and some of its items
        self.goes_live()

    @rule(parts=QUESTIONNAIRES, words=st.sampled_from(["Question", "Reworded"]))
    def publish(self, parts, words):
        """What an editor can do to the leading page: remove, restore, reorder, reword, change kinds and options."""
        self.parts, self.words = parts, words
        self.goes_live()

    @rule(section_of=st.fixed_dictionaries(dict.fromkeys(BLOCKS, st.sampled_from(SECTIONS))))
    def move_questions(self, section_of):
        self.section_of = section_of
        self.goes_live()

    @rule(order=st.permutations(SECTIONS))
    def move_sections(self, order):
        self.order = order
        self.goes_live()

    @precondition(lambda self: len(self.parts) > 2)
    @rule(data=st.data())
    def remove(self, data):
        """Whatever is asked only of some because of it."""
        gone = data.draw(st.sampled_from(self.parts))
        self.parts = [part for part in self.parts if part != gone]
        self.goes_live()

    @precondition(lambda self: self.matrices())
    @rule(data=st.data(), rows=st.permutations(ROWS), most=st.sampled_from([2, 1, 3, 0]))
    def change_rows(self, data, rows, most):
        """Add, remove, restore or reorder."""
        self.rows = self.rows | {data.draw(st.sampled_from(self.matrices())): rows[:most]}
        self.goes_live()

    @precondition(lambda self: self.choices())
    @rule(data=st.data())
    def ask_only_some(self, data):
        place, question, items = data.draw(st.sampled_from(self.choices()))
        self.conditions[place] = question, data.draw(st.frozensets(st.sampled_from(items), min_size=1))
        self.goes_live()

    @rule(
        place=st.sampled_from([*BLOCKS, *SECTIONS]),
        question=st.sampled_from([*BLOCKS, "gone"]),
        items=st.frozensets(st.sampled_from([*ITEMS, "gone"])),
    )
    def ask_only_some_perhaps(self, place, question, items):
        """A condition on anything: on a later question, on itself, on one that is gone or whose kind can't decide."""
        self.conditions[place] = question, items
        self.goes_live()

    @precondition(lambda self: self.conditions)
    @rule(data=st.data())
    def ask_everybody(self, data):
        del self.conditions[data.draw(st.sampled_from(sorted(self.conditions)))]
        self.goes_live()

    @rule(parts=QUESTIONNAIRES, language=st.sampled_from(LANGUAGES[1:]))
    def translate(self, parts, language):
        """Another language's page, with fewer blocks or more than the leading one, published at any time."""
        source = replace(self.source, language=language, sections=tuple(self.written(parts, language)))
        compile_wordings(source, {"en": []})

    def goes_live(self):
        self.source = replace(self.source, sections=tuple(self.written(self.parts, self.words)))
        compile_leading(self.source)
        (account,) = self.accounts
        account.asked = [
            (name, kind, items)
            for _section, parts in self.layout(self.parts)
            for block, kind, items in parts
            for name in self.names(block, kind)
        ]
        account.conditions = dict(self.deciding())

    def matrices(self):
        return [block for block, kind, _items in self.parts if kind == "matrix"]

    def names(self, block, kind):
        return [f"{block}/{row}" for row in self.rows[block]] if kind == "matrix" else [block]

    def layout(self, parts):
        return [(section, [part for part in parts if self.section_of[part[0]] == section]) for section in self.order]

    def choices(self):
        """Every condition that could decide: the place that it can have, the question, its items."""
        earlier, found = [], []
        for section, parts in self.layout(self.parts):
            places = [section, *(part[0] for part in parts)]
            found += [(place, block, items) for place in places for block, kind, items in earlier if kind in DECIDING]
            earlier += parts
        return found

    def deciding(self):
        """The conditions that do decide, as the account has them: the rest asks everybody."""
        offered = {(place, block): items for place, block, items in self.choices()}
        kind_of = {block: kind for block, kind, _items in self.parts}
        for section, parts in self.layout(self.parts):
            for block, kind, _items in parts:
                set_here = [(place, *self.conditions[place]) for place in (section, block) if place in self.conditions]
                found = [
                    (question, items & {*offered.get((place, question), ())}) for place, question, items in set_here
                ]
                conditions = [((question, kind_of[question]), items) for question, items in found if items]
                yield from (((name, kind), conditions) for name in self.names(block, kind))

    def written(self, parts, words):
        """The questionnaire as the source of a page."""
        conditions = {place: SourceCondition(block, tuple(items)) for place, (block, items) in self.conditions.items()}
        for section, inside in self.layout(parts):
            items = tuple(
                SourceItem(
                    id=block,
                    kind=kind,
                    label=f"{words} {block}",
                    options=tuple(
                        SourceOption(
                            name, f"{words} {block}{name}", ORGANISATIONS.get(name, "") if kind == "respondent" else ""
                        )
                        for name in options
                    ),
                    rows=tuple(SourceRow(row, f"{words} {block}{row}") for row in self.rows[block]),
                    show_if=conditions.get(block),
                )
                for block, kind, options in inside
            )
            yield SourceSection(section, "Section", "", items, conditions.get(section))


def run(examples=8, machine=Identity, phases=tuple(Phase)):
    chosen = hypothesis_settings(
        max_examples=examples,
        stateful_step_count=STEPS,
        phases=phases,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    run_state_machine_as_test(machine, settings=chosen)


def run_until_found(*rules):
    """Enough runs with these rules alone to find a planted fault; which of them is the smallest does not matter."""
    run(100, with_alone(Identity, rules), [Phase.generate])


def test_nothing_that_anybody_does_harms_a_figure_or_an_answer():
    run()


@pytest.mark.battery
@pytest.mark.parametrize("part", range(8))
def test_nothing_harms_a_figure_or_an_answer_in_two_thousand_runs(part):
    run(250)


# Planted faults


def test_a_compile_from_every_language_is_found(monkeypatch):
    """Structure from whichever page was published last."""
    monkeypatch.setitem(
        globals(), "compile_wordings", lambda source, originals: compile_leading(replace(source, language="en"))
    )

    with pytest.raises(AssertionError, match="^the form in en asks"):
        run_until_found("publish", "translate")


def test_a_missing_decrement_is_found(monkeypatch):
    monkeypatch.setattr(changes, "_take_out", lambda row, folded: None)

    with pytest.raises(AssertionError, match="^the figures are not those of the ledger"):
        run_until_found("submit", "correct", "take_back", "fold")


def test_an_undoing_that_forgets_the_tally_is_found(monkeypatch):
    monkeypatch.setattr(changes, "_add", lambda *given: None)

    with pytest.raises(AssertionError, match="^the figures are not those of the ledger"):
        run_until_found("key_in", "undo_batch", "fold")


def test_an_undoing_that_leaves_what_is_kept_apart_is_found(monkeypatch):
    monkeypatch.setattr(apart, "forget_all", lambda responses: None)

    with pytest.raises(AssertionError, match="^kept apart is"):
        run_until_found("key_in", "undo_batch")


def test_an_undoing_that_forgets_what_was_corrected_is_found(monkeypatch):
    """The sheet stays with the response that was keyed in first."""
    monkeypatch.setattr(changes.Entry.objects, "filter", lambda **given: changes.Entry.objects.none())

    with pytest.raises(AssertionError, match="^the ledger is counted as"):
        run_until_found("key_in", "correct", "undo_batch")


def test_a_release_that_forgets_the_tally_is_found(monkeypatch):
    adjust = changes._adjust
    monkeypatch.setattr(changes, "_adjust", lambda row, sign: sign < 0 and adjust(row, sign))

    with pytest.raises(AssertionError, match="^the figures are not those of the ledger"):
        run_until_found("submit_as_a_suspect", "hold_or_release", "reject", "fold")


def test_a_suspect_that_is_counted_is_found(monkeypatch):
    submit = ledger.submit
    monkeypatch.setattr(ledger, "submit", lambda *given, reasons, **more: submit(*given, **more))

    with pytest.raises(AssertionError, match="^the ledger is counted as"):
        run_until_found("submit_as_a_suspect")


def test_a_withdrawal_that_leaves_what_is_kept_apart_is_found(monkeypatch):
    monkeypatch.setattr(apart, "forget", lambda response: None)

    with pytest.raises(AssertionError, match="^kept apart is"):
        run_until_found("submit", "take_back")


def test_a_cascade_is_found(monkeypatch):
    """What is no longer asked is deleted."""
    monkeypatch.setattr(compile, "_retire", lambda rows: [row.delete() for row in list(rows)])

    with pytest.raises(AssertionError, match="^a question is lost|^a column is lost"):
        run_until_found("publish", "change_rows", "submit")


def test_routing_that_is_ignored_when_answers_are_sent_is_found(monkeypatch):
    monkeypatch.setattr(routing, "reached", lambda questionnaire, values: questionnaire)

    with pytest.raises(AssertionError, match="^the ledger is counted as"):
        run_until_found("submit")


def test_a_condition_on_a_retired_question_that_decides_is_found(monkeypatch):
    """Nobody is asked what depends on it any more."""
    number, condition, ever = compile._number, compile._condition, {}

    def _number(consultation, source, keys):
        ever.clear()
        for row in consultation.questions.all():
            ever[row.block] = row.number, {option.item: option.number for option in row.options.all()}
        return number(consultation, source, keys)

    monkeypatch.setattr(compile, "_number", _number)
    monkeypatch.setattr(compile, "_condition", lambda show_if, earlier: condition(show_if, ever | earlier))

    with pytest.raises(AssertionError, match="^the ledger is counted as"):
        run_until_found("remove", "submit")


def test_a_number_that_a_new_row_of_a_matrix_takes_from_one_that_is_gone_is_found(monkeypatch):
    def compile_and_take(source):
        rows = Question.objects.filter(consultation__key=source.key, kind="matrix")
        known = set(rows.values_list("block", flat=True))
        asked = {row.id for s in source.sections for item in s.items if item.kind == "matrix" for row in item.questions}
        for new, old in zip(sorted(asked - known), sorted(known - asked), strict=False):
            rows.filter(block=old).update(block=new)
        return compile.compile_leading(source)

    monkeypatch.setitem(globals(), "compile_leading", compile_and_take)

    with pytest.raises(AssertionError, match="^a question is lost"):
        run_until_found("change_rows", "submit")


def test_a_day_that_is_counted_in_the_wrong_month_is_found(monkeypatch):
    """From 1: December would be a month of the next year."""
    date = kinds.KINDS["date"]

    def counts(question, value):
        return (replace(count, option=count.option + (count.option > 0)) for count in date.counts(question, value))

    monkeypatch.setitem(kinds.KINDS, "date", replace(date, counts=counts))

    with pytest.raises(AssertionError, match="^the ledger is counted as"):
        run_until_found("submit")
