"""What the state machines of reliability share: citizens, officers, and an account of every answer.

The account knows answers by block id and list item id as they were when answering began, never by the numbers that the
ledger goes by. So an answer that came to stand under another question or option would be seen, and so would one lost.
"""

import csv
import datetime as dt
import io
import uuid
from collections import Counter
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import (
    RULE_MARKER,
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    precondition,
    rule,
)

from consultation import batches, changes, coding, csv_files, fold, frames, instrument, ledger, summary, topics
from consultation.answers import Answers, look_again
from consultation.coding import Place
from consultation.columns import FIXED, NO_CODE, NOT_ASKED, SKIPPED, Form, guard
from consultation.kinds import ANSWERED, ASKED
from consultation.models import (
    AnswerWords,
    Batch,
    Channel,
    CodedQuestion,
    CodeFrame,
    Consultation,
    EqualityAnswers,
    Level,
    Reason,
    Redaction,
    Response,
)
from consultation.recount import Cell, check, recount

BLOCKS = ["a", "b", "c", "d"]
ITEMS = ["x", "y", "z"]
LANGUAGES = ["en", "ga", "pl"]
WORDS = "=1+1"  # what everybody writes: a spreadsheet would run it
NOTHING: dict[str, str] = {}
APART = [NOTHING, {"age": "from35"}, {"age": "declined", "trans": "no"}]  # said to the equality questions
KEYER = SimpleNamespace(get_username=lambda: "keyer")
ORGANISATIONS = {"y": "named", "z": "unnamed"}  # of the items of a question who answers, those with a role
CODES = ["One", "Other"]
CODERS = ["first", "second"]
NAME = 1001  # under which an organisation's name is kept
DAY = dt.timedelta(1)
DAYS = ["1999-12-31", "2026-01-31", "2026-02-01"]


def questionnaires(*more):
    """What an editor can make of a questionnaire: some blocks in some order, each of some kind with some items."""
    kinds = ["single", "multiple", "scale", "ranking", "long_text", "date", *more]
    part = st.tuples(
        st.sampled_from(BLOCKS),
        st.sampled_from(kinds),
        st.lists(st.sampled_from(ITEMS), min_size=2, max_size=3, unique=True),
    ).map(lambda part: (*part[:2], [] if part[1] in ("long_text", "date") else part[2]))
    return st.lists(part, min_size=1, max_size=4, unique_by=lambda part: part[0])


# Block and kind: a block that changed its kind is another question. The block of a matrix's row is "block/row".
Name = tuple[str, str]
# Skipped, in words or a day, the items chosen, or the items in the order of their places.
Told = None | str | frozenset[str] | tuple[str, ...]
Said = dict[Name, Told]


@dataclass
class Account:
    """What is known of one consultation without asking the database."""

    key: uuid.UUID
    asked: list[tuple[str, str, list[str]]] = field(default_factory=list)  # empty: not published yet
    # A question that is here is asked of those who chose one of the items at each of the questions.
    conditions: dict[Name, list[tuple[Name, frozenset[str]]]] = field(default_factory=dict)
    counted: dict[int, Said] = field(default_factory=dict)
    held: dict[int, Said] = field(default_factory=dict)
    rejected: dict[int, Said] = field(default_factory=dict)
    apart: dict[int, dict[str, str]] = field(default_factory=dict)  # equality answers, by response
    batches: dict[int, set[int]] = field(default_factory=dict)  # what staff keyed in, by batch
    loose: list[dict[str, str]] = field(default_factory=list)  # equality answers that are nobody's any more
    stripped: set[int] = field(default_factory=set)  # whose time has come: nothing is left of their words
    # What each coder found in a text, by response and question number, and what was decided under "".
    coded: dict[tuple[int, int], dict[str, frozenset[str]]] = field(default_factory=dict)
    answered: bool = False  # at least once, whatever became of it
    columns: list[str] = field(default_factory=list)

    @property
    def places(self) -> list[dict[int, Said]]:
        """What was said by those who are counted, held and rejected."""
        return [self.counted, self.held, self.rejected]

    def forget_codes(self, pk: int) -> None:
        """What was found goes with the words."""
        self.coded = {place: found for place, found in self.coded.items() if place[0] != pk}

    @property
    def consultation(self) -> Consultation:
        """The record as it is stored now."""
        return Consultation.objects.select_related("version").get(key=self.key)

    def form(self, language: str) -> Any:
        """What a citizen gets to see now."""
        return instrument.current(self.consultation, language)

    def asked_of(self, said: Said) -> Said:
        """What somebody said, as far as it was asked for. Conditions look back, so that one pass finds it."""
        found: Said = {}
        for block, kind, _items in self.asked:
            conditions = self.conditions.get((block, kind), [])
            if all(items & frozenset(found.get(question) or ()) for question, items in conditions):
                found[block, kind] = said[block, kind]
        return found

    def rows(self) -> dict[Name, Any]:
        """The stored questions by what the account calls them."""
        rows = self.consultation.questions.prefetch_related("options")
        return {(row.block.split(":")[0], row.kind): row for row in rows}


