"""Answering a consultation: section by section, check, send, done. No JavaScript, no account."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from consultation import answers as answering
from consultation import drafts, forms, instrument, ledger, routing, tokens
from consultation.access import Offer, answerable
from consultation.answers import Answers
from consultation.models import Channel, Draft, Response, State
from consultation.questionnaire import Question, Questionnaire, Section

COOKIE = "__Secure-answering" if settings.SESSION_COOKIE_SECURE else "answering"
COOKIE_AGE = 28 * 24 * 60 * 60

View = Callable[..., HttpResponse]


def page_of_answering(*methods: str) -> Callable[[View], View]:
    """Check access, take the language from the address, and keep the page out of every cache."""

    def decorate(view: View) -> View:
        @csrf_exempt  # protected by tokens.py
        @require_http_methods(list(methods))
        @wraps(view)
        def wrapped(request: HttpRequest, consultation_id: int, language: str, **kwargs: Any) -> HttpResponse:
            if request.method == "POST" and tokens.from_elsewhere(request):
                raise PermissionDenied
            try:
                offer = answerable(request, consultation_id, language)
            except Http404:
                if request.method != "POST":
                    raise
                return _gone(request, language)
            with translation.override(language):
                request.LANGUAGE_CODE = language
                page = view(request, offer, **kwargs)
            add_never_cache_headers(page)
            page["Content-Language"] = language
            return page

        return wrapped

    return decorate


def _gone(request: HttpRequest, language: str) -> HttpResponse:
    """What was sent can't be kept, because the consultation was taken back meanwhile; it is shown to copy."""
    typed = [text for name, texts in request.POST.lists() if name.startswith("q") for text in texts if len(text) > 3]
    known = language in dict(settings.LANGUAGES)
    with translation.override(language if known else settings.LANGUAGE_CODE):
        page = render(request, "consultation/answering/gone.html", {"typed": typed}, status=404)
    add_never_cache_headers(page)
    return page


def _address(name: str, offer: Offer, *args: int) -> str:
    return reverse(f"answering:{name}", args=[offer.consultation.pk, offer.language, *args])


def _see_other(address: str) -> HttpResponse:
    return HttpResponseRedirect(address, status=303)


def _draft(request: HttpRequest, offer: Offer) -> Draft | None:
    return drafts.find(offer.consultation, request.COOKIES.get(COOKIE))


def _form(request: HttpRequest) -> Mapping[str, Sequence[str]]:
    return dict(request.POST.lists())


def _context(offer: Offer, questionnaire: Questionnaire, draft: Draft | None, **more: Any) -> dict[str, Any]:
    key = draft.key if draft and not draft.sent_at else None
    return {
        "offer": offer,
        "consultation": offer.consultation,
        "questionnaire": questionnaire,
        "token": tokens.issue(offer.consultation.pk, key),
        **more,
    }


@page_of_answering("GET", "HEAD")
def start(request: HttpRequest, offer: Offer) -> HttpResponse:
    """Go to the first section."""
    return _see_other(_address("section", offer, 1))


@page_of_answering("GET", "HEAD", "POST")
def section(request: HttpRequest, offer: Offer, number: int) -> HttpResponse:
    """Show a section, or read it and go on."""
    questionnaire = instrument.current(offer.consultation, offer.language)
    draft = _draft(request, offer)
    if draft and draft.sent_at:
        return _too_late(request, offer) if request.method == "POST" else _see_other(_address("done", offer))
    if offer.consultation.state() != State.OPEN:
        return _not_open(request, offer, questionnaire, draft)
    if request.method == "POST":
        return _read_section(request, offer, questionnaire, draft, number)
    if not 1 <= number <= len(questionnaire.sections):
        raise Http404
    answers = drafts.answers(draft) if draft else Answers()
    shown = routing.reached(questionnaire, answers.values).section(number)
    if shown is None:  # these answers lead past it
        return _see_other(
            _onward(request, offer, questionnaire, answers, number) if draft else _address("section", offer, 1)
        )
    return _show_section(request, offer, questionnaire, draft, shown, forms.filled(shown, answers))


def _onward(request: HttpRequest, offer: Offer, questionnaire: Questionnaire, answers: Answers, number: int) -> str:
    """Where these answers lead after a section; on the way back to the check page, only to what was not shown yet."""
    reached = routing.reached(questionnaire, answers.values)
    if _returning(request):
        new = (
            section for section in reached.sections if any(q.number not in answers.values for q in section.questions)
        )
        following, query = next(new, None), "?return=check"
    else:
        following, query = reached.section_after(number), ""
    return _address("section", offer, following.number) + query if following else _address("check", offer)


