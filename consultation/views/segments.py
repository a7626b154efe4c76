"""Officers choose the questions by which a consultation's figures can be compared."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from consultation import instrument
from consultation.access import may_see_summaries, require
from consultation.fold import COMPARABLE, choose_segments
from consultation.models import Consultation
from consultation.views.officers import frame


class SegmentsForm(forms.Form):
    """Up to three of a consultation's questions of one choice."""

    questions = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Compare by"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, consultation: Consultation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"questions": consultation.segments}
        rows = instrument.rows(consultation, instrument.words(consultation, consultation.language))
        field: Any = self.fields["questions"]
        field.choices = [(q.number, f"{q.number}. {q.label}") for q in rows.values() if q.kind in COMPARABLE]

    def clean_questions(self) -> list[int]:
        """Refuse more than can be counted."""
        chosen: list[int] = self.cleaned_data["questions"]
        if len(chosen) > Consultation.MOST_SEGMENTS:
            raise ValidationError(_("Choose no more than %(most)d questions.") % {"most": Consultation.MOST_SEGMENTS})
        return sorted(chosen)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def segments(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the choice, or count every figure anew by what was chosen."""
    require(may_see_summaries(request))
    found = get_object_or_404(Consultation, pk=pk)
    form = SegmentsForm(found, request.POST or None)
    back = reverse("consultations:consultation", args=[pk])
    if request.method == "POST" and form.is_valid() and _count_anew(request, found, form.cleaned_data["questions"]):
        return redirect(back)
    context = frame(
        request,
        _("Questions to compare by"),
        (back, found.title),
        ("", _("Questions to compare by")),
        form=form,
        back=back,
    )
    return render(request, "consultation/officers/segments.html", context)


def _count_anew(request: HttpRequest, consultation: Consultation, questions: list[int]) -> bool:
    if questions == sorted(consultation.segments):
        return True
    try:
        choose_segments(consultation, questions)
    except OperationalError:  # many answers were being sent at that moment
        messages.error(request, _("The figures could not be counted just now. Nothing was changed; please try again."))
        return False
    messages.success(request, _("Every figure was counted anew and can be compared by these questions."))
    return True
