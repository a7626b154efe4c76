"""Officers read the responses that are held, and release or reject them, several at once."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from consultation import changes, decisions, forms, instrument, one_response, receipts, summary, trail
from consultation.access import may_decide, may_see_summaries, require
from consultation.decisions import Verdict
from consultation.models import Channel, Consultation, Decision, Response
from consultation.trail import Act
from consultation.views.officers import frame

PAGE = 25  # responses a page
NUMBER = re.compile(r"[0-9]{1,18}")  # what a database can look up
LISTED = (Response.State.HELD, Response.State.REJECTED)


@dataclass(frozen=True)
class Row:
    """A held response as a page shows it."""

    response: Response
    language: str
    channel: str
    reasons: Sequence[str]
    answers: Sequence[forms.AnsweredQuestion]
    decision: Decision | None  # the last one


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def held(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what is held (or, with ?state=rejected, what was rejected), or decide about what was chosen."""
    require(may_decide(request))
    found = get_object_or_404(Consultation, pk=pk)
    here = request.GET.get("state", "")
    state = Response.State(here) if here in LISTED else Response.State.HELD
    if request.method == "POST":
        _decide(request, found)
        return redirect(_address(found, state))
    page = Paginator(decisions.waiting(found, state), PAGE).get_page(request.GET.get("p"))
    back = reverse("consultations:consultation", args=[pk]) if may_see_summaries(request) else ""
    trail.note(Act.VIEWED, page, request.user)
    context = frame(
        request,
        _("Held responses: %(title)s") % {"title": found.title},
        (back, found.title),
        ("", _("Held responses")),
        consultation=found,
        page=page,
        rows=_rows(found, page),
        rejected=state == Response.State.REJECTED,
        uncounted=decisions.uncounted(found),
        addresses={listed.value: _address(found, listed) for listed in LISTED},
    )
    return render(request, "consultation/officers/held.html", context)


def _address(consultation: Consultation, state: Response.State) -> str:
    address = reverse("consultations:held", args=[consultation.pk])
    return f"{address}?state={state.value}" if state != Response.State.HELD else address


def _rows(consultation: Consultation, page: "Page[Response]") -> list[Row]:
    """Every answer in the leading language's words. Three queries, whatever versions were answered."""
    questions = instrument.rows(consultation, instrument.words(consultation, consultation.language))
    return [_row(response, questions) for response in page]


def _row(response: Response, questions: instrument.Rows) -> Row:
    answers = receipts.answers(response)
    letter = one_response.letter(response, answers)
    given = [question for number, question in questions.items() if answers.values.get(number) is not None]
    return Row(
        response,
        summary.SEGMENTS["language"](response.language),
        str(Channel(response.channel).label),
        [str(suspicion) for suspicion in response.suspicions.all()],
        letter or forms.told(given, answers),
        next(iter(list(response.decisions.all())[-1:]), None),
    )


def _decide(request: HttpRequest, consultation: Consultation) -> None:
    """Decide about the responses that were ticked, or about all that the page showed; say what was done."""
    verdict = Verdict(request.POST["verdict"]) if request.POST.get("verdict") in Verdict.values else None
    name = "shown" if request.POST.get("all") else "response"
    numbers = {int(text) for text in request.POST.getlist(name) if NUMBER.fullmatch(text)}
    chosen = consultation.responses.filter(pk__in=list(numbers)[:PAGE], state__in=LISTED)
    if verdict is None or not numbers:
        messages.warning(request, _("Nothing was chosen, so nothing was changed."))
        return
    decided = 0
    for response in chosen:
        try:
            decisions.decide(response, verdict, request.user)
            decided += 1
        except changes.NotPossible:
            pass  # somebody else was quicker, and the message says so
    _say(request, verdict, decided, len(numbers) - decided)


def _say(request: HttpRequest, verdict: Verdict, decided: int, late: int) -> None:
    done = {
        Verdict.RELEASED: ngettext(
            "%(n)d response was released and is counted now.",
            "%(n)d responses were released and are counted now.",
            decided,
        ),
        Verdict.REJECTED: ngettext(
            "%(n)d response was rejected. It stays out of every figure and file, and can still be released.",
            "%(n)d responses were rejected. They stay out of every figure and file, and can still be released.",
            decided,
        ),
    }
    if decided:
        messages.success(request, done[verdict] % {"n": decided})
    if late:
        text = ngettext(
            "%(n)d response had been decided about, or taken back, meanwhile.",
            "%(n)d responses had been decided about, or taken back, meanwhile.",
            late,
        )
        messages.warning(request, text % {"n": late})