def _returning(request: HttpRequest) -> bool:
    """Whether somebody came from the check page to change an answer."""
    return (request.POST if request.method == "POST" else request.GET).get("return") == "check"


def _show_section(
    request: HttpRequest,
    offer: Offer,
    questionnaire: Questionnaire,
    draft: Draft | None,
    section: Section,
    fields: list[forms.Shown],
    **more: Any,
) -> HttpResponse:
    returning = _returning(request)
    values = drafts.answers(draft).values if draft else {}
    before = routing.reached(questionnaire, values).section_before(section.number)
    back = _address("check", offer) if returning else _address("section", offer, before.number) if before else None
    context = _context(
        offer,
        questionnaire,
        draft,
        section=section,
        progress=routing.progress(questionnaire, values, section.number),
        fields=fields,
        errors=[(f"#{name}", message) for name, message in forms.errors(fields)],
        returning=returning,
        back=back or offer.page.get_url(request),
        languages=_other_languages(offer, lambda other: _address("section", other, section.number)),
        **more,
    )
    return render(request, "consultation/answering/section.html", context)


def _read_section(
    request: HttpRequest, offer: Offer, questionnaire: Questionnaire, draft: Draft | None, number: int
) -> HttpResponse:
    form = _form(request)
    # What the page asked, not what stands at its number now: an editor may have moved it since.
    asked = _asked(request, questionnaire)
    rest = drafts.answers(draft) if draft else Answers()
    here = routing.reached(questionnaire, rest.values).section(number)
    in_place = here is not None and asked == here.questions
    reading = answering.read(asked, form)
    answers = rest.replacing(asked, reading.answers)
    reached = routing.reached(questionnaire, answers.values)
    # Another tab may have changed an earlier answer: what these answers no longer lead to can't be missing.
    errors = {n: message for n, message in reading.errors.items() if reached.question(n)}
    key = tokens.read(request.POST.get("token", ""), offer.consultation.pk)
    if key is None and not asked:
        raise PermissionDenied
    if errors or key is None:
        found = reached.section_of(next(iter(errors), asked[0].number)) or here or reached.sections[0]
        fields = forms.refilled(found, asked, form, errors, rest)
        return _show_section(request, offer, questionnaire, draft, found, fields, stale=key is None)
    secret = None
    if draft is None:
        draft, secret = drafts.begin(offer.consultation, key)
    try:
        drafts.save(draft, offer.consultation, asked, reading.answers)
    except drafts.AlreadySent:
        return _too_late(request, offer)
    address = _onward(request, offer, questionnaire, answers, number if in_place else number - 1)
    notices = [f"{name}=1" for name, said in (("removed", reading.removed), ("moved", not in_place)) if said]
    page = _see_other(address + ("&" if "?" in address else "?") * bool(notices) + "&".join(notices))
    if secret is not None:
        _set_cookie(request, page, offer, secret)
    return page


def _asked(request: HttpRequest, questionnaire: Questionnaire) -> tuple[Question, ...]:
    """The questions that the page showed, as far as they are still asked."""
    numbers = [int(word) for word in request.POST.get("asked", "").split(" ") if word.isascii() and word.isdigit()]
    found = (questionnaire.question(number) for number in dict.fromkeys(numbers))
    return tuple(question for question in found if question is not None)


def _too_late(request: HttpRequest, offer: Offer) -> HttpResponse:
    """The answers were sent from another tab, so these were not added; they are shown."""
    questionnaire = instrument.current(offer.consultation, offer.language)
    reading = answering.read(_asked(request, questionnaire), _form(request))
    context = {
        "offer": offer,
        "consultation": offer.consultation,
        "sections": forms.answered(questionnaire, reading.answers, only_given=True),
    }
    return render(request, "consultation/answering/too_late.html", context, status=409)


