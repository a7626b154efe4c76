"""Whatever editors, citizens and officers do, in whatever order: every figure, file and answer stays right.

A machine of rules publishes, rewords, removes, restores, reorders, translates, answers, corrects, withdraws, holds,
erases, folds. It keeps its own account of what was answered, by block id and list item id; after every step tally plus
tail, recount and file have to say the same as that account.
"""

import csv
import io
import uuid
from collections import Counter
from dataclasses import replace

import pytest
from django.db import transaction
from hypothesis import Phase
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from consultation import changes, compile, csv_files, fold, instrument, ledger, summary
from consultation.answers import Answers
from consultation.columns import NOT_ASKED, SKIPPED, Form
from consultation.compile import compile_leading, compile_wordings
from consultation.kinds import ANSWERED, ASKED
from consultation.models import Channel, Consultation, Response
from consultation.recount import Cell, check, recount
from consultation.source import SourceItem, SourceOption, SourceSection
from tests.factories import make_source

pytestmark = pytest.mark.django_db

BLOCKS = ["a", "b", "c", "d"]
ITEMS = ["x", "y", "z"]
LANGUAGES = ["en", "ga", "pl"]
STEPS = 15


def item(block, kind, order, words):
    options = tuple(SourceOption(name, f"{words} {block}{name}") for name in order) if kind != "long_text" else ()
    return SourceItem(id=block, kind=kind, label=f"{words} {block}", options=options)


