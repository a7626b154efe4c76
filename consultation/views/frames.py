"""Officers make code frames and their codes."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from consultation import coding, frames, instrument, queues, topics
from consultation.access import may_code, require
from consultation.kinds import KINDS, OTHER, Shape
from consultation.models import Code, CodedQuestion, CodeFrame, Consultation, Theme
from consultation.models.letter import LETTER
from consultation.text import clean
from consultation.views.coding import COUNTED, address, crumbs, frame_of
from consultation.views.officers import frame as page_of


class FrameForm(forms.ModelForm[CodeFrame]):
    """A frame and the questions whose texts it codes."""

    questions = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Questions"),
        help_text=gettext_lazy(
            "The frame codes what was written to them, beside “Other” too. A question has one frame, and stays with it "
            "once a text was read."
        ),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = CodeFrame
        fields = ["name", "questions", "description", "second_share"]
        widgets = {"description": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        consultation = self.instance.consultation
        own = self.instance.questions.all() if self.instance.pk else []
        self.begun = {row.question for row in own if row.begun_at}
        self.initial["questions"] = [row.question for row in own]
        others = consultation.coded_questions.exclude(frame=self.instance.pk).values_list("question", flat=True)
        questions = instrument.catalogue(consultation, consultation.language).questions
        written = sorted(number for number, question in questions.items() if _is_written(question))
        field: Any = self.fields["questions"]
        field.choices = [(n, topics.label(questions, n)) for n in [*written, LETTER] if n not in set(others)]

    def clean_name(self) -> str:
        """Another frame of the consultation may not have it."""
        name = clean(self.cleaned_data["name"])[0]
        others = CodeFrame.objects.filter(consultation=self.instance.consultation, name=name)
        if others.exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("Another frame has this name."))
        return name

    def clean_description(self) -> str:
        """As it is stored."""
        return clean(self.cleaned_data["description"])[0]

    def clean_second_share(self) -> int:
        """A share in per cent."""
        share: int = self.cleaned_data["second_share"]
        if share > 100:
            raise ValidationError(_("Write a number from 0 to 100."))
        return share

    def clean_questions(self) -> list[int]:
        """What was begun stays."""
        return sorted({*self.cleaned_data["questions"], *self.begun})

    def save(self, commit: bool = True) -> CodeFrame:
        """The frame with its questions, or nothing."""
        with transaction.atomic():
            saved: CodeFrame = super().save()
            chosen = self.cleaned_data["questions"]
            saved.questions.exclude(question__in=chosen).filter(begun_at=None).delete()
            present = set(saved.questions.values_list("question", flat=True))
            for question in chosen:
                if question not in present:
                    CodedQuestion.objects.create(consultation=saved.consultation, frame=saved, question=question)
        return saved


def _is_written(question: Any) -> bool:
    """Whether people write something to it that is not their name."""
    kind = KINDS[question.kind]
    return kind.shape == Shape.WORDS or (not kind.texts and any(option.role == OTHER for option in question.options))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a frame."""
    require(may_code(request))
    found = get_object_or_404(Consultation, pk=pk)
    return _edit(request, CodeFrame(consultation=found), _("New code frame"))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def edit(request: HttpRequest, pk: int, frame: int) -> HttpResponse:
    """Change what a frame is called, what it codes, and how much is read twice."""
    require(may_code(request))
    return _edit(request, frame_of(pk, frame), _("Change the frame"))