def _set_cookie(request: HttpRequest, page: HttpResponse, offer: Offer, secret: str) -> None:
    page.set_cookie(
        COOKIE,
        secret,
        max_age=COOKIE_AGE,
        path=_cookie_path(offer),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _cookie_path(offer: Offer) -> str:
    return reverse("answering:start", args=[offer.consultation.pk, offer.language]).rsplit("/", 2)[0] + "/"


@page_of_answering("GET", "HEAD", "POST")
def check(request: HttpRequest, offer: Offer) -> HttpResponse:
    """Show every answer with a way to change it, and send them."""
    questionnaire = instrument.current(offer.consultation, offer.language)
    draft = _draft(request, offer)
    key = tokens.read(request.POST.get("token", ""), offer.consultation.pk)
    if request.method == "POST" and key and (stored := Response.objects.filter(key=key).first()):
        return _see_other(_address("done", offer)) if draft else _show_done(request, offer, stored)
    if draft is None:
        return render(request, "consultation/answering/lost.html", _context(offer, questionnaire, None), status=400)
    if draft.sent_at:
        return _see_other(_address("done", offer))
    if offer.consultation.state() != State.OPEN:
        return _not_open(request, offer, questionnaire, draft)
    if request.method != "POST":
        return _show_check(request, offer, questionnaire, draft)
    return _send(request, offer, questionnaire, draft, key)


def _show_check(
    request: HttpRequest,
    offer: Offer,
    questionnaire: Questionnaire,
    draft: Draft,
    errors: Mapping[int, str] | None = None,
    changed: bool = False,
) -> HttpResponse:
    answers = drafts.answers(draft)
    reached = routing.reached(questionnaire, answers.values)
    sections = forms.answered(reached, answers)
    places = {row.question.number: section.number for section in sections for row in section.questions}
    context = _context(
        offer,
        questionnaire,
        draft,
        sections=sections,
        errors=[
            (f"{_address('section', offer, places[number])}?return=check#q{number}", message)
            for number, message in (errors or {}).items()
        ],
        revision=draft.revision,
        changed=changed,
        back=_address("section", offer, reached.sections[-1].number),
        languages=_other_languages(offer, lambda other: _address("check", other)),
    )
    return render(request, "consultation/answering/check.html", context)


def _send(
    request: HttpRequest, offer: Offer, questionnaire: Questionnaire, draft: Draft, key: uuid.UUID | None
) -> HttpResponse:
    """Send exactly what the check page showed, or show it once more.

    The draft stays locked until the response is stored, so that another tab's section is either in it or refused.
    """
    shown = (request.POST.get("version"), request.POST.get("revision"))
    try:
        with drafts.locked(draft) as row:
            reading = answering.look_again(questionnaire, drafts.answers(row))
            changed = shown != (str(questionnaire.version), str(row.revision))
            if key != row.key or reading.errors or changed:
                return _show_check(request, offer, questionnaire, row, reading.errors, changed)
            answers = reading.answers.asked_by(questionnaire)
            ledger.submit(
                offer.consultation, row.key, offer.consultation.published, offer.language, Channel.WEB, answers
            )
            drafts.finish(row)
    except drafts.AlreadySent:
        return _see_other(_address("done", offer))
    except ledger.NotOpen:
        return _not_open(request, offer, questionnaire, draft)
    return _see_other(_address("done", offer))


@page_of_answering("GET", "HEAD")
def done(request: HttpRequest, offer: Offer) -> HttpResponse:
    """Confirm with the reference."""
    draft = _draft(request, offer)
    stored = ledger.sent(draft) if draft else None
    if stored is None:
        return _see_other(_address("section", offer, 1))
    return _show_done(request, offer, stored)


def _show_done(request: HttpRequest, offer: Offer, stored: Response) -> HttpResponse:
    context = {
        "offer": offer,
        "consultation": offer.consultation,
        "stored": stored,
        "page_address": offer.page.get_url(request),
    }
    return render(request, "consultation/answering/done.html", context)


@page_of_answering("POST")
def again(request: HttpRequest, offer: Offer) -> HttpResponse:
    """Let somebody else answer on the same device: forget the cookie and begin anew."""
    page = _see_other(_address("section", offer, 1))
    page.delete_cookie(COOKIE, path=_cookie_path(offer))
    return page


def _not_open(request: HttpRequest, offer: Offer, questionnaire: Questionnaire, draft: Draft | None) -> HttpResponse:
    """Say so kindly, with everything that was answered still there to copy."""
    answers = drafts.answers(draft) if draft else Answers()
    if request.method == "POST":
        sent = _asked(request, questionnaire)
        answers = answers.replacing(sent, answering.read(sent, _form(request)).answers)
    context = {
        "offer": offer,
        "consultation": offer.consultation,
        "state": offer.consultation.state(),
        "sections": forms.answered(routing.reached(questionnaire, answers.values), answers) if answers.values else [],
        "page_address": offer.page.get_url(request),
    }
    status = 200 if request.method == "GET" else 409
    return render(request, "consultation/answering/not_open.html", context, status=status)


def _other_languages(offer: Offer, address: Callable[[Offer], str]) -> list[tuple[str, str, str]]:
    """(code, own name, address) of the same step in every language offered."""
    names = dict(settings.LANGUAGES)
    return [
        (code, names.get(code, code), address(Offer(offer.consultation, code, offer.pages)))
        for code in sorted(offer.pages, key=lambda code: (code != offer.consultation.language, code))
    ]
