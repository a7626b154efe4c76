"""Reading texts and coding them: the only module that writes what coders found, and what counts of it.

What counts of a text, its *settled* codes:

- nobody has read it: it is not coded, and in no figure of codes;
- one person has: what they found;
- several have: what all of them found. Where they differ, the rest waits for a decision;
- somebody has decided: what the decision says, whatever coders find before or after.

A text that was read and that nothing fits is coded, with no code. A coder's finding is their own: nobody else changes
it, except that two codes are merged (frames.py). Whoever wants to correct another decides.

What counts is written down with each change, so that figures, files and filters only look it up.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import BigIntegerField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Value
from django.db.models.lookups import LessThan
from django.utils import timezone

from consultation.changes import CHANGEABLE
from consultation.models import (
    AnswerWords,
    Application,
    Code,
    CodedAs,
    CodedQuestion,
    CodedText,
    CodeFrame,
    Coding,
    Response,
)
from consultation.models.letter import LETTER, SENDER, SUBJECT

# Who a letter is from, and its subject, are words that nobody codes.
TO_CODE = ~Q(question=LETTER, option__in=(SENDER, SUBJECT))
BATCH = 500  # texts whose outcome is written together
MODULUS, FACTOR, STEP = 65_521, 48_271, 7_919  # primes

EVERY = Q(state__in=CHANGEABLE)
HERE = {name: OuterRef(name) for name in ("response", "question", "option")}  # of a text


class Place(NamedTuple):
    """Where a text stands."""

    response: int
    question: int
    option: int

    def __str__(self) -> str:
        return ".".join(map(str, self))


class Gone(Exception):
    """The text was taken back meanwhile, or its question is not coded by this frame."""


Codes = frozenset[int]  # primary keys


def settled(found: Sequence[Codes], decided: Codes | None = None) -> Codes | None:
    """The codes that count, of what each coder found; None where nobody has read the text."""
    if decided is not None:
        return decided
    return frozenset.intersection(*found) if found else None


def differ(found: Sequence[Codes]) -> bool:
    """Whether coders do not agree."""
    return len(set(found)) > 1


# What one person does


def read(frame: CodeFrame, place: Place, codes: Iterable[int], by: Any) -> None:
    """Keep what somebody found a text to say, in the place of what they had found before. Raises Gone."""
    with _writing(frame, place):
        _write(frame, place, codes, by, decides=False)


def decide(frame: CodeFrame, place: Place, codes: Iterable[int], by: Any) -> None:
    """Say what counts of a text after all. Raises Gone."""
    with _writing(frame, place):
        _write(frame, place, codes, by, decides=True)


def take_back(frame: CodeFrame, place: Place, by: Any) -> None:
    """Let a text be one that this person has not read. Raises Gone."""
    with _writing(frame, place):
        _of(place).filter(decides=False, name=by.get_username()).delete()


def undecide(frame: CodeFrame, place: Place) -> None:
    """Let again count what the coders found. Raises Gone."""
    with _writing(frame, place):
        _of(place).filter(decides=True).delete()


class Applied(NamedTuple):
    """What became of several texts: how many changed, and how many were left alone because they wait for a decision."""

    changed: int
    waiting: int


def apply(frame: CodeFrame, places: Collection[Place], code: int, by: Any, *, away: bool = False) -> Applied:
    """Apply a code to several texts, or take it away.

    Where nobody else has read a text, it is part of what this person found. Otherwise it is decided: what counted, with
    the code or without it. Nothing is taken away from a text that is not coded, and what is gone is passed over.
    """
    changed = waiting = 0
    for place in places:
        with suppress(Gone), _writing(frame, place):
            found, decided = found_in([place]).get(place, NOTHING)
            if decided is None and differ(list(found.values())):
                waiting += 1
                continue
            counts = settled(list(found.values()), decided)
            if (counts is None and away) or (counts is not None and (code in counts) != away):
                continue
            is_theirs = decided is not None or bool(found.keys() - {by.get_username()})
            _write(frame, place, (counts or frozenset()) ^ {code}, by, decides=is_theirs)
            changed += 1
    return Applied(changed, waiting)


@contextmanager
def _writing(frame: CodeFrame, place: Place) -> Iterator[None]:
    """Hold the frame and the response meanwhile, and write down what counts at the end. Raises Gone."""
    with transaction.atomic():
        CodeFrame.objects.select_for_update().get(pk=frame.pk)
        standing = Response.objects.select_for_update().filter(pk=place.response, state__in=CHANGEABLE)
        if not standing.first() or not texts(frame).filter(**place._asdict()).exists():
            raise Gone(str(place))
        yield
        record([place])


def _write(frame: CodeFrame, place: Place, codes: Iterable[int], by: Any, *, decides: bool) -> None:
    here = _of(place).filter(decides=decides)
    coding = (here if decides else here.filter(name=by.get_username())).first() or Coding(
        response_id=place.response, question=place.question, option=place.option, decides=decides
    )
    coding.by, coding.name = by, by.get_username()
    coding.save()
    known = Code.objects.filter(frame=frame, pk__in=set(codes)).values_list("pk", flat=True)
    coding.applications.all().delete()
    Application.objects.bulk_create(Application(coding=coding, code_id=code) for code in sorted(known))
    CodedQuestion.objects.filter(frame=frame, question=place.question, begun_at=None).update(begun_at=timezone.now())


def _of(place: Place) -> QuerySet[Coding]:
    return Coding.objects.filter(response=place.response, question=place.question, option=place.option)


# What was found, and what counts


class Found(NamedTuple):
    """What each coder found in a text, by user name, and what was decided."""

    by_coder: dict[str, Codes]
    decided: Codes | None


NOTHING = Found({}, None)


def found_in(places: Iterable[Place]) -> dict[Place, Found]:
    """What was found in some texts; those that nobody has read are left out. Two queries."""
    wanted = set(places)
    rows = Coding.objects.filter(response__in={place.response for place in wanted}).prefetch_related("applications")
    found: dict[Place, Found] = {}
    for row in rows:
        place = Place(row.response_id, row.question, row.option)
        if place in wanted:
            codes = frozenset(applied.code_id for applied in row.applications.all())
            before = found.get(place, Found({}, None))
            if row.decides:
                found[place] = before._replace(decided=codes)
            else:
                found[place] = before._replace(by_coder=before.by_coder | {row.name: codes})
    return found


def counting(places: Iterable[Place]) -> dict[Place, Codes]:
    """What counts of some texts, as it is written down; those that nobody has read are left out. Two queries."""
    wanted = set(places)
    rows = CodedText.objects.filter(response__in={place.response for place in wanted}).prefetch_related("codes")
    return {
        place: frozenset(row.code_id for row in text.codes.all())
        for text in rows
        if (place := Place(text.response_id, text.question, text.option)) in wanted
    }


def record(places: Collection[Place]) -> None:
    """Write down what counts of some texts, by what was found in them. Their words have to be there still."""
    rest = iter(places)
    while batch := set(islice(rest, BATCH)):
        found = found_in(batch)
        rows = CodedText.objects.filter(response__in={place.response for place in batch})
        present = {Place(row.response_id, row.question, row.option): row for row in rows}
        gone = [row.pk for place, row in present.items() if place in batch and place not in found]
        CodedText.objects.filter(pk__in=gone).delete()
        CodedText.objects.bulk_create(
            CodedText(response_id=place.response, question=place.question, option=place.option)
            for place in found.keys() - present.keys()
        )
        _record_codes(found)


def _record_codes(found: Mapping[Place, Found]) -> None:
    rows = CodedText.objects.filter(response__in={place.response for place in found}).prefetch_related("codes")
    missing, wrong = [], []
    for text in rows:
        here = found.get(Place(text.response_id, text.question, text.option))
        if here is None:
            continue
        wanted = settled(list(here.by_coder.values()), here.decided) or frozenset()
        present = {row.code_id: row.pk for row in text.codes.all()}
        wrong += [pk for code, pk in present.items() if code not in wanted]
        missing += [CodedAs(text=text, code_id=code) for code in sorted(wanted - present.keys())]
    CodedAs.objects.filter(pk__in=wrong).delete()
    CodedAs.objects.bulk_create(missing)


# Which texts


def texts(frame: CodeFrame, where: Q = EVERY) -> QuerySet[AnswerWords]:
    """The texts that a frame codes and that are there still, of the responses that fit, the first that came first."""
    questions = CodedQuestion.objects.filter(frame=frame).values("question")
    responses = Response.objects.filter(where, consultation=frame.consultation_id)
    found = AnswerWords.objects.filter(TO_CODE, question__in=questions, response__in=responses.order_by().values("pk"))
    return found.order_by("response", "question", "option")


def read_by(name: str = "") -> Exists:
    """Whether a text was read: by that coder, or by anybody."""
    rows = Coding.objects.filter(**HERE, decides=False)
    return Exists(rows.filter(name=name) if name else rows)


def read_by_another(name: str) -> Exists:
    """Whether a text was read by anybody else."""
    return Exists(Coding.objects.filter(**HERE, decides=False).exclude(name=name))


def sampled(share: int) -> Q:
    """Whether a text is one of those that a second coder reads: a fixed share, spread evenly, that only grows with it.

    The numbers of response and question decide, and nothing else: who asks again gets the same texts.
    """
    number = (F("response_id") % MODULUS * FACTOR + F("question") * STEP + F("option")) % MODULUS % 100
    return Q(LessThan(ExpressionWrapper(number, output_field=BigIntegerField()), Value(share)))
