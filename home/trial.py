"""Trying a form out, signed in: section by section, check, done. What is answered stays in the session.

Neither drafts nor the ledger are known here, so a test answer can't get there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from consultation import answers as answering
from consultation import equality as questions
from consultation import forms, rehearsal, routing
from consultation.access import Offer, levels, may_see_summaries
from consultation.answers import Answers
from consultation.questionnaire import Questionnaire, Section
from home.models import ConsultationPage

SESSION = "trial"


@dataclass(frozen=True)
class Trial:
    """A form that somebody tries out, with what they answered so far."""

    page: ConsultationPage
    is_draft: bool
    questionnaire: Questionnaire
    answers: Answers

    @property
    def reached(self) -> Questionnaire:
        """The part that these answers lead to."""
        return routing.reached(self.questionnaire, self.answers.values)

    def address(self, name: str, *number: int) -> str:
        """A step of the trial."""
        return reverse(f"trial:{name}", args=[self.page.pk, *number])


def _trial(request: HttpRequest, page_id: int) -> Trial:
    """The latest draft for whoever may edit it, what is published for officers."""
    # By id: unlike pk, which is a relation here, it takes a number that no database can hold for one that is not found.
    page = get_object_or_404(ConsultationPage.objects.select_related("locale"), id=page_id)
    may_edit = page.permissions_for_user(request.user).can_edit()
    if not may_edit and not (page.live and (may_see_summaries(request) or levels(request))):
        raise PermissionDenied
    is_draft = may_edit and (page.has_unpublished_changes or not page.live)
    shown: ConsultationPage = page.get_latest_revision_as_object() if may_edit else page
    kept = request.session.get(SESSION, {})
    answers = answering.decode(kept["answers"]) if kept.get("page") == page_id else Answers()
    return Trial(shown, is_draft, rehearsal.questionnaire(shown.source()), answers)


def _keep(request: HttpRequest, page_id: int, answers: Answers) -> None:
    request.session[SESSION] = {"page": page_id, "answers": answering.encode(answers)}


def _show(request: HttpRequest, trial: Trial, template: str, **more: Any) -> HttpResponse:
    language = trial.questionnaire.language
    offer = Offer(trial.page.period, language, {language: trial.page})
    context = {"trial": trial, "offer": offer, "edit": reverse("wagtailadmin_pages:edit", args=[trial.page.pk]), **more}
    with translation.override(offer.interface):
        return render(request, f"home/trial/{template}.html", context)


def _see_other(address: str) -> HttpResponse:
    return HttpResponseRedirect(address, status=303)


def _onward(trial: Trial, number: int) -> str:
    following = trial.reached.section_after(number)
    return trial.address("section", following.number) if following else trial.address("check")


@require_safe
@never_cache
def start(request: HttpRequest, page_id: int) -> HttpResponse:
    """Begin anew."""
    trial = _trial(request, page_id)
    request.session.pop(SESSION, None)
    return _see_other(_onward(Trial(trial.page, trial.is_draft, trial.questionnaire, Answers()), 0))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def section(request: HttpRequest, page_id: int, number: int) -> HttpResponse:
    """Show a section, or read it and go on."""
    trial = _trial(request, page_id)
    if not 1 <= number <= len(trial.questionnaire.sections):
        raise Http404
    shown = trial.reached.section(number)
    if shown is None:  # these answers lead past it
        return _see_other(_onward(trial, number))
    if request.method != "POST":
        return _show_section(request, trial, shown, forms.filled(shown, trial.answers))
    form: Mapping[str, Sequence[str]] = dict(request.POST.lists())
    reading = answering.read(shown.questions, form)
    if reading.errors:
        fields = forms.refilled(shown, shown.questions, form, reading.errors, trial.answers, reading.about)
        return _show_section(request, trial, shown, fields)
    answers = trial.answers.replacing(shown.questions, reading.answers)
    _keep(request, page_id, answers)
    trial = Trial(trial.page, trial.is_draft, trial.questionnaire, answers)
    return _see_other(trial.address("check") if request.POST.get("return") == "check" else _onward(trial, number))


def _show_section(request: HttpRequest, trial: Trial, section: Section, fields: list[forms.Shown]) -> HttpResponse:
    returning = (request.POST if request.method == "POST" else request.GET).get("return") == "check"
    before = trial.reached.section_before(section.number)
    return _show(
        request,
        trial,
        "section",
        section=section,
        tried=trial.questionnaire,
        progress=routing.progress(trial.questionnaire, trial.answers.values, section.number),
        fields=fields,
        errors=[(f"#{name}", message) for name, message in forms.errors(fields)],
        returning=returning,
        back=trial.address("check") if returning else trial.address("section", before.number) if before else "",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def check(request: HttpRequest, page_id: int) -> HttpResponse:
    """Show every answer with a way to change it, and go on to the equality questions or end the trial."""
    trial = _trial(request, page_id)
    reading = answering.look_again(trial.questionnaire, trial.answers)
    errors = reading.errors if request.method == "POST" else {}
    if request.method == "POST" and not errors:
        return _see_other(trial.address("equality")) if trial.page.equality_questions else _end(request, trial)
    sections = forms.answered(trial.reached, trial.answers)
    places = {row.question.number: part.number for part in sections for row in part.questions}
    return _show(
        request,
        trial,
        "check",
        sections=sections,
        has_more=bool(trial.page.equality_questions),
        errors=[(f"../{places[n]}/?return=check#{reading.place(n)}", message) for n, message in errors.items()],
        back=trial.address("section", sections[-1].number) if sections else "",
    )


def _end(request: HttpRequest, trial: Trial) -> HttpResponse:
    request.session.pop(SESSION, None)
    return _see_other(trial.address("done"))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def equality(request: HttpRequest, page_id: int) -> HttpResponse:
    """Show the equality questions, read nothing, and end the trial."""
    trial = _trial(request, page_id)
    if request.method == "POST":
        return _end(request, trial)
    if not trial.page.equality_questions:
        return _see_other(trial.address("check"))
    fields = questions.fields(trial.page.equality_questions, {})
    return _show(request, trial, "equality", fields=fields, back=trial.address("check"))


@require_safe
@never_cache
def done(request: HttpRequest, page_id: int) -> HttpResponse:
    """Say that nothing was kept."""
    return _show(request, _trial(request, page_id), "done")