@dataclass(frozen=True)
class Begun:
    """A form that somebody has filled in and not sent, with answers on ways that they did not take in the end."""

    place: tuple[int, str]
    answers: Answers
    said: Said


class Answering(RuleBasedStateMachine):
    """Citizens and officers. What happens to the questionnaire is the subclass's."""

    responses = Bundle("responses")
    begun = Bundle("begun")

    def __init__(self):
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.accounts: list[Any] = []
        instrument.forget()
        cache.clear()

    def teardown(self):
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def offered(self, account):
        """The languages in which it can be answered, as the account has it."""
        return LANGUAGES if account.asked else []

    def places(self):
        """Every form that a citizen can open: the number of the account, and the language."""
        return [(n, language) for n, account in enumerate(self.accounts) for language in self.offered(account)]

    def published(self):
        return [account for account in self.accounts if account.asked]

    def whose(self, pk):
        """None of those, where it went with its batch."""
        return next((account for account in self.accounts if any(pk in place for place in account.places)), None)

    def given(self, data, account, language):
        """Answers to all that is on the form, and the same by block id and item id: by their place on the form."""
        values, words, said = {}, {}, {}
        for question, (block, kind, items) in zip(account.form(language).questions, account.asked, strict=True):
            if kind == "long_text":
                values[question.number], told = data.draw(st.sampled_from([(None, None), (True, "words")]))
                if told:
                    words[question.number, 0] = WORDS
            elif kind == "date":
                values[question.number] = told = data.draw(st.sampled_from([None, *DAYS]))
            elif kind == "ranking":
                told = tuple(data.draw(st.lists(st.sampled_from(items), unique=True))) or None
                numbers = {item: o.number for o, item in zip(question.options, items, strict=True)}
                values[question.number] = [numbers[item] for item in told] if told else None
            else:
                most = len(items) if kind == "multiple" else 1
                told = data.draw(st.frozensets(st.sampled_from(items), max_size=most)) or None
                numbers = [o.number for o, item in zip(question.options, items, strict=True) if item in (told or ())]
                values[question.number] = (sorted(numbers) if kind == "multiple" else numbers[0]) if numbers else None
                if kind == "respondent" and told and told <= set(ORGANISATIONS):
                    words[question.number, NAME] = WORDS
            said[block, kind] = told
        return Answers(values, words), said

    def store(self, account, language, answers, said, apart=NOTHING, reasons=()):
        consultation = account.consultation
        asked = answers.asked_by(account.form(language))
        version, more = consultation.published, {"reasons": reasons, "equality": apart}
        stored = ledger.submit(consultation, uuid.uuid4(), version, language, Channel.WEB, asked, **more)
        place = account.held if reasons else account.counted
        place[stored.pk] = account.asked_of(said)
        if apart:
            account.apart[stored.pk] = apart
        account.answered = True
        return stored.pk

    @precondition(lambda self: self.places())
    @rule(target=responses, data=st.data())
    def submit(self, data):
        n, language = data.draw(st.sampled_from(self.places()))
        apart = data.draw(st.sampled_from(APART))
        return self.store(self.accounts[n], language, *self.given(data, self.accounts[n], language), apart)

    @precondition(lambda self: self.places())
    @rule(target=responses, data=st.data())
    def submit_as_a_suspect(self, data):
        n, language = data.draw(st.sampled_from(self.places()))
        given = self.given(data, self.accounts[n], language)
        return self.store(self.accounts[n], language, *given, reasons=[Reason.PACE])

    @precondition(lambda self: self.places())
    @rule(target=responses, data=st.data(), more=st.booleans())
    def key_in(self, data, more):
        """Staff bring in a sheet of paper: into a new batch, or into one that is not undone."""
        n, language = data.draw(st.sampled_from(self.places()))
        account = self.accounts[n]
        given, said = self.given(data, account, language)
        consultation, apart = account.consultation, data.draw(st.sampled_from(APART))
        batch = self.batch(account, consultation, language) if more else None
        if batch is None:
            known = {"source": Batch.Source.KEYED, "channel": Channel.PAPER, "language": language}
            batch = Batch.objects.create(consultation=consultation, version=consultation.published, **known)
            account.batches[batch.pk] = set()
        entry = batches.add(batch, uuid.uuid4(), given.asked_by(account.form(language)), KEYER, equality=apart)
        account.counted[entry.pk] = account.asked_of(said)
        account.batches[batch.pk].add(entry.pk)
        if apart:
            account.apart[entry.pk] = apart
        account.answered = True
        return entry.pk

    def batch(self, account, consultation, language):
        """One that is of the present questionnaire."""
        open_ones = Batch.objects.filter(pk__in=account.batches, language=language, version=consultation.version_id)
        return open_ones.filter(undone_by="").first()

    @precondition(lambda self: any(account.batches for account in self.accounts))
    @rule(data=st.data())
    def undo_batch(self, data):
        """Every response of it goes, whatever became of them since."""
        account = data.draw(st.sampled_from([account for account in self.accounts if account.batches]))
        batch = data.draw(st.sampled_from(sorted(account.batches)))
        assert batches.undo(Batch.objects.get(pk=batch), KEYER)
        for pk in account.batches[batch]:
            for place in account.places:
                place.pop(pk, None)
            account.apart.pop(pk, None)

    @precondition(lambda self: self.places())
    @rule(target=begun, data=st.data())
    def begin(self, data):
        n, language = data.draw(st.sampled_from(self.places()))
        return Begun((n, language), *self.given(data, self.accounts[n], language))

    @rule(begun=consumes(begun))
    def send(self, begun):
        """What was begun is sent now: what is no longer asked or offered is left out, what is new was left blank."""
        if begun.place not in self.places():
            return
        n, language = begun.place
        account = self.accounts[n]
        said = {}
        for block, kind, items in account.asked:
            told = begun.said.get((block, kind))
            chosen = told if isinstance(told, frozenset | tuple) else ()
            said[block, kind] = told if set(chosen) <= set(items) else None
        self.store(account, language, look_again(account.form(language), begun.answers).answers, said)

    @rule(target=responses, pk=consumes(responses), data=st.data(), language=st.sampled_from(LANGUAGES))
    def correct(self, pk, data, language):
        account = self.whose(pk)
        if account is None:
            return multiple()
        answers, said = self.given(data, account, language)
        version = account.consultation.published
        asked = answers.asked_by(account.form(language))
        new = changes.correct(Response.objects.get(pk=pk), uuid.uuid4(), version, language, asked)
        place = account.counted if pk in account.counted else account.held
        for before in account.places:
            before.pop(pk, None)
        account.forget_codes(pk)
        place[new.pk] = account.asked_of(said)
        if pk in account.apart:
            account.apart[new.pk] = account.apart.pop(pk)
        for batch in account.batches.values():
            if pk in batch:
                batch.add(new.pk)
        return new.pk

    @rule(pk=consumes(responses), change=st.sampled_from(["withdraw", "erase"]))
    def take_back(self, pk, change):
        account = self.whose(pk)
        if account is None:
            return
        getattr(changes, change)(Response.objects.get(pk=pk))
        for place in account.places:
            place.pop(pk, None)
        account.apart.pop(pk, None)
        account.forget_codes(pk)

    @rule(pk=responses)
    def hold_or_release(self, pk):
        account = self.whose(pk)
        if account is None:
            return
        row = Response.objects.get(pk=pk)
        if pk in account.counted:
            changes.hold(row)
            account.held[pk] = account.counted.pop(pk)
        else:
            changes.release(row)
            place = account.held if pk in account.held else account.rejected
            account.counted[pk] = place.pop(pk)

    @rule(pk=responses)
    def reject(self, pk):
        account = self.whose(pk)
        if account is not None and pk in account.held:
            changes.reject(Response.objects.get(pk=pk))
            account.rejected[pk] = account.held.pop(pk)

    @rule(most=st.integers(1, 3), over=st.booleans())
    def retain(self, most, over):
        """A step of retention, or all that is left of it."""
        for account in self.published():
            left = sorted({pk for place in account.places for pk in place} - account.stripped)
            keys = left if over else left[:most]
            changes.strip(account.consultation, keys)
            if over:
                changes.anonymise(account.consultation, timezone.now() + DAY)
            account.stripped |= set(keys)
            for sheets in account.batches.values():  # they have left their batch
                sheets -= set(keys)
            for pk in keys:
                apart = account.apart.pop(pk, None)
                if apart and pk in account.counted:
                    account.loose.append(apart)

    @rule(pk=responses)
    def redact(self, pk):
        """An officer makes a copy of each text; it says nothing in any figure or file."""
        for words in AnswerWords.objects.filter(response=pk):
            place = {"response_id": pk, "question": words.question, "option": words.option}
            Redaction.objects.update_or_create(**place, defaults={"text": "[…]", "name": "officer"})

    def text_of(self, pk):
        """A text that a response has, with the frame that codes its question; None where it has none."""
        account = self.whose(pk)
        words = AnswerWords.objects.filter(response=pk, option=0).order_by("question").first()
        if words is None:
            return None
        consultation = account.consultation
        frame, is_new = CodeFrame.objects.get_or_create(consultation=consultation, name="Frame")
        for name in CODES if is_new else []:
            frames.new_code(frame, name)
        CodedQuestion.objects.get_or_create(consultation=consultation, frame=frame, question=words.question)
        return account, frame, Place(pk, words.question, 0)

    @rule(pk=responses, codes=st.frozensets(st.sampled_from(CODES)), coder=st.sampled_from([*CODERS, ""]))
    def code(self, pk, codes, coder):
        """A coder finds something in a text; nobody's name: it is decided."""
        if text := self.text_of(pk):
            account, frame, place = text
            keys = frame.codes.filter(name__in=codes).values_list("pk", flat=True)
            write = coding.read if coder else coding.decide
            write(frame, place, keys, get_user_model().objects.get_or_create(username=coder or CODERS[0])[0])
            account.coded.setdefault(place[:2], {})[coder] = codes

    @rule(pk=responses, coder=st.sampled_from([*CODERS, ""]))
    def uncode(self, pk, coder):
        if text := self.text_of(pk):
            account, frame, place = text
            if coder:
                coding.take_back(frame, place, get_user_model().objects.get_or_create(username=coder)[0])
            else:
                coding.undecide(frame, place)
            account.coded.get(place[:2], {}).pop(coder, None)

    @rule()
    def fold(self):
        for account in self.published():
            fold.fold(account.consultation)

    @rule(chosen=st.booleans())
    def segment(self, chosen):
        for account in self.published():
            single = [row.number for (_block, kind), row in account.rows().items() if kind == "single"]
            fold.choose_segments(account.consultation, single[:2] if chosen else [])

    @invariant()
    def all_is_right(self):
        """Every consultation, after every step."""
        for account in self.published():
            self.check(account, account.consultation, account.rows())

    def check(self, account, consultation, rows):
        every_question_has_its_row(account, consultation, rows)
        the_form_asks_what_the_leading_page_asks(account, consultation, rows)
        every_figure_agrees(account, consultation, rows)
        no_column_is_lost_and_the_file_says_what_was_said(account, consultation, rows)
        what_is_kept_apart_is_what_was_said(account, consultation)
        nothing_is_left_of_words_that_are_gone(account, consultation)
        every_code_is_counted_as_it_was_found(account, consultation)