def _edit(request: HttpRequest, frame: CodeFrame, title: str) -> HttpResponse:
    form = FrameForm(request.POST or None, instance=frame)
    if request.method == "POST" and form.is_valid():
        saved = form.save()
        messages.success(request, _("The frame was saved."))
        return redirect(address("frame", saved))
    back = address("frame", frame) if frame.pk else reverse("consultations:coding", args=[frame.consultation_id])
    more = [(back, frame.name)] if frame.pk else []
    context = page_of(
        request,
        title,
        *crumbs(request, frame.consultation, *more, ("", title)),
        form=form,
        back=back,
        consultation=frame.consultation,
    )
    return render(request, "consultation/officers/frame_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def frame(request: HttpRequest, pk: int, frame: int) -> HttpResponse:
    """A frame's codes with what they count; or add one."""
    require(may_code(request))
    found = frame_of(pk, frame)
    if request.method == "POST":
        if name := clean(request.POST.get("new", ""))[0].replace(";", ",").lstrip("( ").strip()[:80]:
            frames.new_code(found, name)
        return redirect(address("frame", found))
    coded = [row for row in topics.of_consultation(found.consultation) if row.frame == found.pk]
    context = page_of(
        request,
        found.name,
        *crumbs(request, found.consultation, ("", found.name)),
        consultation=found.consultation,
        frame=found,
        codes=topics.in_order(found.codes.select_related("theme", "parent")),
        coded=coded,
        progress=queues.progress(coding.texts(found, COUNTED), found, request.user.get_username()),
    )
    return render(request, "consultation/officers/frame.html", context)


class CodeForm(forms.ModelForm[Code]):
    """What a code is called and where it belongs. Its key stays."""

    class Meta:
        model = Code
        fields = ["name", "description", "parent", "shortcut", "theme"]
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        others = Code.objects.filter(frame=self.instance.frame, parent=None).exclude(pk=self.instance.pk)
        fields["parent"].queryset = others.none() if self.instance.children.exists() else others
        fields["theme"].queryset = Theme.objects.filter(retired_at=None)

    def clean_description(self) -> str:
        """As it is stored."""
        return clean(self.cleaned_data["description"])[0]

    def clean(self) -> None:
        """No other code of the frame may have its name or its key of the keyboard."""
        super().clean()
        others = Code.objects.filter(frame=self.instance.frame).exclude(pk=self.instance.pk)
        if others.filter(name__iexact=self.cleaned_data.get("name", "")).exists():
            self.add_error("name", _("Another code has this name. To make one of the two, merge them."))
        shortcut = self.cleaned_data.get("shortcut")
        if shortcut and others.filter(shortcut=shortcut).exists():
            self.add_error("shortcut", _("Another code has this key."))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def code(request: HttpRequest, pk: int, frame: int, code: int) -> HttpResponse:
    """Change a code; or retire, merge or delete it."""
    require(may_code(request))
    found = frame_of(pk, frame)
    own = get_object_or_404(Code.objects.select_related("frame"), pk=code, frame=found)
    others = topics.in_order(found.codes.exclude(pk=own.pk))
    act = request.POST.get("do", "")
    if act in ("retire", "restore", "merge", "delete"):
        _act(request, own, act, others)
        return redirect(address("frame", found))
    form = CodeForm(request.POST or None, instance=own)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The code was saved."))
        return redirect(address("frame", found))
    title = Code.objects.get(pk=own.pk).name
    context = page_of(
        request,
        title,
        *crumbs(request, found.consultation, (address("frame", found), found.name), ("", title)),
        consultation=found.consultation,
        code=own,
        form=form,
        others=others,
        is_used=frames.is_used(own),
        back=address("frame", found),
    )
    return render(request, "consultation/officers/code.html", context)


def _act(request: HttpRequest, code: Code, act: str, others: list[Code]) -> None:
    if act == "retire":
        frames.retire(code)
        messages.success(request, _("“%(code)s” is no longer offered. What has it keeps it.") % {"code": code.name})
    elif act == "restore":
        frames.restore(code)
        messages.success(request, _("“%(code)s” is offered again.") % {"code": code.name})
    elif act == "merge":
        into = next((other for other in others if str(other.pk) == request.POST.get("into")), None)
        if into is None:
            messages.warning(request, _("Choose the code that is to stay. Nothing was changed."))
            return
        said = {"code": code.name, "into": into.name}
        frames.merge(code, into)
        messages.success(request, _("What was “%(code)s” is “%(into)s” now.") % said)
    else:
        try:
            frames.delete(code)
            messages.success(request, _("“%(code)s” was deleted.") % {"code": code.name})
        except frames.InUse:
            messages.error(request, _("“%(code)s” is in use. Retire it, or merge it.") % {"code": code.name})
