"""Officers code what people wrote: one text after the other by keyboard, or several out of a list."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages
from wagtail.admin.paginator import WagtailPaginator

from consultation import agreement, coding, frames, queues, suggestions, summary, topics, trail
from consultation.access import may_code, may_see_summaries, require
from consultation.coding import Gone, Place
from consultation.models import AnswerWords, Code, CodeFrame, Consultation, Response
from consultation.queues import Progress, Queue
from consultation.text import clean
from consultation.topics import Topics
from consultation.trail import Act
from consultation.views.filtering import Filtering, filtering
from consultation.views.officers import frame as page_of

PAGE = 25  # texts a page
PLACE = re.compile(r"([0-9]{1,18})\.([0-9]{1,5})\.([0-9]{1,5})")
NUMBER = re.compile(r"[0-9]{1,9}")
LONGEST = 80  # characters of a code's name


def crumbs(request: HttpRequest, consultation: Consultation, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """The way to a page of coding."""
    figures = reverse("consultations:consultation", args=[consultation.pk]) if may_see_summaries(request) else ""
    own = reverse("consultations:coding", args=[consultation.pk])
    return [(figures, consultation.title), (own if more else "", _("Coding")), *more]


def frame_of(pk: int, number: int) -> CodeFrame:
    """A frame of a consultation."""
    return get_object_or_404(CodeFrame.objects.select_related("consultation"), pk=number, consultation=pk)


def address(name: str, frame: CodeFrame, *more: int) -> str:
    """Where a page of a frame is."""
    return reverse(f"consultations:{name}", args=[frame.consultation_id, frame.pk, *more])


# Every frame


@dataclass(frozen=True)
class Standing:
    """How far the coding by a frame is."""

    frame: CodeFrame
    questions: list[Topics]
    progress: Progress
    undecided: int


@require_safe
@never_cache
def overview(request: HttpRequest, pk: int) -> HttpResponse:
    """The frames of a consultation, with how far their coding is and what was found."""
    require(may_code(request))
    found = get_object_or_404(Consultation, pk=pk)
    coded, name = topics.of_consultation(found), request.user.get_username()
    standings = [
        Standing(
            frame,
            [question for question in coded if question.frame == frame.pk],
            queues.progress(coding.texts(frame, COUNTED), frame, name),
            len(agreement.undecided(frame)),
        )
        for frame in found.frames.all()
    ]
    title = _("Coding: %(title)s") % {"title": found.title}
    context = page_of(request, title, *crumbs(request, found), consultation=found, standings=standings)
    return render(request, "consultation/officers/coding.html", context)


COUNTED = Q(state=Response.State.COUNTED)


# One text


@dataclass(frozen=True)
class Chosen:
    """What an officer wants to read of a frame."""

    frame: CodeFrame
    queue: Queue
    filtering: Filtering

    @property
    def texts(self) -> QuerySet[AnswerWords]:
        """Every text that fits the filter."""
        filtering = self.filtering
        rows = coding.texts(self.frame, filtering.where)
        return rows if filtering.errors else rows.filter(filtering.filter.of_texts(filtering.known))

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The same for an address."""
        return [("queue", self.queue.value), *self.filtering.pairs]

    def address(self, name: str = "code_text", **more: Any) -> str:
        """A page with the same queue and filter."""
        return f"{address(name, self.frame)}?{urlencode([*more.items(), *self.pairs])}"


def _chosen(request: HttpRequest, frame: CodeFrame, default: Queue) -> Chosen:
    asked = request.GET.get("queue", "")
    queue = Queue(asked) if asked in list(Queue) else default
    return Chosen(frame, queue, filtering(request, frame.consultation))


@dataclass(frozen=True)
class Box:
    """A code as it can be ticked."""

    code: Code
    ticked: bool
    suggested: bool


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def text(request: HttpRequest, pk: int, frame: int) -> HttpResponse:
    """One text to code; or keep what was found in it and go on to the next."""
    require(may_code(request))
    found = frame_of(pk, frame)
    chosen = _chosen(request, found, Queue.UNREAD)
    if request.method == "POST":
        return _keep(request, chosen)
    name = request.user.get_username()
    mine = queues.pick(chosen.texts, found, chosen.queue, name)
    words = _shown(request, chosen, mine)
    if words is None:
        return _nothing_left(request, chosen)
    place = Place(words.response_id, words.question, words.option)
    trail.note(Act.VIEWED, [words.response], request.user)
    context = _page(
        request,
        chosen,
        str(words.response),
        words=words,
        place=place,
        label=topics.label(chosen.filtering.known.questions, words.question),
        language=summary.SEGMENTS["language"](words.response.language),
        boxes=_boxes(found, words, place, name),
        state=_state(found, place, name),
        later=_address_of(chosen, queues.after(chosen.texts, place)),
        earlier=_address_of(chosen, queues.before(chosen.texts, place)),
        decide=address("decide", found, *place),
    )
    return render(request, "consultation/officers/code_text.html", context)