def with_alone(machine, rules):
    """The same machine without its other rules.

    All rules together find a planted fault as well, in more runs than every test run has time for.
    """
    every = {name for name in dir(machine) if hasattr(getattr(machine, name), RULE_MARKER)}
    assert every.issuperset(rules), set(rules) - every
    return type("Narrow", (machine,), dict.fromkeys(every - set(rules)))


def every_question_has_its_row(account, consultation, rows):
    for said in (said for place in account.places for said in place.values()):
        assert said.keys() <= rows.keys(), f"a question is lost: {said.keys() - rows.keys()}"
    shared = {}
    for (block, kind), row in rows.items():
        for option in row.options.all():
            numbers = shared.setdefault((block.partition("/")[0], kind), {})
            assert numbers.setdefault(option.item, option.number) == option.number, f"two numbers for {option.item}"
    assert all(len(set(numbers.values())) == len(numbers) for numbers in shared.values()), "two items of a number"


def the_form_asks_what_the_leading_page_asks(account, consultation, rows):
    known = {row.number: (name, row) for name, row in rows.items()}
    for language in LANGUAGES:
        asked = []
        for question in instrument.current(consultation, language).questions:
            (block, kind), row = known[question.number]
            names = {option.number: option.item for option in row.options.all()}
            assert question.kind == kind
            asked.append((block, kind, [names[option.number] for option in question.options]))
        assert asked == account.asked, f"the form in {language} asks {asked} instead of {account.asked}"


