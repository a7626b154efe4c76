"""Answering a consultation: section by section, check, send, done. No JavaScript, no account."""

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
from consultation import drafts, forms, instrument, ledger, tokens
from consultation.access import Offer, answerable
from consultation.answers import Answers
from consultation.models import Channel, Draft, Response, State
from consultation.questionnaire import Questionnaire

COOKIE = "answering"
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
            offer = answerable(request, consultation_id, language)
            with translation.override(language):
                request.LANGUAGE_CODE = language
                page = view(request, offer, **kwargs)
            add_never_cache_headers(page)
            page["Content-Language"] = language
            return page

        return wrapped

    return decorate


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


@page_of_answering("GET")
def start(request: HttpRequest, offer: Offer) -> HttpResponse:
    """Go to the first section."""
    return _see_other(_address("section", offer, 1))


@page_of_answering("GET", "POST")
def section(request: HttpRequest, offer: Offer, number: int) -> HttpResponse:
    """Show a section, or read it and go on."""
    questionnaire = instrument.current(offer.consultation, offer.language)
    if not 1 <= number <= len(questionnaire.sections):
        raise Http404
    draft = _draft(request, offer)
    if draft and draft.sent_at:
        return _see_other(_address("done", offer))
    if offer.consultation.state() != State.OPEN:
        return _not_open(request, offer, questionnaire, draft)
    if request.method == "POST":
        return _read_section(request, offer, questionnaire, draft, number)
    fields = forms.filled(questionnaire.sections[number - 1], drafts.answers(draft) if draft else Answers())
    return _show_section(request, offer, questionnaire, draft, number, fields)


def _show_section(
    request: HttpRequest,
    offer: Offer,
    questionnaire: Questionnaire,
    draft: Draft | None,
    number: int,
    fields: list[forms.Field | forms.Words],
    **more: Any,
) -> HttpResponse:
    returning = (request.POST if request.method == "POST" else request.GET).get("return") == "check"
    back = _address("check", offer) if returning else _address("section", offer, number - 1) if number > 1 else None
    context = _context(
        offer,
        questionnaire,
        draft,
        section=questionnaire.sections[number - 1],
        number=number,
        total=len(questionnaire.sections),
        fields=fields,
        errors=[
            (f"#{field.question.name}", field.error)
            for field in fields
            if isinstance(field, forms.Field) and field.error
        ],
        returning=returning,
        back=back or offer.page.get_url(request),
        languages=_other_languages(offer, lambda other: _address("section", other, number)),
        **more,
    )
    return render(request, "consultation/answering/section.html", context)


def _read_section(
    request: HttpRequest, offer: Offer, questionnaire: Questionnaire, draft: Draft | None, number: int
) -> HttpResponse:
    asked = questionnaire.sections[number - 1]
    form = _form(request)
    reading = answering.read(asked.questions, form)
    key = tokens.read(request.POST.get("token", ""), offer.consultation.pk)
    if reading.errors or key is None:
        fields = forms.refilled(asked, form, reading.errors)
        return _show_section(request, offer, questionnaire, draft, number, fields, stale=key is None)
    secret = None
    if draft is None:
        draft, secret = drafts.begin(offer.consultation, key)
    if draft.sent_at is None:
        drafts.save(draft, offer.consultation, asked.questions, reading.answers)
    onward = number == len(questionnaire.sections) or request.POST.get("return") == "check"
    address = _address("check", offer) if onward else _address("section", offer, number + 1)
    page = _see_other(f"{address}?removed=1" if reading.removed else address)
    if secret is not None:
        _set_cookie(request, page, offer, secret)
    return page


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


@page_of_answering("GET", "POST")
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
    answers = drafts.answers(draft)
    missing = answering.still_missing(questionnaire, answers)
    changed = request.method == "POST" and request.POST.get("version") != str(questionnaire.version)
    if request.method == "GET" or key != draft.key or missing or changed:
        return _show_check(request, offer, questionnaire, draft, missing if request.method == "POST" else [], changed)
    return _send(request, offer, questionnaire, draft, answers)


def _show_check(
    request: HttpRequest,
    offer: Offer,
    questionnaire: Questionnaire,
    draft: Draft,
    missing: Sequence[Any],
    changed: bool,
) -> HttpResponse:
    sections = forms.answered(questionnaire, drafts.answers(draft))
    places = {row.question.number: section.number for section in sections for row in section.questions}
    context = _context(
        offer,
        questionnaire,
        draft,
        sections=sections,
        errors=[
            (f"{_address('section', offer, places[q.number])}?return=check#{q.name}", answering.missing(q))
            for q in missing
        ],
        changed=changed,
        back=_address("section", offer, len(questionnaire.sections)),
        languages=_other_languages(offer, lambda other: _address("check", other)),
    )
    return render(request, "consultation/answering/check.html", context)


def _send(
    request: HttpRequest, offer: Offer, questionnaire: Questionnaire, draft: Draft, answers: Answers
) -> HttpResponse:
    try:
        ledger.submit(
            offer.consultation,
            draft.key,
            offer.consultation.published,
            offer.language,
            Channel.WEB,
            answers.asked_by(questionnaire),
        )
    except ledger.NotOpen:
        return _not_open(request, offer, questionnaire, draft)
    ledger.finish(draft)  # the response is committed; only now is the draft emptied
    return _see_other(_address("done", offer))


@page_of_answering("GET")
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
        questions = list(questionnaire.questions)
        sent = [question for question in questions if question.name in request.POST]
        answers = answers.replacing(sent, answering.read(sent, _form(request)).answers)
    context = {
        "offer": offer,
        "consultation": offer.consultation,
        "state": offer.consultation.state(),
        "sections": forms.answered(questionnaire, answers) if answers.values else [],
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