def _page(request: HttpRequest, chosen: Chosen, title: str, **more: Any) -> dict[str, Any]:
    frame = chosen.frame
    back = address("frame", frame), frame.name
    name = request.user.get_username()
    progress = queues.progress(chosen.texts, frame, name)
    numbers = {
        Queue.UNREAD: progress.total - progress.read,
        Queue.MINE: progress.total - progress.mine,
        Queue.SECOND: progress.second,
        Queue.ALL: progress.total,
    }
    name_of_page = "code_text" if "words" in more or "done" in more else "code_texts"
    tabs = [
        (Chosen(frame, queue, chosen.filtering).address(name_of_page), label, numbers[queue], queue == chosen.queue)
        for queue, label in queues.NAMES.items()
        if queue != Queue.SECOND or frame.second_share
    ]
    return page_of(
        request,
        title,
        *crumbs(request, frame.consultation, back, ("", title)),
        consultation=frame.consultation,
        frame=frame,
        filtering=chosen.filtering,
        fixed=[("queue", chosen.queue.value)],
        progress=progress,
        tabs=tabs,
        list=chosen.address("code_texts"),
        one=chosen.address("code_text"),
        **more,
    )


def _shown(request: HttpRequest, chosen: Chosen, mine: QuerySet[AnswerWords]) -> AnswerWords | None:
    """The text that the address names, or the next of the queue: at its end, it begins anew with what is left."""
    if at := _place(request.GET.get("at", "")):
        here = coding.texts(chosen.frame).select_related("response").filter(**at._asdict()).first()
        if here is None:
            raise Http404
        return here
    mine = mine.select_related("response")
    before = _place(request.GET.get("after", ""))
    found = queues.after(mine, before)
    return queues.after(mine, None) if found is None and chosen.queue != Queue.ALL else found


def _nothing_left(request: HttpRequest, chosen: Chosen) -> HttpResponse:
    context = _page(request, chosen, chosen.frame.name, done=True)
    return render(request, "consultation/officers/code_text.html", context)


def _place(text: str) -> Place | None:
    found = PLACE.fullmatch(text)
    return Place(*map(int, found.groups())) if found else None


def _address_of(chosen: Chosen, words: AnswerWords | None) -> str:
    return chosen.address(at=Place(words.response_id, words.question, words.option)) if words else ""


def _boxes(frame: CodeFrame, words: AnswerWords, place: Place, name: str) -> list[Box]:
    by_coder = coding.found_in([place]).get(place, coding.NOTHING).by_coder
    found = by_coder.get(name, frozenset())
    # Whoever reads a second time is not told what the first one may have found.
    suggested = frozenset() if by_coder else suggestions.suggest(frame, place, words.text)
    return [
        Box(code, code.pk in found, code.pk in suggested)
        for code in topics.in_order(frame.codes.all())
        if code.retired_at is None or code.pk in found
    ]


@dataclass(frozen=True)
class State:
    """Who has read a text, as far as somebody may know."""

    is_mine: bool
    others: list[str]  # empty, too, where they are not to be known yet
    is_decided: bool
    is_second: bool  # another has read it, and what they found is not shown


def _state(frame: CodeFrame, place: Place, name: str) -> State:
    found = coding.found_in([place]).get(place, coding.NOTHING)
    others = sorted(found.by_coder.keys() - {name})
    return State(name in found.by_coder, others, found.decided is not None, bool(others) and name not in found.by_coder)


def _keep(request: HttpRequest, chosen: Chosen) -> HttpResponse:
    """Keep what was ticked, with a new code where one is named, and go on; or let the text be unread again."""
    place, frame = _place(request.POST.get("at", "")), chosen.frame
    if place is None:
        return redirect(chosen.address())
    try:
        if request.POST.get("do") == "unread":
            coding.take_back(frame, place, request.user)
            return redirect(chosen.address(at=place))
        codes = _numbers(request, "code")
        if name := _name(request):
            codes.append(frames.new_code(frame, name).pk)
        coding.read(frame, place, codes, request.user)
    except Gone:
        messages.warning(
            request, _("The text that was shown was taken back meanwhile, and what you found is not kept.")
        )
    return redirect(chosen.address(after=place))


