"""Published results as everybody reads them: a page for each version and language, and its files.

There is nothing where the consultation's leading page is not live or not for everybody. What was taken back or
withdrawn says so (410).
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_safe
from wagtail.models import Page

from consultation import edition, open_data, results
from consultation.access import interface
from consultation.edition import PublicSummary
from consultation.models import Channel, Consultation, Halt, PublishedResult, ResultEdition
from consultation.questionnaire import Text

DAY = 86_400
TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json; charset=utf-8"}
CSVM = "application/csvm+json"


@dataclass(frozen=True)
class Shelf:
    """The versions of a consultation, the newest first, and the pages that lead there."""

    consultation: Consultation
    pages: dict[str, Page]  # by language, those that everybody may read
    versions: Sequence[PublishedResult]

    @property
    def newest(self) -> PublishedResult | None:
        """The last one that stands."""
        return next((version for version in self.versions if version.stands), None)

    def page_address(self, request: HttpRequest, language: str) -> str:
        """The consultation's page in a language, or the leading one."""
        page = self.pages.get(language) or self.pages[self.consultation.language]
        return str(page.get_url(request))


def shelf(consultation_id: int) -> Shelf:
    """What was ever published of a consultation. Three queries. Raises Http404 where nothing may be seen."""
    consultation = Consultation.objects.filter(pk=consultation_id).first()
    if consultation is None:
        raise Http404
    versions = PublishedResult.objects.filter(consultation=consultation).order_by("-number")
    public = Page.objects.live().public().filter(translation_key=consultation.key, alias_of=None)
    pages = {page.locale.language_code: page for page in public.select_related("locale")}
    found = Shelf(consultation, pages, list(versions.defer("figures", "bases")))
    if not found.versions or consultation.language not in pages:
        raise Http404
    for version in found.versions:
        version.consultation = consultation
    return found


@require_safe
def newest(request: HttpRequest, consultation_id: int, language: str) -> HttpResponse:
    """Lead to the last version that stands."""
    found = shelf(consultation_id)
    last = found.newest
    if last is None or found.consultation.halt == Halt.WITHDRAWN:
        return _gone(request, found, language, found.versions[0])
    own = _own(last, language)
    page = redirect("results:version", consultation_id, own.language, last.number)
    patch_cache_control(page, no_cache=True)
    return page


@require_safe
def version(request: HttpRequest, consultation_id: int, language: str, number: int) -> HttpResponse:
    """One version. It stays as it is, but for the note that there is a newer one."""
    found = shelf(consultation_id)
    result = _numbered(found, number)
    if not result.stands or found.consultation.halt == Halt.WITHDRAWN:
        return _gone(request, found, language, result)
    own = _own(result, language)
    if own.language != language:
        return redirect("results:version", consultation_id, own.language, number)
    with translation.override(interface(language)):
        page = show(request, edition.read(own.content, result), shown(request, found, own))
    page["Content-Language"] = language
    return page


def _numbered(found: Shelf, number: int) -> PublishedResult:
    result = next((version for version in found.versions if version.number == number), None)
    if result is None:
        raise Http404
    return result


def _own(result: PublishedResult, language: str) -> ResultEdition:
    """The edition in a language of the site, or in the leading one where it came later. One query."""
    if language not in dict(settings.LANGUAGES):
        raise Http404
    rows = result.editions.filter(language__in=[language, result.consultation.language]).defer("files")
    found = {own.language: own for own in rows}
    return found.get(language) or found[result.consultation.language]


def shown(request: HttpRequest, found: Shelf, own: ResultEdition) -> dict[str, Any]:
    """What stands around the figures."""
    result, language = own.result, own.language
    names = dict(settings.LANGUAGES)

    def place(code: str) -> str:
        return reverse("results:version", args=[result.consultation_id, code, result.number])

    editions = result.editions.order_by("pk").values_list("language", "note", "reason")
    texts = {code: (note, reason) for code, note, reason in editions}
    leading = result.consultation.language
    return {
        "consultation": result.consultation,
        "language": language,
        "languages": [(code, names.get(code, code), place(code)) for code in texts],
        "alternates": [(code, request.build_absolute_uri(place(code))) for code in texts],
        "note": text(language, texts[language][0], leading, texts[leading][0]),
        "reason": text(language, texts[language][1], leading, texts[leading][1]),
        "newer": found.newest if found.newest and found.newest.number > result.number else None,
        "versions": found.versions,
        "page_address": found.page_address(request, language),
        "address": request.build_absolute_uri(place(language)),
    }


def text(language: str, own: str, leading: str, original: str) -> Text:
    """A text of an officer, or the leading language's where there is none."""
    return Text(own, language) if own else Text(original, leading)


