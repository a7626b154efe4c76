"""Sharing an idea: one form, and a page that confirms. No account, no cookie, no JavaScript.

The form is offered where the page of ideas is live in that language and no restriction keeps the visitor from it.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from wagtail.models import PageViewRestriction

from consultation import ideas, tokens
from consultation.access import interface, is_kept_from
from consultation.ideas import LONGEST, Sent
from consultation.models import Idea, IdeaAddress, Theme
from consultation.text import clean
from consultation.views.answering.faults import through_faults
from consultation.views.answering.visit import SWITCH, see_other
from home.models import IdeasPage
from home.models.idea_list import UNSURE
from home.models.theme_links import theme_links


@dataclass(frozen=True)
class Offer:
    """The page of ideas as it is offered in one language, with those of the other languages."""

    language: str
    pages: Mapping[str, IdeasPage]

    @property
    def page(self) -> IdeasPage:
        """The one in the language of the offer."""
        return self.pages[self.language]

    @property
    def interface(self) -> str:
        """The language of the site's own words around it."""
        return interface(self.language)


def offered(request: HttpRequest, language: str) -> Offer:
    """What the visitor may use in that language. Two queries where nothing is restricted. Raises Http404 otherwise."""
    restricted = tuple(PageViewRestriction.objects.values_list("page__path", flat=True))
    live = IdeasPage.objects.live().filter(alias_of=None).select_related("locale").defer("introduction")
    pages = {
        page.locale.language_code: page
        for page in live
        if not (page.path.startswith(restricted) and is_kept_from(request, page))
    }
    if language not in pages:
        raise Http404
    return Offer(language, pages)


@dataclass(frozen=True)
class Choice:
    """A theme to choose; without one, that somebody is not sure."""

    value: str
    name: str
    theme: Theme | None


@dataclass(frozen=True)
class Entries:
    """What somebody typed, and what is wrong with it by the name of the field."""

    text: str = ""
    theme: str = ""
    email: str = ""
    removed: bool = False
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Visit:
    """One request for the form."""

    request: HttpRequest
    offer: Offer

    @cached_property
    def choices(self) -> list[Choice]:
        """The themes of today by their names in the language of the visit, and "not sure"."""
        themes = list(ideas.themes())
        links = theme_links(themes, self.offer.language)
        named = [Choice(str(theme.pk), links[theme.key].name, theme) for theme in themes if theme.key in links]
        return [*named, Choice(UNSURE, _("Not sure"), None)]

    def choice(self, value: str) -> Choice | None:
        """The one that a form or an address names."""
        return next((choice for choice in self.choices if choice.value == value), None)

    @property
    def list_address(self) -> str:
        """The page of ideas."""
        return str(self.offer.page.get_url(self.request))

    def languages(self, name: str, *args: str) -> list[tuple[str, str, str]]:
        """(code, own name, address) of a step in every language offered."""
        names = dict(settings.LANGUAGES)
        codes = [code for code in names if code in self.offer.pages]
        return [(code, str(names[code]), reverse(f"sharing:{name}", args=[code, *args])) for code in codes]

    def render(self, template: str, status: int = 200, **more: Any) -> HttpResponse:
        """A page in the frame of answering."""
        context = {"offer": self.offer, "list_address": self.list_address, **more}
        return render(self.request, f"home/ideas/{template}.html", context, status=status)


View = Callable[..., HttpResponse]


def step(*methods: str) -> Callable[[View], View]:
    """Check access, take the language from the address, and keep the page out of every cache."""

    def decorate(view: View) -> View:
        @through_faults
        @csrf_exempt  # protected by tokens.py
        @require_http_methods(list(methods))
        @wraps(view)
        def wrapped(request: HttpRequest, language: str, **kwargs: Any) -> HttpResponse:
            if request.method == "POST" and tokens.from_elsewhere(request):
                raise PermissionDenied
            try:
                offer = offered(request, language)
            except Http404:
                if request.method != "POST":
                    raise
                return _gone(request, language)
            with translation.override(offer.interface):
                request.LANGUAGE_CODE = offer.interface
                page = view(Visit(request, offer), **kwargs)
            if "Cache-Control" not in page:
                add_never_cache_headers(page)
            page["Content-Language"] = language
            return page

        return wrapped

    return decorate


