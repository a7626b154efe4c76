"""Officers record letters, e-mails and petitions, and take their attachments."""

import datetime as dt
import logging
import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages

from consultation import attachments, changes, correspondence, trail
from consultation.access import may_bring_in, may_read, may_see_summaries, require
from consultation.attachments import LARGEST, MOST
from consultation.correspondence import LONGEST, Received
from consultation.models import LETTERS, Channel, Consultation, LetterFile, Response
from consultation.text import SHORT, clean
from consultation.trail import Act
from consultation.views.officers import frame

log = logging.getLogger(__name__)

ACCEPT = ",".join(attachments.KINDS)
MOST_SIGNATURES = 10_000_000


class Files(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """What was chosen, each looked at."""

    widget = Files

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Read each file, up to one byte more than is allowed."""
        chosen: list[UploadedFile[Any]] = [file for file in (data or []) if file]
        if len(chosen) > MOST:
            raise forms.ValidationError(_("Choose no more than %(most)d files.") % {"most": MOST})
        found, wrong = [], []
        for file in chosen:
            try:
                found.append(attachments.accept(file.name or "", file.read(LARGEST + 1)))
            except attachments.Refused as refusal:
                wrong.append(str(refusal))
        if wrong:
            raise forms.ValidationError(wrong)
        return found


class Words(forms.CharField):
    """What somebody wrote, kept as it came but for what can't be stored."""

    def clean(self, value: Any) -> str:
        """Before it is looked at, since Django refuses a NUL."""
        return str(super().clean(clean(value or "")[0]))


class LetterForm(forms.Form):
    """A letter, an e-mail or a petition."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    channel = forms.ChoiceField(
        label=gettext_lazy("What is it?"),
        choices=[(channel.value, channel.label) for channel in LETTERS],
        widget=forms.RadioSelect,
    )
    day = forms.DateField(
        label=gettext_lazy("Received on"),
        help_text=gettext_lazy(
            "The day on which it reached the council. What came after closing, or before opening, is held until an "
            "officer decides whether it counts."
        ),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language it is written in"), choices=settings.LANGUAGES)
    sender = Words(
        label=gettext_lazy("Who it is from"),
        help_text=gettext_lazy("The person or the organisation. It is personal data: only files with such have it."),
        max_length=SHORT,
        required=False,
    )
    is_organisation = forms.BooleanField(label=gettext_lazy("Written for an organisation"), required=False)
    subject = Words(label=gettext_lazy("Subject"), max_length=SHORT, required=False)
    text = Words(
        label=gettext_lazy("What it says"),
        help_text=gettext_lazy(
            "Its words as they were written, without name and address: they can be searched, redacted and analysed "
            "like answers. Leave it empty where a file has them and nobody has time to copy them yet."
        ),
        max_length=LONGEST,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    signatures = forms.IntegerField(
        label=gettext_lazy("Number of signatures"),
        help_text=gettext_lazy(
            "Of a petition. It counts as one response; its signatures are shown beside and never added to responses."
        ),
        min_value=1,
        max_value=MOST_SIGNATURES,
        required=False,
    )
    attached = FilesField(
        label=gettext_lazy("Attachments"),
        help_text=gettext_lazy("Up to ten files of 10 MB each: PDF, JPEG, PNG, DOCX, ODT or TXT."),
        widget=Files(attrs={"accept": ACCEPT}),
        required=False,
    )

    def clean_day(self) -> dt.date:
        """A day that has come."""
        day: dt.date = self.cleaned_data["day"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        if day.year < 2000:
            raise forms.ValidationError(_("This day is too long ago. Is the year right?"))
        return day

    def clean(self) -> dict[str, Any]:
        """Something has to be there to read, and signatures belong to a petition."""
        given: dict[str, Any] = super().clean() or {}
        is_read = not {"text", "attached"} & self.errors.keys()
        if is_read and not given["text"].strip() and not given["attached"]:
            self.add_error("text", _("Write down what it says, or attach a file that has it."))
        is_petition = given.get("channel") == Channel.PETITION
        if is_petition and not given.get("signatures") and "signatures" not in self.errors:
            self.add_error("signatures", _("Enter how many people signed it."))
        if given.get("signatures") and given.get("channel") and not is_petition:
            self.add_error("signatures", _("Only petitions have signatures. Leave this empty, or choose “Petition”."))
        return given


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a letter, an e-mail or a petition."""
    require(may_bring_in(request))
    found = get_object_or_404(Consultation, pk=pk, version__isnull=False)
    start = {"key": uuid.uuid4(), "language": found.language, "channel": Channel.LETTER.value}
    form = LetterForm(request.POST or None, request.FILES or None, initial=start)
    form.use_required_attribute = False
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_recorded(request, found, form.cleaned_data))
        except OSError:
            log.exception("a letter was not recorded")
            form.add_error("attached", _("The files could not be stored just now, so nothing was. Please try again."))
    back = reverse("consultations:consultation", args=[pk]) if may_see_summaries(request) else ""
    title = _("Add a letter, e-mail or petition")
    context = frame(request, title, (back, found.title), ("", title), consultation=found, form=form, back=back)
    return render(request, "consultation/officers/add_letter.html", context)


def _recorded(request: HttpRequest, consultation: Consultation, given: dict[str, Any]) -> str:
    """Store it, say so, and give the address to go on to."""
    received = Received(
        Channel(given["channel"]),
        given["day"],
        given["language"],
        given["text"],
        given["sender"],
        given["subject"],
        given["is_organisation"],
        given["signatures"] or 0,
        given["attached"],
    )
    response = correspondence.record(consultation, received, request.user, given["key"])
    if response.state == Response.State.HELD:
        said = _("Recorded under the reference %(reference)s. It came outside the time for answers, so it is held.")
    else:
        said = _("Recorded under the reference %(reference)s. It is counted.")
    messages.success(request, said % {"reference": response})
    if may_read(request):
        return reverse("consultations:response", args=[consultation.pk, response.pk])
    return reverse("consultations:add_letter", args=[consultation.pk])


@require_safe
@never_cache
def attachment(request: HttpRequest, pk: int, file: int) -> HttpResponseBase:
    """A file that came with a letter: to be saved, under no circumstances shown by the browser as a page of ours."""
    require(may_read(request))
    standing = {"letter__response__consultation": pk, "letter__response__state__in": changes.CHANGEABLE}
    files = LetterFile.objects.select_related("letter__response")
    found = get_object_or_404(files, pk=file, **standing)
    trail.note(Act.EXPORTED, [found.letter.response], request.user)
    opened = attachments.storage().open(found.file)
    sent = FileResponse(opened, as_attachment=True, filename=found.name, content_type=found.media_type)
    sent["X-Content-Type-Options"] = "nosniff"
    sent["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return sent
