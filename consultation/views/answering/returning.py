"""Coming back: a link that opens the draft anywhere, before it is sent and after."""

from django.http import HttpResponse

from consultation import drafts, letters
from consultation.views.answering import mailing
from consultation.views.answering.refusals import not_open
from consultation.views.answering.visit import COOKIE_AGE, SENT_AGE, Visit, see_other, step


@step("GET", "HEAD", "POST")
def later(visit: Visit) -> HttpResponse:
    """Show the link, once something was saved, and send it by e-mail."""
    draft = visit.draft
    if draft is None:
        return visit.render("lost", 400) if visit.is_open else not_open(visit)
    if draft.sent_at:
        return see_other(visit.address("done"))
    if not visit.is_open:
        return not_open(visit)
    link = visit.link
    return visit.render(
        "later",
        mailing=mailing.asked(visit, lambda to: letters.send_link(to, visit.offer, draft, link)),
        link=link,
        expires_at=drafts.expires_at(draft),
        back=visit.address("start"),
        languages=visit.languages("later"),
    )


@step("GET", "HEAD", "POST")
def back(visit: Visit, secret: str) -> HttpResponse:
    """One button, since the scanners of mail follow links; what it sends opens the draft under a clean address."""
    if visit.request.method != "POST":
        page = visit.render("return", languages=visit.languages("return", secret))
    else:
        draft = drafts.find(visit.consultation, secret)
        if draft is None:
            page = visit.render("expired", 404)
        else:
            step_on = visit.address("receipt" if draft.sent_at else "start")
            page = visit.remember(see_other(step_on), secret, SENT_AGE if draft.sent_at else COOKIE_AGE)
    page["Referrer-Policy"] = "no-referrer"
    return page
