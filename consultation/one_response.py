"""One person's response, for those who may read it: in words, with its history, and as a copy for that person."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from consultation import forms, instrument, personal, receipts
from consultation.answers import Answers
from consultation.models import (
    LETTERS,
    Batch,
    Channel,
    Correction,
    Decision,
    Entry,
    Letter,
    ReadMark,
    Redaction,
    Response,
)
from consultation.models.letter import LETTER, SENDER, SUBJECT, TEXT
from consultation.questionnaire import Question, Questionnaire, Text, assemble
from consultation.summary import SEGMENTS


@dataclass(frozen=True)
class Written:
    """What somebody wrote, with its redacted copy where there is one; suspect: personal data was found in it."""

    question: int
    option: int
    text: str
    redaction: Redaction | None
    suspect: bool


@dataclass(frozen=True)
class Said:
    """A question and its answer in words; without an answer it was skipped.

    beside: question and answer in the reader's language, where they are worded otherwise.
    """

    question: Question
    label: Text
    answer: tuple[Text, ...]
    label_beside: Text | None
    answer_beside: tuple[Text, ...]
    written: tuple[Written, ...]


@dataclass(frozen=True)
class SaidSection:
    """A section with what was asked of this person."""

    title: Text
    answers: tuple[Said, ...]


def sections(response: Response, language: str) -> list[SaidSection]:
    """What was asked and said, by the version that was answered, in the words of that time. Five queries.

    language: the reader's.
    """
    given = receipts.answers(response)
    copies = {(row.question, row.option): row for row in response.redactions.all()}
    if response.channel in LETTERS and not given.values:
        written = _letter(response, given, copies)
        return [written] if written.answers else []
    theirs, readers = _as_asked(response, response.language), _as_asked(response, language)
    found = []
    for section, beside in zip(theirs.sections, readers.sections, strict=True):
        pairs = zip(section.questions, beside.questions, strict=True)
        said = tuple(_said(response, *pair, given, copies) for pair in pairs if pair[0].number in given.values)
        if said:
            found.append(SaidSection(section.title, said))
    return found


def letter(response: Response, given: Answers) -> tuple[forms.AnsweredQuestion, ...]:
    """The parts of a letter as questions with their answers; none where the response is no letter."""
    if response.channel not in LETTERS or given.values:
        return ()
    return tuple(forms.AnsweredQuestion(said.question, said.answer) for said in _letter(response, given, {}).answers)


def _letter(response: Response, given: Answers, copies: dict[tuple[int, int], Redaction]) -> SaidSection:
    """What a letter says. It answers no question, so its parts have no number."""
    parts = {SENDER: _("Who it is from"), SUBJECT: _("Subject"), TEXT: _("What it says")}
    said = []
    for part, label in parts.items():
        text = given.words.get((LETTER, part), "")
        if text:
            written = Written(LETTER, part, text, copies.get((LETTER, part)), bool(personal.find(text)))
            question = Question(LETTER, "long_text", label=Text(label))
            said.append(Said(question, question.label, (Text(text, response.language),), None, (), (written,)))
    return SaidSection(Text(about(response)[1]), tuple(said))


def _as_asked(response: Response, language: str) -> Questionnaire:
    words = instrument.words(response.consultation, language, response.received_at)
    return assemble(response.version.structure, words, version=response.version.number, language=language)


def _said(
    response: Response,
    question: Question,
    beside: Question,
    given: Answers,
    copies: dict[tuple[int, int], Redaction],
) -> Said:
    answer, other = (tuple(_in(response.language, forms.spoken(q, given))) for q in (question, beside))
    written = tuple(
        Written(number, option, text, copies.get((number, option)), bool(personal.find(text)))
        for (number, option), text in sorted(given.words.items())
        if number == question.number
    )
    label, label_beside = _label(question), _label(beside)
    return Said(
        question,
        label,
        answer,
        label_beside if label_beside.text != label.text else None,
        other if other != answer else (),
        written,
    )


def _label(question: Question) -> Text:
    return replace(question.label, text=question.wording)


def _in(language: str, texts: Any) -> Iterator[Text]:
    """What was written is taken to be in the language of the form."""
    return (text if text.language else replace(text, language=language) for text in texts)


@dataclass(frozen=True)
class Event:
    """Something that happened to a response."""

    at: dt.datetime
    what: str
    by: str = ""  # staff; empty where whoever sent it did


def history(response: Response) -> list[Event]:
    """What happened to a response, in order, with what happened to those that it corrected."""
    links = _links(response)
    chain = [response, *(link.old for link in links)]
    events = [Event(chain[-1].received_at, _("Received"))]
    events += [_corrected(link) for link in links]
    events += _brought_in(response)
    events += [
        Event(chain[-1].received_at, _("Held: %(reason)s") % {"reason": suspicion})
        for suspicion in response.suspicions.all()
    ]
    for decision in Decision.objects.filter(response__in=chain):
        events.append(Event(decision.at, str(decision.get_verdict_display()), decision.name))
    for mark in ReadMark.objects.filter(response=response):
        events.append(Event(mark.at, _("Marked as read"), mark.name))
    for copy in response.redactions.all():
        said = _("Redacted copy of the answer to question %(number)s") % {"number": copy.question}
        if copy.question == LETTER:
            said = _("Redacted copy of the letter")
        events.append(Event(copy.at, said, copy.name))
    for quote in response.quotes.all():
        said = _("Answer to question %(number)d: quote %(state)s")
        number, state = quote.question, quote.get_state_display()
        events.append(Event(quote.proposed_at, said % {"number": number, "state": _("proposed")}, quote.proposer))
        if quote.decided_at:
            events.append(Event(quote.decided_at, said % {"number": number, "state": state.lower()}, quote.decider))
    return sorted(events, key=lambda event: event.at)


def _links(response: Response) -> list[Correction]:
    """The corrections that led to a response, the last one first."""
    links: list[Correction] = []
    while (
        link := Correction.objects.filter(new=links[-1].old if links else response).select_related("new", "old").first()
    ):
        links.append(link)
    return links


def _corrected(link: Correction) -> Event:
    if link.operator:
        return Event(link.at or link.new.received_at, _("Keyed in anew, to put it right"), link.operator)
    return Event(link.new.received_at, _("Corrected by whoever sent it"))


def _brought_in(response: Response) -> Iterator[Event]:
    """How staff brought it in, where they did, and who checked that. One query."""
    entry = Entry.objects.filter(response=response).select_related("batch").first()
    if entry is None:
        return
    said = {"batch": entry.batch.name, "number": entry.number}
    if entry.batch.source == Batch.Source.KEYED:
        yield Event(entry.at, _("Keyed in from the batch “%(batch)s” as sheet %(number)d") % said, entry.operator)
    else:
        yield Event(entry.at, _("Imported from “%(batch)s”, row %(number)d") % said, entry.operator)
    if entry.checked_at is not None:
        yield Event(entry.checked_at, _("Keyed in a second time and found to be right"), entry.checked_by)


@dataclass(frozen=True)
class Neighbours:
    """The responses before and after one in a list, by primary key."""

    before: int | None
    after: int | None


def neighbours(response: Response, where: Q) -> Neighbours:
    """Those of the same consultation that fit a condition; the list begins with the newest. Two queries."""
    fitting = Response.objects.filter(where, consultation=response.consultation_id).values_list("pk", flat=True)
    return Neighbours(
        fitting.filter(pk__gt=response.pk).order_by("pk").first(),
        fitting.filter(pk__lt=response.pk).order_by("-pk").first(),
    )


def own_copy(response: Response) -> dict[str, Any]:
    """Everything that is kept of one response, for the person who asks for it. It names no staff.

    Equality answers are not in it: they are kept apart, and nobody can look up whose they are.
    """
    return {
        "consultation": response.consultation.title,
        "reference": response.reference,
        "received_at": response.received_at.isoformat(timespec="seconds"),
        "state": response.state,
        "language": response.language,
        "channel": response.channel,
        "questionnaire_version": response.version.number,
        "letter": _letter_beside(response),
        "sections": [
            {
                "title": section.title.text,
                "questions": [
                    {
                        "number": said.question.number or None,
                        "question": said.label.text,
                        "answer": [text.text for text in said.answer],
                        "skipped": not said.answer,
                    }
                    for said in section.answers
                ],
            }
            for section in sections(response, response.language)
        ],
        "redacted_copies": [
            {"question": row.question, "option": row.option, "text": row.text} for row in response.redactions.all()
        ],
        "brought_in": [
            {"batch": row.batch.name, "number": row.number, "at": row.at.isoformat(timespec="seconds")}
            for row in Entry.objects.filter(response=response).select_related("batch")
        ],
        "codes": [
            {"question": text.question, "option": text.option, "codes": [row.code.name for row in text.codes.all()]}
            for text in response.coded_texts.order_by("question", "option").prefetch_related("codes__code")
        ],
        "quotes": [
            {"question": row.question, "option": row.option, "text": row.text, "state": row.state}
            for row in response.quotes.all()
        ],
        "history": [{"at": event.at.isoformat(timespec="seconds"), "what": event.what} for event in history(response)],
    }


def _letter_beside(response: Response) -> dict[str, Any] | None:
    """What is kept of a letter beside its words; None where it is none. The files are handed out one by one."""
    letter = Letter.objects.prefetch_related("files").filter(response=response).first()
    if letter is None:
        return None
    files = [{"name": file.name, "media_type": file.media_type, "bytes": file.size} for file in letter.files.all()]
    return {"for_organisation": letter.is_organisation, "signatures": letter.signatures, "attachments": files}


def about(response: Response) -> tuple[str, str]:
    """The language and the channel of a response in words."""
    return SEGMENTS["language"](response.language), str(Channel(response.channel).label)