def _numbers(request: HttpRequest, name: str) -> list[int]:
    return [int(number) for number in request.POST.getlist(name) if NUMBER.fullmatch(number)]


def _name(request: HttpRequest) -> str:
    """The name of a new code; a semicolon stands between codes in files."""
    return clean(request.POST.get("new", ""))[0].replace(";", ",").lstrip("( ").strip()[:LONGEST]


# Several


@dataclass(frozen=True)
class Row:
    """A text in a list. codes: what counts of it, None where it was not read or the coder is not to know yet."""

    words: AnswerWords
    place: Place
    label: str
    language: str
    codes: list[str] | None
    awaits: bool
    one: str


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def texts(request: HttpRequest, pk: int, frame: int) -> HttpResponse:
    """The texts that fit, several on a page; or apply a code to those that were ticked, or take it away."""
    require(may_code(request))
    found = frame_of(pk, frame)
    chosen = _chosen(request, found, Queue.ALL)
    if request.method == "POST":
        _apply(request, found)
        return redirect(f"{chosen.address('code_texts')}&p={_page_number(request)}")
    mine = queues.pick(chosen.texts, found, chosen.queue, request.user.get_username())
    paginator = WagtailPaginator(mine.select_related("response"), PAGE)
    page = paginator.get_page(request.GET.get("p"))
    trail.note(Act.VIEWED, {words.response_id: words.response for words in page}.values(), request.user)
    context = _page(
        request,
        chosen,
        _("Texts"),
        page=page,
        elided_page_range=paginator.get_elided_page_range(page.number),
        rows=_rows(chosen, list(page), request.user.get_username()),
        codes=topics.in_order(found.codes.filter(retired_at=None)),
    )
    return render(request, "consultation/officers/code_texts.html", context)


def _page_number(request: HttpRequest) -> int:
    number = request.GET.get("p", "")
    return int(number) if NUMBER.fullmatch(number) else 1


def _rows(chosen: Chosen, listed: list[AnswerWords], name: str) -> list[Row]:
    frame = chosen.frame
    places = [Place(words.response_id, words.question, words.option) for words in listed]
    awaiting = queues.pick(chosen.texts.filter(pk__in=[words.pk for words in listed]), frame, Queue.SECOND, name)
    waits = set(awaiting.values_list("pk", flat=True))
    names = dict(frame.codes.values_list("pk", "name"))
    counted, questions = coding.counting(places), chosen.filtering.known.questions
    return [
        Row(
            words,
            place,
            topics.label(questions, words.question),
            summary.SEGMENTS["language"](words.response.language),
            [names[code] for code in sorted(counted[place])] if place in counted and words.pk not in waits else None,
            words.pk in waits,
            chosen.address(at=place),
        )
        for words, place in zip(listed, places, strict=True)
    ]


def _apply(request: HttpRequest, frame: CodeFrame) -> None:
    """Apply a code to the texts that were ticked, or take it away, and say what was done."""
    places = [place for text in request.POST.getlist("text")[:PAGE] if (place := _place(text))]
    code = frame.codes.filter(pk__in=_numbers(request, "code")[:1]).first()
    if name := _name(request):
        code = frames.new_code(frame, name)
    if not places or code is None:
        messages.warning(request, _("Tick texts and choose a code. Nothing was changed."))
        return
    away = request.POST.get("do") == "away"
    done = coding.apply(frame, places, code.pk, request.user, away=away)
    said = {
        True: ngettext(
            "“%(code)s” was taken away from %(n)d text.", "“%(code)s” was taken away from %(n)d texts.", done.changed
        ),
        False: ngettext(
            "“%(code)s” was applied to %(n)d text.", "“%(code)s” was applied to %(n)d texts.", done.changed
        ),
    }
    messages.success(request, said[away] % {"code": code.name, "n": done.changed})
    if done.waiting:
        text = ngettext(
            "%(n)d text was left alone: its coders differ, and that has to be decided first.",
            "%(n)d texts were left alone: their coders differ, and that has to be decided first.",
            done.waiting,
        )
        messages.warning(request, text % {"n": done.waiting})
