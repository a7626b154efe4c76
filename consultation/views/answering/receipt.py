"""After sending: the confirmation, and what somebody can still do with what they sent."""

from django.http import Http404, HttpResponse

from consultation import changes, drafts, forms, instrument, ledger, letters, receipts
from consultation.models import Draft, Response
from consultation.views.answering.mailing import Mailing, asked
from consultation.views.answering.refusals import not_open
from consultation.views.answering.visit import SENT_AGE, Visit, see_other, step


@step("GET", "HEAD", "POST")
def done(visit: Visit) -> HttpResponse:
    """Confirm with the reference and the link, and send a copy by e-mail."""
    stored = receipts.response(visit.draft) if visit.draft else None
    return see_other(visit.address("section", 1)) if stored is None else show_done(visit, stored)


def show_done(visit: Visit, stored: Response) -> HttpResponse:
    """The reference and what happens next; without the cookie there is no link to show."""
    next_steps = instrument.told(visit.consultation, "next_steps", visit.offer.language)
    if visit.draft is None:
        return visit.render("done", stored=stored, next_steps=next_steps)
    mailing = _copying(visit, visit.draft, stored)
    return visit.render("done", stored=stored, next_steps=next_steps, link=visit.link, mailing=mailing)


def _copying(visit: Visit, draft: Draft, stored: Response) -> Mailing | None:
    """The form that asks for a copy by e-mail, where there is something to copy."""
    if not receipts.can_change(stored):
        return None
    return asked(visit, lambda to: letters.send_copy(to, visit.offer, draft, stored, visit.link))


@step("GET", "HEAD", "POST")
def receipt(visit: Visit) -> HttpResponse:
    """Everything that was sent, to read or print, with the ways to correct it, to take it back and to have a copy."""
    if visit.draft is None:
        return visit.render("expired", 404)
    stored = receipts.response(visit.draft)
    if stored is None:
        return see_other(visit.address("start"))
    sent = instrument.of_version(visit.consultation, stored.version_id, visit.offer.language)
    return visit.render(
        "receipt",
        stored=stored,
        sections=forms.answered(sent, receipts.answers(stored), only_given=True),
        state=visit.consultation.state(),
        can_change=visit.is_open and receipts.can_change(stored),
        correcting=visit.draft.corrects is not None,
        link=visit.link,
        mailing=_copying(visit, visit.draft, stored),
        languages=visit.languages("receipt"),
    )


@step("POST")
def correct(visit: Visit) -> HttpResponse:
    """Put what was sent into the draft again. What was sent counts until the correction is sent."""
    if visit.draft is None:
        return visit.render("expired", 404)
    if not visit.is_open:
        return not_open(visit)
    stored = receipts.response(visit.draft)
    if stored is None or not receipts.can_change(stored):
        return see_other(visit.address("receipt"))
    drafts.reopen(visit.draft, receipts.answers(stored))
    return see_other(visit.address("check"))


@step("POST")
def keep(visit: Visit) -> HttpResponse:
    """Give up a correction."""
    if visit.draft is None:
        return visit.render("expired", 404)
    drafts.put_back([visit.draft.pk])
    return visit.remember(see_other(visit.address("receipt")), visit.secret, SENT_AGE)


@step("GET", "HEAD", "POST")
def withdraw(visit: Visit) -> HttpResponse:
    """Ask once more, then take back what was sent."""
    if visit.draft is None:
        return visit.render("expired", 404)
    stored = receipts.response(visit.draft)
    if stored is None:
        raise Http404
    if not receipts.can_change(stored):
        return see_other(visit.address("receipt"))
    if not visit.is_open:
        return not_open(visit)
    if visit.request.method != "POST":
        return visit.render("withdraw", stored=stored, back=visit.address("receipt"))
    try:
        receipts.withdraw(visit.draft)
    except ledger.NotOpen:
        return not_open(visit)
    except changes.NotPossible:
        pass  # another tab was quicker: the receipt says how it stands
    return visit.remember(see_other(visit.address("receipt")), visit.secret, SENT_AGE)


@step("POST")
def again(visit: Visit) -> HttpResponse:
    """Let somebody else answer on the same device: forget the cookie and begin anew."""
    page = see_other(visit.address("section", 1))
    visit.forget(page)
    return page
