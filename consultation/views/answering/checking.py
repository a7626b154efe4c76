"""The check page, and sending."""

from collections.abc import Mapping

from django.http import HttpResponse

from consultation import answers as answering
from consultation import changes, drafts, forms, ledger, receipts
from consultation.models import Draft, Response
from consultation.views.answering.receipt import show_done
from consultation.views.answering.refusals import not_open
from consultation.views.answering.visit import SENT_AGE, Visit, see_other, step


@step("GET", "HEAD", "POST")
def check(visit: Visit) -> HttpResponse:
    """Show every answer with a way to change it, and send them."""
    draft = visit.draft
    if draft is None:
        stored = Response.objects.filter(key=visit.key).first() if visit.key else None
        if stored:
            return show_done(visit, stored)
        return visit.render("lost", 400) if visit.is_open else not_open(visit)
    if draft.sent_at:
        return see_other(visit.address("done"))
    if not visit.is_open:
        return not_open(visit)
    return _send(visit, draft) if visit.request.method == "POST" else _show(visit, draft)


def _show(visit: Visit, draft: Draft, errors: Mapping[int, str] | None = None, changed: bool = False) -> HttpResponse:
    answers = drafts.answers(draft)
    reached = visit.reached(answers)
    sections = forms.answered(reached, answers)
    places = {row.question.number: section.number for section in sections for row in section.questions}
    return visit.render(
        "check",
        token=visit.token(),
        questionnaire=visit.questionnaire,
        sections=sections,
        errors=[
            (f"{visit.address('section', places[number])}?return=check#q{number}", message)
            for number, message in (errors or {}).items()
        ],
        revision=draft.revision,
        changed=changed,
        correcting=draft.corrects is not None,
        back=visit.address("section", reached.sections[-1].number),
        languages=visit.languages("check"),
    )


def _send(visit: Visit, draft: Draft) -> HttpResponse:
    """Send exactly what the check page showed, or show it once more."""
    questionnaire = visit.questionnaire
    reading = answering.look_again(questionnaire, visit.answers)
    shown = (visit.request.POST.get("version"), visit.request.POST.get("revision"))
    changed = shown != (str(questionnaire.version), str(draft.revision))
    if visit.key != draft.sends or reading.errors or changed:
        return _show(visit, draft, reading.errors, changed)
    try:
        given = reading.answers.asked_by(questionnaire)
        receipts.send(draft, visit.consultation, visit.offer.language, given)
    except drafts.AlreadySent:
        return see_other(visit.address("done"))
    except drafts.Changed:
        draft.refresh_from_db()
        return _show(visit, draft, changed=True)
    except ledger.NotOpen:
        return not_open(visit)
    except changes.NotPossible:  # it was withdrawn in another tab
        drafts.put_back([draft.pk])
        return see_other(visit.address("receipt"))
    return visit.remember(see_other(visit.address("done")), visit.secret, SENT_AGE)