@step("GET", "HEAD", "POST")
def idea(visit: Visit) -> HttpResponse:
    """Show the form, or read it and store the idea."""
    if visit.request.method == "POST":
        return _read(visit)
    return _show(visit, Entries(theme=visit.request.GET.get("theme", "")))


def _show(visit: Visit, entries: Entries, key: uuid.UUID | None = None, status: int = 200, **more: Any) -> HttpResponse:
    page = visit.render(
        "form",
        status,
        has_entries=True,
        entries=entries,
        errors=[(f"#{name}", message) for name, message in entries.errors.items()],
        choices=visit.choices,
        first_choice=visit.choices[0].value,
        longest=LONGEST,
        offers_mail=settings.OFFER_MAIL,
        token=tokens.issue(tokens.IDEAS, key),
        back=visit.list_address,
        languages=visit.languages("idea"),
        **more,
    )
    # Whoever goes back finds the form as it was, key and all, so that sending another text with it is noticed. No other
    # way leads to what a browser kept.
    page["Cache-Control"] = "private, no-cache"
    return page


def _read(visit: Visit) -> HttpResponse:
    key = tokens.read(visit.request.POST.get("token", ""), tokens.IDEAS)
    switching = SWITCH in visit.request.POST
    entries = _entries(visit, complete=not switching)
    if switching or key is None or entries.errors:
        return _show(visit, entries, key, is_stale=key is None)
    choice = visit.choice(entries.theme)
    stored = ideas.submit(
        key,
        Sent(
            text=entries.text,
            theme=choice.theme if choice else None,
            language=visit.offer.language,
            email=entries.email,
            page=visit.request.build_absolute_uri(visit.list_address),
        ),
    )
    if stored.text != entries.text:  # the form was sent before, and changed since: a new form, with what is in it
        return _show(visit, entries, status=409, before=stored.reference)
    address = reverse("sharing:sent", args=[visit.offer.language, stored.reference])
    return see_other(address + ("?removed=1" if entries.removed else ""))


def _entries(visit: Visit, *, complete: bool) -> Entries:
    """What was typed, cleaned; the text as it would be stored. Where it need not be complete, that may be missing."""
    given = {name: visit.request.POST.get(name, "") for name in ("idea", "theme", "email")}
    text, removed = clean(given["idea"])
    email = clean(given["email"])[0].strip() if settings.OFFER_MAIL else ""
    errors = {
        "idea": _wrong_text(text) if complete or text else "",
        "theme": "" if not given["theme"] or visit.choice(given["theme"]) else _("Choose one of these themes"),
        "email": _wrong_address(email),
    }
    wrong = {name: message for name, message in errors.items() if message}
    return Entries(text, given["theme"], email, removed, wrong)


def _wrong_text(text: str) -> str:
    if not text.strip():
        return _("Write your idea")
    if len(text) > LONGEST:
        return _("Your idea has %(length)d characters. It can have up to %(longest)d.") % {
            "length": len(text),
            "longest": LONGEST,
        }
    return ""


def _wrong_address(email: str) -> str:
    try:
        if email:
            validate_email(email)
    except ValidationError:
        return _("Enter an e-mail address in the correct format, like name@example.org")
    return ""


@step("GET", "HEAD")
def sent(visit: Visit, reference: str) -> HttpResponse:
    """Confirm with the reference, and say what happens next. It tells nothing of the idea."""
    stored = get_object_or_404(Idea, reference=reference)
    return visit.render(
        "sent",
        reference=stored.reference,
        has_address=IdeaAddress.objects.filter(idea=stored).exists(),
        languages=visit.languages("sent", reference),
    )


def _gone(request: HttpRequest, language: str) -> HttpResponse:
    """What was sent can't be kept, because the page was taken back meanwhile; it is shown to copy."""
    known = language in dict(settings.LANGUAGES)
    with translation.override(interface(language) if known else settings.LANGUAGE_CODE):
        page = render(request, "home/ideas/gone.html", {"typed": request.POST.get("idea", "")}, status=404)
    add_never_cache_headers(page)
    return page
