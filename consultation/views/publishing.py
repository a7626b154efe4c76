"""Officers publish results: write what stands beside the figures, look at the page, publish; take a version back."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from consultation import results
from consultation.access import interface, may_publish_results, require
from consultation.models import Consultation, PublishedResult
from consultation.results import Prepared
from consultation.text import clean
from consultation.views.officers import frame
from consultation.views.results import show, text

LONGEST = 5_000  # characters of a text


@require_safe
@never_cache
def overview(request: HttpRequest, pk: int) -> HttpResponse:
    """Every version, and whether there can be a next one."""
    require(may_publish_results(request))
    found = get_object_or_404(Consultation, pk=pk)
    versions = list(found.published_results.order_by("-number").prefetch_related("editions"))
    for version in versions:
        version.own = next(own for own in version.editions.all() if own.language == found.language)  # type: ignore[attr-defined]
    context = frame(
        request,
        _("Published results"),
        *_crumbs(found),
        ("", _("Published results")),
        consultation=found,
        versions=versions,
        newest=next((version for version in versions if version.stands), None),
        why_not=results.why_not(found),
    )
    return render(request, "consultation/officers/results.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Write, look, publish."""
    require(may_publish_results(request))
    found = get_object_or_404(Consultation, pk=pk)
    try:
        prepared = results.prepare(found)
    except results.NotPossible as reason:
        messages.warning(request, str(reason))
        return redirect("consultations:results", pk)
    sent = request.method == "POST"
    texts = _sent(request, prepared) if sent else _first(found, prepared)
    errors = dict(_errors(found, prepared, texts)) if sent else {}
    if errors or not sent or request.POST.get("step") == "write":
        return _form(request, found, prepared, texts, errors)
    if request.POST.get("step") != "publish":
        return _preview(request, found, prepared, texts)
    try:
        version = results.publish(found, request.user, *_by_language(texts), request.POST.get("digest", "-"))
    except results.Moved:
        messages.warning(request, _("Figures or words changed since you looked at them. Please look again."))
        return _preview(request, found, prepared, texts)
    messages.success(request, _("Version %(number)s of the results is published.") % {"number": version.number})
    return redirect("consultations:results", pk)


Fields = Mapping[str, str]  # "note_en", "reason_en"


def _sent(request: HttpRequest, prepared: Prepared) -> Fields:
    names = [f"{name}_{code}" for code in prepared.languages for name in ("note", "reason")]
    return {name: clean(request.POST.get(name, ""))[0].strip() for name in names}


def _first(consultation: Consultation, prepared: Prepared) -> Fields:
    """What the version before said, or what is true of most consultations."""
    last = consultation.published_results.order_by("number").last()
    before = dict(last.editions.values_list("language", "note")) if last else {}
    return {f"note_{code}": before.get(code) or ("" if last else _usual(code)) for code in prepared.languages}


def _usual(language: str) -> str:
    if interface(language) != language:
        return ""
    with translation.override(language):
        return _(
            "Everybody could answer, and these are the answers of those who did. They were not drawn by lot, so the "
            "figures do not say what everybody in the borough thinks."
        )


def _errors(consultation: Consultation, prepared: Prepared, texts: Fields) -> Any:
    for name, value in texts.items():
        if len(value) > LONGEST:
            yield name, _("At most %(n)d characters.") % {"n": LONGEST}
    if not texts[f"note_{consultation.language}"]:
        yield f"note_{consultation.language}", _("Say who answered, and how to read the figures.")
    if prepared.number > 1 and not texts[f"reason_{consultation.language}"]:
        yield f"reason_{consultation.language}", _("Say to everybody why there is a new version.")


def _by_language(texts: Fields) -> tuple[dict[str, str], dict[str, str]]:
    return tuple(  # type: ignore[return-value]
        {name.partition("_")[2]: value for name, value in texts.items() if name.startswith(f"{kind}_")}
        for kind in ("note", "reason")
    )


def _form(
    request: HttpRequest, consultation: Consultation, prepared: Prepared, texts: Fields, errors: Mapping[str, str]
) -> HttpResponse:
    names = dict(settings.LANGUAGES)
    kinds = ["note", "reason"] if prepared.number > 1 else ["note"]
    context = frame(
        request,
        _("Publish results"),
        *_crumbs(consultation),
        (reverse("consultations:results", args=[consultation.pk]), _("Published results")),
        ("", _("Publish results")),
        consultation=consultation,
        prepared=prepared,
        errors=[(name, error) for name, error in errors.items()],
        fields=[
            (
                kind,
                code,
                names.get(code, code),
                code == consultation.language,
                texts.get(f"{kind}_{code}", ""),
                errors.get(f"{kind}_{code}", ""),
            )
            for kind in kinds
            for code in prepared.languages
        ],
        longest=LONGEST,
    )
    return render(request, "consultation/officers/publish_results.html", context, status=422 if errors else 200)


def _preview(request: HttpRequest, consultation: Consultation, prepared: Prepared, texts: Fields) -> HttpResponse:
    """The page as everybody would see it, with a way on and a way back."""
    asked = request.POST.get("look", "")
    language = asked if asked in prepared.summaries else consultation.language
    names, leading = dict(settings.LANGUAGES), consultation.language
    notes, reasons = _by_language(texts)
    preview = {
        "number": prepared.number,
        "digest": prepared.digest,
        "address": reverse("consultations:publish_results", args=[consultation.pk]),
        "texts": list(texts.items()),
        "languages": [(code, names.get(code, code)) for code in prepared.languages],
        "licence": settings.OPEN_DATA_LICENCE[0],
    }
    with translation.override(interface(language)):
        context = {
            "preview": preview,
            "consultation": consultation,
            "language": language,
            "note": text(language, notes[language], leading, notes[leading]),
            "reason": text(language, reasons[language], leading, reasons[leading]),
            "page_address": reverse("consultations:results", args=[consultation.pk]),
        }
        return show(request, prepared.summaries[language], context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def take_back(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Hide a version, with a reason that everybody reads."""
    require(may_publish_results(request))
    version = get_object_or_404(PublishedResult.objects.select_related("consultation"), consultation=pk, number=number)
    found = version.consultation
    languages = list(version.editions.order_by("pk").values_list("language", flat=True))
    reasons = {code: clean(request.POST.get(f"reason_{code}", ""))[0].strip()[:LONGEST] for code in languages}
    error = ""
    if request.method == "POST":
        try:
            results.take_back(version, request.user, reasons)
        except results.NotPossible as reason:
            error = str(reason)
        else:
            messages.success(request, _("Version %(number)s was taken back.") % {"number": number})
            return redirect("consultations:results", pk)
    names = dict(settings.LANGUAGES)
    context = frame(
        request,
        _("Take results back"),
        *_crumbs(found),
        (reverse("consultations:results", args=[pk]), _("Published results")),
        ("", _("Take results back")),
        consultation=found,
        version=version,
        error=error,
        fields=[(code, names.get(code, code), code == found.language, reasons[code]) for code in languages],
        longest=LONGEST,
    )
    return render(request, "consultation/officers/take_back_results.html", context, status=422 if error else 200)


def _crumbs(consultation: Consultation) -> list[tuple[str, str]]:
    return [(reverse("consultations:consultation", args=[consultation.pk]), consultation.title)]
