"""“Tell me when the outcome is out”: one form, and the two links of its e-mails. No account, no cookie, no JavaScript.

What a page says is the same whether an address is known or not. The links open pages with one button, since the
scanners of mail follow links.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from consultation import haste, subscribers, tokens
from consultation.access import Offer, answerable, interface
from consultation.models import Subscriber
from consultation.questionnaire import Text
from consultation.text import clean
from consultation.views.answering.faults import through_faults
from consultation.views.answering.suspecting import address

EACH_NETWORK = 20  # forms that a household, a school or a library sends about one consultation in a day

View = Callable[..., HttpResponse]


def step(view: View) -> View:
    """Take the language from the address, and keep the page out of every cache and its address out of others' logs."""

    @through_faults
    @csrf_exempt  # protected by tokens.py, or by the secret of an e-mail
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def wrapped(request: HttpRequest, consultation_id: int, language: str, **kwargs: Any) -> HttpResponse:
        if language not in dict(settings.LANGUAGES):
            raise Http404
        with translation.override(interface(language)):
            request.LANGUAGE_CODE = interface(language)
            page = view(request, consultation_id, language, **kwargs)
        add_never_cache_headers(page)
        page["Content-Language"] = language
        page["Referrer-Policy"] = "no-referrer"
        return page

    return wrapped


@step
def ask(request: HttpRequest, consultation_id: int, language: str) -> HttpResponse:
    """Show the form, or read it and send the confirmation."""
    if not settings.OFFER_MAIL:
        raise Http404
    if request.method == "POST" and tokens.from_elsewhere(request):
        raise PermissionDenied
    offer = answerable(request, consultation_id, language)
    if offer.consultation.state() not in subscribers.OFFERED:
        return _show(request, offer, "not_offered")
    return _read(request, offer) if request.method == "POST" else _form(request, offer)


def _read(request: HttpRequest, offer: Offer) -> HttpResponse:
    typed = clean(request.POST.get("email", ""))[0].strip()
    if tokens.read(request.POST.get("token", ""), _token_of(offer)) is None:
        return _form(request, offer, typed, is_stale=True)
    try:
        if len(typed) > 320:
            raise ValidationError("")
        validate_email(typed)
    except ValidationError:
        return _form(request, offer, typed, _("Enter an e-mail address in the correct format, like name@example.org"))
    if request.POST.get("website"):  # the field that people do not see; whoever filled it in learns nothing
        return _show(request, offer, "asked", typed=typed)
    if haste.count(offer.consultation.pk, address(request), "telling") > EACH_NETWORK:
        said = _("Many e-mails were asked for from your network today. Please try again tomorrow.")
        return _form(request, offer, typed, said, status=429)
    site = request.build_absolute_uri("/")
    subscribers.ask(offer.consultation, typed, offer.language, site, offer.title.text)
    return _show(request, offer, "asked", typed=typed)


def _token_of(offer: Offer) -> str:
    return f"tell/{offer.consultation.pk}"


def _form(request: HttpRequest, offer: Offer, typed: str = "", error: str = "", **more: Any) -> HttpResponse:
    token = tokens.issue(_token_of(offer))
    errors = [("#email", error)] if error else []
    return _show(request, offer, "ask", typed=typed, error=error, errors=errors, token=token, **more)


def _show(request: HttpRequest, offer: Offer, template: str, status: int = 200, **more: Any) -> HttpResponse:
    names = dict(settings.LANGUAGES)
    languages = [
        (code, str(names.get(code, code)), reverse("telling:ask", args=[offer.consultation.pk, code]))
        for code in sorted(offer.pages, key=lambda code: (code != offer.consultation.language, code))
    ]
    context = {
        "offer": offer,
        "consultation": offer.consultation,
        "page_address": offer.page.get_url(request),
        "languages": languages,
        **more,
    }
    return render(request, f"consultation/telling/{template}.html", context, status=status)


@step
def confirm(request: HttpRequest, consultation_id: int, language: str, secret: str) -> HttpResponse:
    """One button; what it sends subscribes whoever reads the mailbox."""
    found = subscribers.find(consultation_id, secret)
    if found is None:
        return render(request, "consultation/telling/gone.html", status=404)
    if request.method == "POST":
        subscribers.confirm(found)
    said = {"title": _title(found), "is_confirmed": request.method == "POST"}
    return render(request, "consultation/telling/confirm.html", said)


def _title(subscriber: Subscriber) -> Text:
    """What the consultation is called, by its leading page: the page of a language may be gone by then."""
    return Text(subscriber.consultation.title, subscriber.consultation.language)


@step
def stop(request: HttpRequest, consultation_id: int, language: str, secret: str) -> HttpResponse:
    """One button; what it sends, or a program of mail by itself, deletes the address. Again, it says the same."""
    found = subscribers.find(consultation_id, secret)
    if request.method == "POST" and found is not None:
        subscribers.stop(found)
    is_over = request.method == "POST" or found is None
    title = _title(found) if found else None
    return render(request, "consultation/telling/stop.html", {"title": title, "is_over": is_over})
