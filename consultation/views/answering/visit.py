"""One request of somebody who answers: what they may see, where they are, what they have answered so far."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, wraps
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

from consultation import drafts, instrument, routing, tokens
from consultation.access import Offer, answerable, interface
from consultation.answers import Answers
from consultation.models import Consultation, Draft, State
from consultation.questionnaire import Question, Questionnaire
from consultation.views.answering.faults import through_faults

COOKIE = "__Secure-answering" if settings.SESSION_COOKIE_SECURE else "answering"
COOKIE_AGE = int(drafts.LIFETIME.total_seconds())
LONGEST_NUMBER = 18  # digits; Python refuses to read 4,301
SWITCH = "switch"  # the buttons of the other languages: what was entered goes there, and nothing is sent
SENT_AGE = 30 * 60  # seconds: on a shared device the next person must not find what was sent


@dataclass
class Visit:
    """A request for a consultation in one language. The database is read when something of it is first asked for."""

    request: HttpRequest
    offer: Offer

    @property
    def consultation(self) -> Consultation:
        """What is answered."""
        return self.offer.consultation

    @property
    def is_open(self) -> bool:
        """Whether answers are taken, as far as can be told before they are stored."""
        return self.consultation.state() == State.OPEN

    @cached_property
    def questionnaire(self) -> Questionnaire:
        """Everything that is asked now."""
        return instrument.current(self.consultation, self.offer.language)

    @cached_property
    def draft(self) -> Draft | None:
        """What the cookie opens."""
        return drafts.find(self.consultation, self.secret)

    @property
    def secret(self) -> str:
        """What opens the draft."""
        return self.request.COOKIES.get(COOKIE, "")

    @cached_property
    def answers(self) -> Answers:
        """What was saved so far."""
        return drafts.answers(self.draft) if self.draft else Answers()

    def reached(self, answers: Answers | None = None) -> Questionnaire:
        """The part that these answers (by default the saved ones) lead to."""
        return routing.reached(self.questionnaire, (answers or self.answers).values)

    @cached_property
    def sent(self) -> Mapping[str, Sequence[str]]:
        """The form that came with the request."""
        return dict(self.request.POST.lists())

    @cached_property
    def key(self) -> uuid.UUID | None:
        """The key of the answering in the form's token; None where it is forged, foreign or too old."""
        return tokens.read(self.request.POST.get("token", ""), self.consultation.pk)

    @property
    def is_trapped(self) -> bool:
        """Whether something stands in the field that people do not see: templates/consultation/answering/_trap.html."""
        return bool(self.request.POST.get("website"))

    @cached_property
    def asked(self) -> tuple[Question, ...]:
        """The questions that the form asked, as far as they are still asked."""
        words = self.request.POST.get("asked", "").split(" ")
        numbers = [int(word) for word in words if word.isascii() and word.isdigit() and len(word) <= LONGEST_NUMBER]
        found = (self.questionnaire.question(number) for number in dict.fromkeys(numbers))
        return tuple(question for question in found if question is not None)

    def address(self, name: str, *args: int | str) -> str:
        """A step in the language of the visit."""
        return self._address(self.offer.language, name, *args)

    def _address(self, language: str, name: str, *args: int | str) -> str:
        return reverse(f"answering:{name}", args=[self.consultation.pk, language, *args])

    @property
    def link(self) -> str:
        """The whole address that opens the draft anywhere."""
        return self.request.build_absolute_uri(self.address("return", self.secret))

    def languages(self, name: str, *args: int | str) -> list[tuple[str, str, str]]:
        """(code, own name, address) of a step in every language offered, the leading one first."""
        names = dict(settings.LANGUAGES)
        codes = sorted(self.offer.pages, key=lambda code: (code != self.consultation.language, code))
        return [(code, names.get(code, code), self._address(code, name, *args)) for code in codes]

    def token(self) -> str:
        """What a form of this answering carries; without a draft that can be added to, a new answering is born.

        A form that is shown again because of a mistake in it goes on as it was: with its key, and born when it was.
        """
        if self.draft and not self.draft.sent_at:
            return tokens.issue(self.consultation.pk, self.draft.sends)
        return self.request.POST["token"] if self.key else tokens.issue(self.consultation.pk)

    def render(self, template: str, status: int = 200, **more: Any) -> HttpResponse:
        """A page of answering."""
        context = {
            "offer": self.offer,
            "consultation": self.consultation,
            "page_address": self.offer.page.get_url(self.request),
            **more,
        }
        return render(self.request, f"consultation/answering/{template}.html", context, status=status)

    def remember(self, page: HttpResponse, secret: str, age: int = COOKIE_AGE) -> HttpResponse:
        """Let the browser find the draft again: on the paths of this consultation, in every language."""
        page.set_cookie(
            COOKIE,
            secret,
            max_age=age,
            path=self._cookie_path,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        return page

    def forget(self, page: HttpResponse) -> None:
        """Let the browser begin anew."""
        page.delete_cookie(COOKIE, path=self._cookie_path)

    @property
    def _cookie_path(self) -> str:
        return self.address("start").rsplit("/", 2)[0] + "/"


def see_other(address: str) -> HttpResponse:
    """Go on to another page, which a reload does not send again."""
    return HttpResponseRedirect(address, status=303)


View = Callable[..., HttpResponse]


def step(*methods: str) -> Callable[[View], View]:
    """Check access, take the language from the address, and keep the page out of every cache."""

    def decorate(view: View) -> View:
        @through_faults
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
            with translation.override(offer.interface):
                request.LANGUAGE_CODE = offer.interface
                page = view(Visit(request, offer), **kwargs)
            add_never_cache_headers(page)
            page["Content-Language"] = language
            return page

        return wrapped

    return decorate


def _gone(request: HttpRequest, language: str) -> HttpResponse:
    """What was sent can't be kept, because the consultation was taken back meanwhile; it is shown to copy."""
    typed = [text for name, texts in request.POST.lists() if name.startswith("q") for text in texts if len(text) > 3]
    known = language in dict(settings.LANGUAGES)
    with translation.override(interface(language) if known else settings.LANGUAGE_CODE):
        page = render(request, "consultation/answering/gone.html", {"typed": typed}, status=404)
    add_never_cache_headers(page)
    return page