QUESTIONNAIRES = st.lists(
    st.tuples(
        st.sampled_from(BLOCKS),
        st.sampled_from(["single", "multiple", "long_text"]),
        st.lists(st.sampled_from(ITEMS), min_size=2, max_size=3, unique=True),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda part: part[0],
)


class Identity(RuleBasedStateMachine):
    """See the module."""

    responses = Bundle("responses")

    def __init__(self):
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.source = make_source(sections=())
        self.account = {}  # what each counted response says: {(block, kind): set of items, "words", or None}
        self.columns = []
        instrument.forget()
        self.publish([("a", "single", ["x", "y"])], "Question")

    def teardown(self):
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @rule(parts=QUESTIONNAIRES, words=st.sampled_from(["Question", "Reworded"]))
    def publish(self, parts, words):
        """What an editor can do to the leading page: remove, restore, reorder, reword, change kinds and options."""
        items = tuple(item(*part, words) for part in parts)
        self.source = replace(self.source, sections=(SourceSection("s", "Section", "", items),))
        self.consultation = compile_leading(self.source)

    @rule(parts=QUESTIONNAIRES, language=st.sampled_from(LANGUAGES[1:]))
    def translate(self, parts, language):
        """Another language's page, with fewer blocks or more than the leading one, published at any time."""
        items = tuple(item(*part, language) for part in parts)
        compile_wordings(replace(self.source, language=language, sections=(SourceSection("s", "", "", items),)))
        self.consultation = Consultation.objects.get(pk=self.consultation.pk)

    def given(self, data, language):
        """Answers to what is asked now, and the same by block id and item id."""
        form = instrument.current(self.consultation, language)
        blocks = {row.number: row for row in self.consultation.questions.prefetch_related("options")}
        values, words, said = {}, {}, {}
        for question in form.questions:
            row = blocks[question.number]
            names = {option.number: option.item for option in row.options.all()}
            numbers = [option.number for option in question.options]
            if question.kind == "long_text":
                value = data.draw(st.sampled_from([None, True]))
                if value:
                    words[question.number, 0] = "=1+1"
                told = "words" if value else None
            elif question.kind == "single":
                value = data.draw(st.sampled_from([None, *numbers]))
                told = {names[value]} if value else None
            else:
                value = sorted(data.draw(st.sets(st.sampled_from(numbers)))) or None
                told = {names[number] for number in value} if value else None
            values[question.number] = value
            said[row.block.split(":")[0], row.kind] = told
        return Answers(values, words), said

    @rule(target=responses, data=st.data(), language=st.sampled_from(LANGUAGES))
    def submit(self, data, language):
        answers, said = self.given(data, language)
        stored = ledger.submit(
            self.consultation, uuid.uuid4(), self.consultation.published, language, Channel.WEB, answers
        )
        self.account[stored.pk] = said
        return stored.pk

    @rule(target=responses, pk=consumes(responses), data=st.data(), language=st.sampled_from(LANGUAGES))
    def correct(self, pk, data, language):
        answers, said = self.given(data, language)
        new = changes.correct(Response.objects.get(pk=pk), uuid.uuid4(), self.consultation.published, language, answers)
        if self.account.pop(pk, None) is not None:
            self.account[new.pk] = said
        return new.pk

    @rule(pk=consumes(responses), change=st.sampled_from(["withdraw", "erase"]))
    def take_back(self, pk, change):
        getattr(changes, change)(Response.objects.get(pk=pk))
        self.account.pop(pk, None)

    @rule(target=responses, pk=consumes(responses))
    def hold_and_perhaps_release(self, pk):
        row = Response.objects.get(pk=pk)
        changes.hold(row)
        fold.fold(self.consultation)
        changes.release(row)
        return multiple(pk)

    @rule()
    def fold(self):
        fold.fold(self.consultation)

    @rule(chosen=st.booleans())
    def segment(self, chosen):
        single = self.consultation.questions.filter(kind="single").values_list("number", flat=True)
        fold.choose_segments(self.consultation, list(single[:2]) if chosen else [])

    def expected(self):
        """The cells that the account calls for, by the numbers that blocks and items have."""
        cells = Counter()
        rows = {}
        for row in self.consultation.questions.prefetch_related("options"):
            rows[row.block.split(":")[0], row.kind] = row
        for said in self.account.values():
            cells[Cell(0, 0)] += 1
            for name, told in said.items():
                row = rows[name]
                cells[Cell(row.number, ASKED)] += 1
                if told is not None:
                    cells[Cell(row.number, ANSWERED)] += 1
                    numbers = {option.item: option.number for option in row.options.all()}
                    cells.update(Cell(row.number, numbers[i]) for i in (told if told != "words" else ()))
        return {cell: n for cell, n in cells.items() if n}

    @invariant()
    def the_form_asks_what_the_leading_page_asks(self):
        rows = {row.number: row.block.split(":")[0] for row in self.consultation.questions.all()}
        for language in LANGUAGES:
            asked = [rows[question.number] for question in instrument.current(self.consultation, language).questions]
            assert asked == [part.id for section in self.source.sections for part in section.items]

    @invariant()
    def every_figure_agrees(self):
        expected = self.expected()
        counted = recount(self.consultation)
        assert {cell: found.n for cell, found in counted.items() if not cell.segment} == expected
        assert summary.live_counts(self.consultation) == counted
        assert check(self.consultation) == []

    @invariant()
    def no_column_is_lost_and_the_file_agrees(self):
        header, *rows = csv.reader(
            io.StringIO("".join(csv_files.write(csv_files.rows(self.consultation, "en", Form.KEYS))))
        )
        assert set(self.columns) <= set(header)
        self.columns = header
        assert len(rows) == len(self.account)
        expected = self.expected()
        keys = {row.key: row.number for row in self.consultation.questions.exclude(kind="multiple")}
        for key, number in keys.items():
            cells = [row[header.index(key)] for row in rows]
            assert sum(cell != NOT_ASKED for cell in cells) == expected.get(Cell(number, ASKED), 0)
            assert sum(cell not in (NOT_ASKED, SKIPPED) for cell in cells) == expected.get(Cell(number, ANSWERED), 0)


def run(examples=8, phases=tuple(Phase)):
    chosen = hypothesis_settings(max_examples=examples, stateful_step_count=STEPS, phases=phases)
    run_state_machine_as_test(Identity, settings=chosen)


def run_until_found():
    """Enough runs to find a planted fault; which is the smallest does not matter."""
    run(60, [Phase.generate])


def test_nothing_that_anybody_does_harms_a_figure_or_an_answer():
    run()


@pytest.mark.battery
def test_nothing_harms_a_figure_or_an_answer_in_two_thousand_runs():
    run(2_000)


def naive_compile(source, keys=None):
    """The planted fault: structure from whichever page was published last."""
    return compile_leading(replace(source, language="en"), keys)


def test_a_compile_from_every_language_is_found(monkeypatch):
    monkeypatch.setitem(globals(), "compile_wordings", naive_compile)

    with pytest.raises(Exception):  # noqa: B017, PT011  # whichever check sees it first
        run_until_found()


def test_a_missing_decrement_is_found(monkeypatch):
    monkeypatch.setattr(changes, "_take_out", lambda row, folded: None)

    with pytest.raises(AssertionError):
        run_until_found()


def test_a_cascade_is_found(monkeypatch):
    """The planted fault: what is no longer asked is deleted."""
    monkeypatch.setattr(compile, "_retire", lambda rows: [row.delete() for row in list(rows)])

    with pytest.raises(Exception):  # noqa: B017, PT011  # the account knows a block that has no row
        run_until_found()
