"""The check page, the equality questions after it where they are asked, and sending."""

from django.http import HttpResponse, QueryDict

from consultation import answers as answering
from consultation import changes, drafts, forms, ledger, receipts
from consultation.answers import Answers, Reading
from consultation.models import Draft, Response
from consultation.views.answering import apart
from consultation.views.answering.receipt import show_done
from consultation.views.answering.refusals import not_open
from consultation.views.answering.suspecting import suspect
from consultation.views.answering.visit import SENT_AGE, SWITCH, Visit, see_other, step


@step("GET", "HEAD", "POST")
def check(visit: Visit) -> HttpResponse:
    """Show every answer with a way to change it, and send them, or go on to the equality questions."""
    draft = visit.draft
    is_sent = visit.request.method == "POST"
    if draft and not draft.sent_at and is_sent and not apart.questions(visit, draft):
        return _send(visit, draft)
    if draft is None or draft.sent_at or not visit.is_open:
        return _stopped(visit, draft)
    if not is_sent:
        return _show(visit, draft)
    return _ask(visit, draft)


def _ask(visit: Visit, draft: Draft) -> HttpResponse:
    """The equality questions, with what was chosen before."""
    given, said = _given(visit, draft), apart.chosen(visit, draft)
    if isinstance(given, HttpResponse):
        return given
    return apart.show(visit, draft, said) if said else see_other(apart.address(visit, draft))


@step("GET", "HEAD", "POST")
def equality(visit: Visit) -> HttpResponse:
    """Ask the equality questions, and send everything, with them or without."""
    draft = visit.draft
    is_switched = SWITCH in visit.sent
    if draft and not draft.sent_at and visit.request.method == "POST" and not is_switched:
        return _send(visit, draft)
    if draft is None or draft.sent_at or not visit.is_open:
        return _stopped(visit, draft)
    if is_switched:
        return _ask(visit, draft)
    is_next = apart.questions(visit, draft) and _is_as_shown(visit, draft, visit.request.GET)
    return apart.show(visit, draft) if is_next else see_other(visit.address("check"))


def _stopped(visit: Visit, draft: Draft | None) -> HttpResponse:
    """There is nothing to send, or it was sent, or it can't be."""
    if draft is None:
        stored = Response.objects.filter(key=visit.key).first() if visit.key else None
        if stored:
            return show_done(visit, stored)
        return visit.render("lost", 400) if visit.is_open else not_open(visit)
    return see_other(visit.address("done")) if draft.sent_at else not_open(visit)


def _show(visit: Visit, draft: Draft, reading: Reading | None = None, changed: bool = False) -> HttpResponse:
    answers = drafts.answers(draft)
    reached = visit.reached(answers)
    sections = forms.answered(reached, answers)
    places = {row.question.number: section.number for section in sections for row in section.questions}
    return visit.render(
        "check",
        address=visit.address("check"),
        token=visit.token(),
        questionnaire=visit.questionnaire,
        sections=sections,
        errors=[
            (f"{visit.address('section', places[number])}?return=check#{reading.place(number)}", message)
            for number, message in reading.errors.items()
        ]
        if reading
        else [],
        revision=draft.revision,
        changed=changed,
        correcting=draft.corrects is not None,
        has_more=bool(apart.questions(visit, draft)),
        keeps_apart=bool(visit.consultation.equality_questions),
        carried=apart.carried(visit, draft),
        back=visit.address("section", reached.sections[-1].number) if reached.sections else None,
        languages=visit.languages("check"),
    )


def _once_more(visit: Visit, draft: Draft, reading: Reading | None = None, changed: bool = False) -> HttpResponse:
    """The check page in reply to a sending, unless it is too late for another."""
    return _show(visit, draft, reading, changed) if visit.is_open else not_open(visit)


def _is_as_shown(visit: Visit, draft: Draft, form: QueryDict) -> bool:
    """Whether the check page that led here showed the questionnaire and the answers as they are now."""
    return (form.get("version"), form.get("revision")) == (str(visit.questionnaire.version), str(draft.revision))


def _given(visit: Visit, draft: Draft) -> Answers | HttpResponse:
    """Exactly what the check page showed; or that page once more."""
    reading = answering.look_again(visit.questionnaire, visit.answers)
    changed = not _is_as_shown(visit, draft, visit.request.POST)
    if visit.key != draft.sends or reading.errors or changed:
        return _once_more(visit, draft, reading, changed)
    return reading.answers.asked_by(visit.questionnaire)


def _send(visit: Visit, draft: Draft) -> HttpResponse:
    """Send what the check page showed, with what is kept apart from it. The database alone says whether it is late."""
    given = _given(visit, draft)
    if isinstance(given, HttpResponse):
        return given
    try:
        reasons, equality = suspect(visit, draft, given), apart.chosen(visit, draft)
        receipts.send(draft, visit.consultation, visit.offer.language, given, reasons=reasons, equality=equality)
    except drafts.AlreadySent:
        return see_other(visit.address("done"))
    except drafts.Changed:
        draft.refresh_from_db()
        return _once_more(visit, draft, changed=True)
    except ledger.Erased:
        drafts.renew(draft)
        draft.refresh_from_db()
        return _once_more(visit, draft, changed=True)
    except ledger.NotOpen:
        return not_open(visit)
    except changes.NotPossible:  # it was withdrawn in another tab
        drafts.put_back([draft.pk])
        return see_other(visit.address("receipt"))
    return visit.remember(see_other(visit.address("done")), visit.secret, SENT_AGE)