def show(request: HttpRequest, summary: PublicSummary, context: dict[str, Any]) -> HttpResponse:
    """The page, in the language that is active."""
    more = {
        "summary": summary,
        "channels": [(str(Channel(code).label), figure) for code, figure in summary.channels],
        "stars": sum(question.stars for question in summary.questions)
        + sum(figure == "*" for _code, figure in summary.channels),
        "withheld": sum(question.withheld for question in summary.questions),
        "sections": list(summary.sections()),
        "files": _files(),
    }
    if "address" in context:
        more["dataset"] = _dataset(summary, context)
    return render(request, "consultation/results/version.html", context | more)


def _files() -> list[tuple[str, str]]:
    return [
        (open_data.FIGURES, _("All figures of this page (CSV)")),
        (open_data.CODEBOOK, _("What was asked: data dictionary (CSV)")),
        (open_data.METADATA, _("Description for programs (CSV on the Web)")),
        (results.JSON, _("All figures of this page (JSON)")),
    ]


def _dataset(summary: PublicSummary, context: dict[str, Any]) -> SafeString:
    """What search engines for data read: schema.org's Dataset. It is a block of data, which no browser runs."""
    result = summary.pinned
    assert isinstance(result, PublishedResult)  # noqa: S101  only a published summary comes here  # nosec B101
    about = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": summary.title.text,
        "description": _("What people answered in this consultation, in rounded figures."),
        "url": context["address"],
        "version": str(result.number),
        "license": result.licence_url,
        "isAccessibleForFree": True,
        "inLanguage": context["language"],
        "datePublished": result.published_at.date().isoformat(),
        "distribution": [
            {
                "@type": "DataDownload",
                "contentUrl": f"{context['address']}{name}",
                "encodingFormat": TYPES[name.rpartition(".")[2]].partition(";")[0],
            }
            for name, _said in _files()
        ],
    }
    written = json.dumps(about, ensure_ascii=False).replace("&", "\\u0026").replace("<", "\\u003c")
    return mark_safe(written.replace(">", "\\u003e"))  # noqa: S308  nothing in it can end the element  # nosec B703


def _gone(request: HttpRequest, found: Shelf, language: str, result: PublishedResult) -> HttpResponse:
    """Why there is nothing to see any more."""
    withdrawn = found.consultation.halt == Halt.WITHDRAWN
    texts = dict(result.editions.values_list("language", "taken_back_reason"))
    if language not in texts:
        raise Http404
    leading = found.consultation.language
    with translation.override(interface(language)):
        context = {
            "withdrawn": withdrawn,
            "result": result,
            "reason": text(language, texts[language], leading, texts[leading]),
            "newest": None if withdrawn else found.newest,
            "language": language,
            "page_address": found.page_address(request, language),
        }
        page = render(request, "consultation/results/gone.html", context, status=410)
    page["Content-Language"] = language
    patch_cache_control(page, no_cache=True)
    return page


# The files


def _stored(consultation_id: int, language: str, number: int, name: str) -> tuple[PublishedResult, str | None]:
    """A file to the letter, None where it is not there any more. Raises Http404 where it never was."""
    found = shelf(consultation_id)
    result = _numbered(found, number)
    own = result.editions.filter(language=language).only("files").first()
    if own is None or name not in own.files:
        raise Http404
    stands = result.stands and found.consultation.halt != Halt.WITHDRAWN
    return result, own.files[name] if stands else None


def _etag(request: HttpRequest, **asked: Any) -> str | None:
    # Kept for the view that follows, so that a file is read once.
    request.stored = _stored(**asked)  # type: ignore[attr-defined]
    content = request.stored[1]  # type: ignore[attr-defined]
    return f'"{hashlib.sha256(content.encode()).hexdigest()[:32]}"' if content is not None else None


@require_safe
@condition(etag_func=_etag)
def file(request: HttpRequest, *, consultation_id: int, language: str, number: int, name: str) -> HttpResponse:
    """A file of a version, for everybody and for programs of other sites."""
    result, content = request.stored  # type: ignore[attr-defined]
    if content is None:
        address = reverse("results:version", args=[consultation_id, language, number])
        return HttpResponse(f"{request.build_absolute_uri(address)}\n", status=410, content_type="text/plain")
    kind = CSVM if name == open_data.METADATA else TYPES[name.rpartition(".")[2]]
    sent = HttpResponse(content, content_type=kind)
    own = f"consultation-{consultation_id}-results-{number}-{language}-{name}"
    sent["Content-Disposition"] = str(content_disposition_header(name != open_data.METADATA, own))
    sent["Content-Language"] = language
    sent["Access-Control-Allow-Origin"] = "*"
    sent["Cross-Origin-Resource-Policy"] = "cross-origin"
    sent["Link"] = ", ".join(_links(result, name))
    # It never changes; but a version that is taken back should be gone from every cache within a day.
    sent["Cache-Control"] = f"public, max-age={DAY}, immutable"
    return sent


def _links(result: PublishedResult, name: str) -> Iterable[str]:
    if name.endswith(".csv"):
        yield f'<{open_data.METADATA}>; rel="describedby"; type="{CSVM}"'
    yield f'<{result.licence_url}>; rel="license"'