def every_figure_agrees(account, consultation, rows):
    counted = recount(consultation)
    found = {cell: found.n for cell, found in counted.items() if not cell.segment}
    wanted = expected(account, rows)
    assert found == wanted, f"the ledger is counted as {found} instead of {wanted}"
    assert summary.live_counts(consultation) == counted, "the figures are not those of the ledger"
    assert check(consultation) == [], "the tally is not what the ledger says"
    for question in summary.of_consultation(consultation).questions:
        base = wanted.get(Cell(question.number, ANSWERED), 0)
        assert (question.asked, question.base) == (wanted.get(Cell(question.number, ASKED), 0), base), "a base is wrong"
        assert all(bar.percent == (100 * bar.n / base if base else None) for bar in question.bars), (
            "a percentage is wrong"
        )


def no_column_is_lost_and_the_file_says_what_was_said(account, consultation, rows):
    text = "".join(csv_files.lines(consultation, "en", Form.KEYS, Level.FULL))
    header, *lines = csv.reader(io.StringIO(text))
    assert set(account.columns) <= set(header), "a column is lost"
    account.columns = header
    found = [dict(zip(header[len(FIXED) :], line[len(FIXED) :], strict=True)) for line in lines]
    coded = {row.number: f"{row.key}.text.codes" for row in rows.values() if f"{row.key}.text.codes" in header}
    wanted = [
        line_of(said, rows, pk in account.stripped)
        | {key: codes_cell(account, pk, number) for number, key in coded.items()}
        for pk, said in sorted(account.counted.items())
    ]
    assert found == wanted, f"the file says {found} instead of {wanted}"


