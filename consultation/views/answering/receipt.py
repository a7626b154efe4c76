"""After sending: the confirmation, and what somebody can still do with what they sent."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse

from consultation import changes, drafts, forms, instrument, ledger, letters, receipts, subscribers
from consultation.models import Draft, Response, State
from consultation.views.answering.mailing import Mailing, asked
from consultation.views.answering.refusals import not_open
from consultation.views.answering.visit import SENT_AGE, Visit, see_other, step

# Of what is in these states nothing is left to read.
GONE = (Response.State.WITHDRAWN, Response.State.ERASED)
OVER = (State.CLOSED, State.OUTCOME, State.WITHDRAWN)  # nothing that was sent can be changed any more


@step("GET", "HEAD", "POST")
def done(visit: Visit) -> HttpResponse:
    """Confirm with the reference and the link, and send a copy by e-mail."""
    stored = receipts.response(visit.draft) if visit.draft else None
    return see_other(visit.address("section", 1)) if stored is None else show_done(visit, stored)


def show_done(visit: Visit, stored: Response) -> HttpResponse:
    """The reference and what happens next; without the cookie there is no link to show."""
    if stored.state in GONE:
        return _show_gone(visit, stored)
    state = visit.consultation.state()
    about: dict[str, Any] = {
        "stored": stored,
        "state": state,
        "is_over": state in OVER,
        "tell_address": _tell_address(visit, state),
        "next_steps": instrument.told(visit.consultation, "next_steps", visit.offer.language),
    }
    if visit.draft is None:
        return visit.render("done", **about)
    try:
        mailing = _copying(visit, visit.draft)
    except changes.NotPossible:
        return see_other(visit.address("receipt"))
    is_correction = stored.key != visit.draft.key
    return visit.render("done", **about, is_correction=is_correction, link=visit.link, mailing=mailing)


def _tell_address(visit: Visit, state: State) -> str:
    """Where somebody asks to be told the outcome, apart from what they sent; empty where there is none to come."""
    if not settings.OFFER_MAIL or state not in subscribers.OFFERED:
        return ""
    return reverse("telling:ask", args=[visit.consultation.pk, visit.offer.language])


def _show_gone(visit: Visit, stored: Response) -> HttpResponse:
    """Nothing is left of what was sent; while the consultation is open, it can be answered again."""
    return visit.render("taken_back", stored=stored, is_open=visit.is_open)


def _copying(visit: Visit, draft: Draft) -> Mailing | None:
    """The form that asks for a copy by e-mail. Raises NotPossible where there is nothing to copy any more."""

    def write(to: str) -> None:
        with receipts.standing(draft) as stored:
            letters.send_copy(to, visit.offer, draft, stored, visit.link)

    return asked(visit, write)


@step("GET", "HEAD", "POST")
def receipt(visit: Visit) -> HttpResponse:
    """Everything that was sent, to read or print, with the ways to correct it, to take it back and to have a copy."""
    if visit.draft is None:
        return visit.render("expired", 404)
    stored = receipts.response(visit.draft)
    if stored is None:
        return see_other(visit.address("start"))
    if stored.state in GONE:
        return _show_gone(visit, stored)
    try:
        mailing = _copying(visit, visit.draft)
    except changes.NotPossible:
        return see_other(visit.address("receipt"))
    sent = instrument.of_version(visit.consultation, stored.version_id, visit.offer.language)
    return visit.render(
        "receipt",
        stored=stored,
        sections=forms.answered(sent, receipts.answers(stored), only_given=True),
        state=visit.consultation.state(),
        tell_address=_tell_address(visit, visit.consultation.state()),
        can_change=visit.is_open and receipts.can_change(stored),
        correcting=visit.draft.corrects is not None,
        link=visit.link,
        mailing=mailing,
        languages=visit.languages("receipt"),
    )


@step("POST")
def correct(visit: Visit) -> HttpResponse:
    """Put what was sent into the draft again. What was sent counts until the correction is sent."""
    if visit.draft is None:
        return visit.render("expired", 404)
    if not visit.is_open:
        return not_open(visit)
    try:
        receipts.reopen(visit.draft)
    except changes.NotPossible:
        return see_other(visit.address("receipt"))
    return visit.remember(see_other(visit.address("check")), visit.secret)


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
    if visit.request.method != "POST":
        return visit.render("withdraw", back=visit.address("receipt")) if visit.is_open else not_open(visit)
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
