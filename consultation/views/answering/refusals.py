"""What can't be taken is said kindly, with everything that was answered still there to copy."""

import re
from dataclasses import replace

from django.http import HttpResponse
from django.utils.translation import gettext as _

from consultation import answers as answering
from consultation import equality, forms, instrument
from consultation.answers import Answers, Reading
from consultation.forms import AnsweredQuestion, AnsweredSection
from consultation.questionnaire import Question, Questionnaire, Text
from consultation.views.answering.visit import LONGEST_NUMBER, Visit

INPUT = re.compile(rf"q(\d{{1,{LONGEST_NUMBER}}})(_[a-z]+)?")


def not_open(visit: Visit, is_saved: bool | None = None) -> HttpResponse:
    """The consultation is not open yet, paused, withdrawn or closed.

    is_saved: whether what came with the form and could be read was saved, where that was tried.
    """
    answers, is_sent = visit.answers, visit.request.method == "POST"
    reading = _typed(visit) if is_sent else Reading(Answers(), {})
    if is_sent:
        answers = answers.replacing(visit.asked, reading.answers)
    reached = visit.reached(answers)
    said = answers.values or any(forms.as_typed(question, visit.sent).spoken for question in visit.asked)
    sections = forms.answered(reached, answers) if said else []
    elsewhere = _elsewhere(visit, reached)
    return visit.render(
        "not_open",
        409 if is_sent else 200,
        state=visit.consultation.state(),
        halt_reason=instrument.told(visit.consultation, "halt_reason", visit.offer.language),
        sections=[*_with_unread(visit, reading, sections), *elsewhere],
        is_saved=is_saved and not elsewhere and not _unread(visit, reading),
        dropped=any(name.startswith(equality.PREFIX) for name in visit.sent),
    )


def sent_already(visit: Visit) -> HttpResponse:
    """The answers were sent from another tab, so these were not added to them."""
    reading = _typed(visit)
    asked = {question.number for question in visit.asked if forms.as_typed(question, visit.sent).spoken}
    sections = [
        replace(section, questions=tuple(row for row in section.questions if row.question.number in asked))
        for section in _with_unread(visit, reading, forms.answered(visit.questionnaire, reading.answers))
    ]
    rest = _elsewhere(visit, visit.questionnaire)
    return visit.render("too_late", 409, sections=[*filter(lambda section: section.questions, sections), *rest])


def _typed(visit: Visit) -> Reading:
    return answering.read(visit.asked, visit.sent)


def _with_unread(visit: Visit, reading: Reading, sections: list[AnsweredSection]) -> list[AnsweredSection]:
    """What was not understood stands in its place as it was typed."""
    rows = _unread(visit, reading)
    return [
        replace(section, questions=tuple(rows.get(row.question.number, row) for row in section.questions))
        for section in sections
    ]


def _unread(visit: Visit, reading: Reading) -> dict[int, AnsweredQuestion]:
    """What was not understood, or stood beside an option that was not chosen, by question."""
    kept = {number for number, option in reading.answers.words if option}
    unread = {
        question.number: forms.as_typed(question, visit.sent)
        for question in visit.asked
        if question.number in reading.errors
        or (question.number not in kept and forms.typed_beside(question, visit.sent))
    }
    return {number: row for number, row in unread.items() if row.spoken}


def _elsewhere(visit: Visit, shown: Questionnaire) -> list[AnsweredSection]:
    """What was typed and has no place among the sections shown: its question is not asked any more, or not of them."""
    rows = [forms.as_typed(question, visit.sent) for question in visit.asked if not shown.question(question.number)]
    known = {question.number for question in visit.asked}
    gone = [
        Text(text)
        for name, texts in visit.sent.items()
        if (field := INPUT.fullmatch(name)) and int(field[1]) not in known
        for text in texts
        if text.strip() and not text.isdecimal()  # the number of an option says nothing
    ]
    if gone:
        label = Text(_("Questions that are no longer asked"))
        rows.append(AnsweredQuestion(Question(0, "long_text", label=label), tuple(gone)))
    given = tuple(row for row in rows if row.spoken)
    return [AnsweredSection(0, Text(_("What you wrote besides")), given)] if given else []