def what_is_kept_apart_is_what_was_said(account, consultation):
    rows = EqualityAnswers.objects.filter(consultation=consultation).values_list("link__response", "answers")
    found = sorted(rows, key=str)
    wanted = [*account.apart.items(), *((None, said) for said in account.loose)]
    assert found == sorted(wanted, key=str), f"kept apart is {found} instead of {wanted}"


def nothing_is_left_of_words_that_are_gone(account, consultation):
    gone = Response.objects.filter(consultation=consultation)
    gone = gone.filter(Q(pk__in=account.stripped) | ~Q(state__in=changes.CHANGEABLE))
    for model in (AnswerWords, Redaction):
        assert not model.objects.filter(response__in=gone).exists(), f"{model} of a response that is gone"
    assert not gone.filter(pk__in=account.stripped, reference__isnull=False).exists(), "a reference is left"


def counting(account, pk, question):
    """The codes of a text that count, by hand; None where nobody has read it."""
    found = account.coded.get((pk, question), {})
    if "" in found:
        return found[""]
    return frozenset.intersection(*found.values()) if found else None


def codes_cell(account, pk, question):
    counted = counting(account, pk, question)
    return "" if counted is None else "; ".join(sorted(code.lower() for code in counted)) or NO_CODE


def every_code_is_counted_as_it_was_found(account, consultation):
    for coded in topics.of_consultation(consultation):
        counted = [found for pk in account.counted if (found := counting(account, pk, coded.question)) is not None]
        wanted = {name: sum(name in codes for codes in counted) for name in CODES}
        assert coded.read == len(counted), "a text is coded and not counted so, or the other way round"
        assert {topic.name: topic.n for topic in coded.topics} == wanted, "a code is counted wrongly"


