"""What officers did with the draft plan's responses: coded some texts, published quotes, keyed in sheets, added letters.

All of it by two users of the demonstration, so none of it is there where they are not.
"""

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from consultation import batches, coding, correspondence, frames, quotes
from consultation.coding import Place
from consultation.correspondence import Received
from consultation.fold import fold
from consultation.models import (
    AnswerWords,
    Batch,
    Channel,
    Code,
    CodedQuestion,
    CodeFrame,
    Consultation,
    Response,
    State,
    Theme,
)
from consultation.models.letter import LETTER
from home.demo import responses
from home.demo.blocks import block_id, key

WORKED_ON, QUESTION = "consultation/draft-plan", "plan/hope"
FIRST, SECOND = "officer", "colleague"  # of sign_ins.py

PILE = "Example: sheets from an evening in the town hall"
SHEETS = 4
LETTERS = (
    Received(
        Channel.PETITION,
        dt.date.min,
        "en",
        "Example of a petition: we, the undersigned, ask for a bus in the evening between all towns of the borough.",
        sender="Demo Residents’ Association",
        subject="Example: a bus in the evening",
        is_organisation=True,
        signatures=212,
    ),
    Received(
        Channel.LETTER,
        dt.date.min,
        "en",
        "Example of a letter: our members would like changing rooms that girls can use, and a path to the pitches.",
        sender="Demo Sports Club",
        subject="Example: the pitches",
        is_organisation=True,
    ),
)
FRAME = "What people hope for"
SHARE = 30  # per cent of the texts that the second coder reads as well
READ = 40  # answers that are coded, beside the letters; the others wait for whoever tries it
# What a code is applied to: texts with one of these words. The second coder does not know all of them.
CODES = {
    "Buses and paths": ("bus", "path", "autobus", "rower"),
    "Homes": ("houses", "tithe"),
    "Places to meet": ("warm", "shops", "siopa", "bench", "music", "swój"),
    "Young people": ("teenagers", "families", "dzieci", "óga"),
    "Health services": ("doctors",),
    "Parks and beaches": ("parks", "glasa"),
    "Jobs and courses": ("jobs", "kursy"),
}
UNKNOWN_TO_SECOND = ("families", "shops")
QUOTED = (("A path along the river", "place"), ("Somewhere warm to sit", "confident"), ("Good jobs", "skilled"))
WAITING = ("More for teenagers", "confident")


def add() -> None:
    """Do it where it was not done; nothing is done again that somebody undid."""
    consultation = Consultation.objects.filter(key=key(WORKED_ON)).first()
    users = {user.get_username(): user for user in get_user_model().objects.filter(username__in=(FIRST, SECOND))}
    if consultation is None or len(users) < 2 or consultation.state() != State.OPEN:
        return
    first, second = users[FIRST], users[SECOND]
    with transaction.atomic():
        _add_letters(consultation, first)
        _key_in(consultation, first, second)
        fold(consultation)
        _code(consultation, first, second)
        _quote(consultation, first, second)


def _number(consultation: Consultation) -> int:
    return consultation.questions.get(block=block_id(QUESTION)).number


def _day(consultation: Consultation) -> dt.date:
    """Three days ago, if it was open then."""
    return max(timezone.localdate() - dt.timedelta(days=3), timezone.localdate(consultation.opens_at))


def _add_letters(consultation: Consultation, by: Any) -> None:
    for place, letter in enumerate(LETTERS):
        own = uuid.uuid5(consultation.key, f"letter/{place}")
        if not Response.objects.filter(key=own).exists():
            correspondence.record(consultation, replace(letter, day=_day(consultation)), by, own)


def _key_in(consultation: Consultation, first: Any, second: Any) -> None:
    """Four sheets that are to be checked: one is, one was keyed in differently, two wait."""
    if consultation.batches.exists():
        return
    batch = Batch.objects.create(
        consultation=consultation,
        source=Batch.Source.KEYED,
        name=PILE,
        channel=Channel.EVENT,
        language="en",
        version=consultation.version,
        received_on=_day(consultation),
        checked_twice=True,
        by=first,
        operator=first.get_username(),
    )
    sheets = [row.answers for row in responses.generated(consultation, SHEETS)]
    entries = [
        batches.add(batch, uuid.uuid5(consultation.key, f"sheet/{number}"), given, first, number=number)
        for number, given in enumerate(sheets, 1)
    ]
    batches.key_again(entries[0], sheets[0], second)
    batches.key_again(entries[1], sheets[2], second)


def _code(consultation: Consultation, first: Any, second: Any) -> None:
    if consultation.frames.exists():
        return
    frame = CodeFrame.objects.create(
        consultation=consultation,
        name=FRAME,
        description="An example: code what somebody hopes for, not what they complain about.",
        second_share=SHARE,
    )
    for question in (LETTER, _number(consultation)):
        CodedQuestion.objects.create(consultation=consultation, frame=frame, question=question)
    codes = {name: frames.new_code(frame, name) for name in CODES}
    texts = coding.texts(frame)
    again = set(texts.filter(coding.sampled(SHARE)).values_list("pk", flat=True))
    for words in (*texts.filter(question=LETTER), *texts.exclude(question=LETTER)[:READ]):
        place = Place(words.response_id, words.question, words.option)
        coding.read(frame, place, _found(words.text, codes), first)
        if words.pk in again:
            coding.read(frame, place, _found(words.text, codes, UNKNOWN_TO_SECOND), second)


def _found(text: str, codes: dict[str, Code], unknown: Sequence[str] = ()) -> Iterator[int]:
    for name, words in CODES.items():
        if any(word in text.lower() for word in words if word not in unknown):
            yield codes[name].pk


def _quote(consultation: Consultation, first: Any, second: Any) -> None:
    """Three quotes that both agreed on, and one that waits for the second."""
    if consultation.quotes.exists():
        return
    for place, (begins, theme) in enumerate((*QUOTED, WAITING), 1):
        words = _quotable(consultation, begins)
        if words is None:
            continue
        about = Theme.objects.filter(key=key(f"theme/{theme}")).first()
        proposed = quotes.propose(words, quotes.Proposal(words.text, "en", about, place, False), first)
        if begins != WAITING[0]:
            quotes.approve(proposed.pk, proposed.revision, about, place, second)


def _quotable(consultation: Consultation, begins: str) -> AnswerWords | None:
    """The first text that begins so, of somebody who agreed to be quoted."""
    english = consultation.responses.filter(language="en", state=Response.State.COUNTED)
    rows = AnswerWords.objects.filter(question=_number(consultation), text__startswith=begins)
    found = rows.filter(response__in=english).select_related("response__consultation").order_by("response")
    return next((words for words in found if quotes.consent(words.response) == quotes.Consent.AGREED), None)
