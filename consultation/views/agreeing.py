"""Where coders differ: how far they agree, and what counts of a text on which they do not."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages

from consultation import agreement as agreeing
from consultation import coding, instrument, summary, topics, trail
from consultation.access import may_code, require
from consultation.coding import Found, Gone, Place
from consultation.models import Code, CodeFrame, Response
from consultation.queues import Queue, pick
from consultation.trail import Act
from consultation.views.coding import NUMBER, address, crumbs, frame_of
from consultation.views.officers import frame as page_of

SHOWN = 100  # texts to decide on that a page lists


@require_safe
@never_cache
def agreement(request: HttpRequest, pk: int, frame: int) -> HttpResponse:
    """How far any two coders of a frame agree, and the texts on which somebody has to decide."""
    require(may_code(request))
    found = frame_of(pk, frame)
    undecided = agreeing.undecided(found)
    rows = Response.objects.in_bulk([place.response for place in undecided[:SHOWN]])
    title = _("Agreement of coders")
    context = page_of(
        request,
        title,
        *crumbs(request, found.consultation, (address("frame", found), found.name), ("", title)),
        consultation=found.consultation,
        frame=found,
        agreements=agreeing.agreements(found),
        undecided=[(rows[place.response], address("decide", found, *place)) for place in undecided[:SHOWN]],
        n_undecided=len(undecided),
    )
    return render(request, "consultation/officers/agreement.html", context)


@dataclass(frozen=True)
class Line:
    """A code, who applied it, and whether it is ticked."""

    code: Code
    by: list[str]
    ticked: bool


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def decide(request: HttpRequest, pk: int, frame: int, response: int, question: int, option: int) -> HttpResponse:
    """What each coder found in one text, side by side; decide what counts."""
    require(may_code(request))
    found, place = frame_of(pk, frame), Place(response, question, option)
    rows = coding.texts(found).filter(**place._asdict())
    words = rows.select_related("response").first()
    if words is None:
        raise Http404
    if pick(rows, found, Queue.SECOND, request.user.get_username()).exists():
        messages.warning(request, _("Read it yourself first: what the first coder found is shown to you after that."))
        return redirect(f"{address('code_text', found)}?at={place}&queue={Queue.SECOND}")
    if request.method == "POST":
        return _decide(request, found, place)
    here = coding.found_in([place]).get(place, coding.NOTHING)
    trail.note(Act.VIEWED, [words.response], request.user)
    questions = instrument.catalogue(found.consultation, found.consultation.language).questions
    title = _("Decide on a text of %(response)s") % {"response": words.response}
    back = address("agreement", found)
    context = page_of(
        request,
        title,
        *crumbs(request, found.consultation, (address("frame", found), found.name), (back, _("Agreement of coders"))),
        consultation=found.consultation,
        frame=found,
        words=words,
        label=topics.label(questions, question),
        language=summary.SEGMENTS["language"](words.response.language),
        lines=_lines(found, here),
        coders=sorted(here.by_coder),
        is_decided=here.decided is not None,
        back=back,
    )
    return render(request, "consultation/officers/decide.html", context)


def _lines(frame: CodeFrame, here: Found) -> list[Line]:
    counts = coding.settled(list(here.by_coder.values()), here.decided) or frozenset()
    lines = []
    for code in topics.in_order(frame.codes.all()):
        by = [name for name, codes in sorted(here.by_coder.items()) if code.pk in codes]
        if code.retired_at is None or by or code.pk in counts:
            lines.append(Line(code, by, code.pk in counts))
    return lines


def _decide(request: HttpRequest, frame: CodeFrame, place: Place) -> HttpResponse:
    """Keep the decision, or take it back; then go on with the next text on which coders differ."""
    codes = [int(number) for number in request.POST.getlist("code") if NUMBER.fullmatch(number)]
    try:
        if request.POST.get("do") == "undecide":
            coding.undecide(frame, place)
            messages.success(request, _("Again, what the coders found counts."))
            return redirect(address("decide", frame, *place))
        coding.decide(frame, place, codes, request.user)
    except Gone:
        raise Http404 from None
    messages.success(request, _("What counts of the text was decided."))
    left = agreeing.undecided(frame)
    following = next((other for other in left if other > place), None)
    return redirect(address("decide", frame, *following) if following else address("agreement", frame))