def expected(account, rows):
    """The cells that the account calls for, by the numbers that blocks and items have."""
    cells = Counter()
    for said in account.counted.values():
        cells[Cell(0, 0)] += 1
        for name, told in said.items():
            row = rows[name]
            cells[Cell(row.number, ASKED)] += 1
            if told is not None:
                cells[Cell(row.number, ANSWERED)] += 1
                cells.update(Cell(row.number, slot) for slot in slots(row, told))
    return dict(cells)


def slots(row, told):
    """The numbers of the tally that an answer adds to."""
    if row.kind == "long_text":
        return []
    if row.kind == "date":
        return [(int(told[:4]) - 1900) * 12 + int(told[5:7])]
    numbers = {option.item: option.number for option in row.options.all()}
    return [1000 * (place if row.kind == "ranking" else 0) + numbers[item] for place, item in enumerate(told, 1)]


def line_of(said, rows, stripped=False):
    """The cells of one response in the file, by column key. What was stripped has no words."""
    words = "" if stripped else guard(WORDS)
    cells = {}
    for name, row in rows.items():
        told = said.get(name)
        empty = NOT_ASKED if name not in said else SKIPPED if told is None else None
        keys = {option.item: option.key for option in row.options.all()}
        if row.kind == "respondent":
            named = told is not None and told <= set(ORGANISATIONS)
            cells |= {f"{row.key}.name": words if named else "", f"{row.key}.role": ""}
        if row.kind == "multiple":
            cells |= {f"{row.key}.{key}": empty if told is None else "01"[item in told] for item, key in keys.items()}
        elif row.kind == "ranking":
            places = {item: str(place) for place, item in enumerate(told or (), 1)}
            cells |= {
                f"{row.key}.{key}": places.get(item, "0") if empty is None else empty for item, key in keys.items()
            }
        elif empty is not None:
            cells[row.key] = empty
        elif row.kind == "date":
            cells[row.key] = told
        else:
            cells[row.key] = words if told == "words" else guard(keys[next(iter(told))])
    return cells
