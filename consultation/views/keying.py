"""Officers key in sheets of a batch: the next one, one again to put it right, and one a second time to check it."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages

from consultation import answers as answering
from consultation import batches, changes, forms, instrument, keying, ledger, receipts, trail
from consultation.access import may_bring_in, may_read, require
from consultation.keying import Keyed, Typed
from consultation.models import Batch, Consultation, Entry, Response, SecondKeying
from consultation.questionnaire import Question, Questionnaire, Text
from consultation.trail import Act
from consultation.views.batches import address, found_batch, standing_entry, trodden
from consultation.views.officers import frame

LEAVE_OUT = "leave_out"


class SheetForm(django_forms.Form):
    """What a sheet has of its own, beside its answers."""

    number = django_forms.IntegerField(
        label=gettext_lazy("Number on the sheet"), required=False, min_value=1, max_value=1_000_000
    )
    received_on = django_forms.DateField(
        label=gettext_lazy("Received on"),
        required=False,
        widget=django_forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


@dataclass(frozen=True)
class Sent:
    """A sheet as it came with a form, read, under the key that the form was made with."""

    key: uuid.UUID
    typed: Typed
    keyed: Keyed
    unasked: Sequence[Question]
    error: str  # of the whole

    @property
    def is_clean(self) -> bool:
        """Whether it can be stored."""
        return self.keyed.is_clean and not self.error and not self.has_to_be_asked

    @property
    def has_to_be_asked(self) -> bool:
        """Whether an answer would be left out that nobody has agreed to leave out."""
        return bool(self.unasked) and next(iter(self.typed.get(LEAVE_OUT, ())), "") != self.leave_out

    @property
    def leave_out(self) -> str:
        """The numbers of the questions whose answers would be left out."""
        return ",".join(str(question.number) for question in self.unasked)

    def given(self, asked: Questionnaire) -> answering.Answers:
        """What is stored."""
        return self.keyed.answers.asked_by(asked)


def _sent(request: HttpRequest, asked: Questionnaire, apart: Sequence[Any] = ()) -> Sent:
    typed = {name: [str(value) for value in values] for name, values in request.POST.lists()}
    keyed = keying.read(asked, apart, typed)
    said = any(value is not None for value in keyed.answers.values.values()) or bool(keyed.equality)
    error = _("Nothing is keyed in yet. A sheet that was left blank is no response.")
    return Sent(
        _key(request), typed, keyed, keying.unasked(asked, keyed.answers), "" if said or not keyed.is_clean else error
    )


def _key(request: HttpRequest) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid.uuid4()


def _show(
    request: HttpRequest,
    batch: Batch,
    title: str,
    asked: Questionnaire,
    typed: Typed,
    *,
    sent: Sent | None = None,
    apart: Sequence[Any] = (),
    **more: Any,
) -> HttpResponse:
    """The page on which a sheet is keyed in."""
    shown = keying.show(asked, apart, typed, sent.keyed if sent else None)
    context = frame(
        request,
        title,
        *trodden(request, batch),
        ("", title),
        batch=batch,
        shown=shown,
        sent=sent,
        key=sent.key if sent else uuid.uuid4(),
        begin=shown.errors[0][0] if shown.errors else _first(shown),
        **more,
    )
    return render(request, "consultation/officers/sheet.html", context)


def _first(shown: keying.Shown) -> str:
    lines = [line for part in shown.parts for group in part.groups for line in group.lines]
    return lines[0].name if lines else ""


def _asked(batch: Batch) -> Questionnaire:
    consultation = batch.consultation
    return instrument.of_version(consultation, batch.version_id or consultation.published.pk, batch.language)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def key_in(request: HttpRequest, pk: int, batch: int) -> HttpResponse:
    """The next sheet: blank, or read and stored."""
    found = found_batch(request, pk, batch)
    if found.undone_by or found.source != Batch.Source.KEYED:
        messages.warning(request, _("Nothing can be keyed in for this batch any more."))
        return redirect(address(found))
    asked, apart = _asked(found), found.consultation.equality_questions
    own = SheetForm(request.POST or None)
    sent = _sent(request, asked, apart) if request.method == "POST" else None
    if sent is not None and own.is_valid() and sent.is_clean and _add(request, found, asked, sent, own):
        return redirect(address(found, "key_in"))
    number = batches.next_number(found)
    return _show(
        request,
        found,
        _("Sheet %(number)d") % {"number": number},
        asked,
        sent.typed if sent else {},
        sent=sent,
        apart=apart,
        number=number,
        own=own,
        save=_("Save and next"),
        is_first=True,
    )


def _add(request: HttpRequest, batch: Batch, asked: Questionnaire, sent: Sent, own: SheetForm) -> bool:
    """Store a sheet and say so, or say why not."""
    given, day, number = sent.given(asked), own.cleaned_data["received_on"], own.cleaned_data["number"]
    more = {"received_on": day, "number": number, "equality": sent.keyed.equality}
    try:
        entry = batches.add(batch, sent.key, given, request.user, **more)
    except ledger.NotOpen:
        own.add_error("received_on", _not_received(batch.consultation))
        return False
    except batches.Taken:
        own.add_error("number", _("Another sheet of this batch has that number."))
        return False
    except (batches.Undone, ledger.Erased):
        messages.warning(request, _("This sheet was undone or erased meanwhile, so nothing was saved."))
        return True
    _confirm(request, batch, asked, sent, entry)
    return True


def _not_received(consultation: Consultation) -> str:
    opens, closes = consultation.opens_at, consultation.closes_at
    said = {"opens": date_format(localtime(opens), "DATE_FORMAT")}
    if closes is None:
        return _("Enter a day since %(opens)s that has come: answers are taken since then.") % said
    said |= {"closes": date_format(localtime(closes), "DATE_FORMAT")}
    message = _(
        "Enter the day on which this arrived, from %(opens)s to %(closes)s: what came before or after that is not part "
        "of this consultation. Nothing was saved."
    )
    return message % said


def _confirm(request: HttpRequest, batch: Batch, asked: Questionnaire, sent: Sent, entry: Entry) -> None:
    """Say what was saved, under which number, and what is to be known of it."""
    look = [messages.button(address(batch, "correct_sheet", entry.number), _("Look at it or correct it"))]
    named = {"number": entry.number, "reference": entry.response}
    said = [_("Sheet %(number)d was saved as %(reference)s.") % named]
    blank = keying.blank(asked, sent.keyed.answers)
    if blank:
        numbers = {"numbers": ", ".join(str(question.number) for question in blank)}
        said.append(_("Left blank although required: question %(numbers)s.") % numbers)
    if sent.keyed.removed:
        said.append(_("Signs that can’t be stored were taken out of a text."))
    messages.success(request, " ".join(said), buttons=look)
    stored = Response.objects.select_related("consultation").prefetch_related("words").get(pk=entry.response_id)
    if batches.differing(asked, receipts.answers(stored), sent.given(asked)):
        warning = _(
            "Sheet %(number)d had been saved before with other answers, which stayed. Correct it if they are wrong."
        )
        messages.warning(request, warning % named, buttons=look)
    expected = next(iter(sent.typed.get("expected", ())), str(entry.number))
    if str(entry.number) != expected and not next(iter(sent.typed.get("number", ())), ""):
        warning = _("Somebody else keyed in a sheet at the same time, so this one is %(number)d: write that on it.")
        messages.warning(request, warning % named)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def correct(request: HttpRequest, pk: int, batch: int, sheet: int) -> HttpResponse:
    """Look at a sheet as it was keyed in, and put right what is wrong."""
    require(may_bring_in(request))
    found = found_batch(request, pk, batch)
    entry = standing_entry(found, sheet)
    require(may_read(request) or entry.operator == request.user.get_username())
    asked, before = batches.questionnaire(entry.response), receipts.answers(entry.response)
    sent = _sent(request, asked) if request.method == "POST" else None
    if sent is not None and sent.is_clean:
        if _correct(request, entry, before, sent.key, sent.given(asked)):
            return redirect(address(found))
        sent = None
    trail.note(Act.VIEWED, [entry.response], request.user)
    typed: dict[str, Sequence[str]] = {}
    for question in asked.questions:
        typed |= keying.as_typed(question, before)
    title = _("Correct sheet %(number)d") % {"number": sheet}
    return _show(
        request,
        found,
        title,
        asked,
        sent.typed if sent else typed,
        sent=sent,
        number=sheet,
        response=entry.response,
        save=_("Save"),
        back=address(found),
        leaves_equality=bool(found.consultation.equality_questions),
    )


def _correct(
    request: HttpRequest, entry: Entry, before: answering.Answers, key: uuid.UUID, given: answering.Answers
) -> bool:
    """Store what was put right, unless somebody else did so since the page was shown."""
    seen = Entry(batch=entry.batch, number=entry.number, response_id=_number(request.POST.get("response", "")))
    if seen.response_id == entry.response_id and not batches.differing(
        batches.questionnaire(entry.response), before, given
    ):
        messages.success(request, _("Nothing was changed."))
        return True
    try:
        batches.correct(seen, key, given, request.user)
    except changes.NotPossible:
        messages.warning(request, _("Somebody corrected this sheet meanwhile. Nothing was saved: look at it again."))
        return False
    messages.success(request, _("Sheet %(number)d was corrected.") % {"number": entry.number})
    return True


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 18 else 0


# The second check


@require_safe
@never_cache
def check_next(request: HttpRequest, pk: int, batch: int) -> HttpResponse:
    """Go on to the next sheet that the user can check."""
    found = found_batch(request, pk, batch)
    entry = batches.unchecked(found, request.user).first() if found.checked_twice else None
    if entry is None:
        messages.success(request, _("There is nothing more for you to check in this batch."))
        return redirect(address(found))
    return redirect(address(found, "check_sheet", entry.number))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def check(request: HttpRequest, pk: int, batch: int, sheet: int) -> HttpResponse:
    """Key in a sheet a second time, without a look at the first."""
    found = found_batch(request, pk, batch)
    entry = standing_entry(found, sheet)
    if not found.checked_twice or not batches.unchecked(found, request.user).filter(number=sheet).exists():
        messages.warning(request, _("Sheet %(number)d is not for you to check.") % {"number": sheet})
        return redirect(address(found))
    asked = batches.questionnaire(entry.response)
    sent = _sent(request, asked) if request.method == "POST" else None
    if sent is not None and sent.is_clean:
        return _checked(request, found, entry, sent.given(asked))
    return _show(
        request,
        found,
        _("Check sheet %(number)d") % {"number": sheet},
        asked,
        sent.typed if sent else {},
        sent=sent,
        number=sheet,
        is_check=True,
        save=_("Save and check the next"),
        back=address(found),
        leaves_equality=bool(found.consultation.equality_questions),
    )


def _checked(request: HttpRequest, batch: Batch, entry: Entry, given: answering.Answers) -> HttpResponse:
    try:
        agree = batches.key_again(entry, given, request.user)
    except changes.NotPossible:
        messages.warning(request, _("Somebody else checked this sheet meanwhile, or it was taken back."))
        return redirect(address(batch))
    if not agree:
        return redirect(address(batch, "settle_sheet", entry.number))
    messages.success(request, _("Sheet %(number)d is checked: both keyings agree.") % {"number": entry.number})
    return redirect(address(batch, "check_next"))


@dataclass(frozen=True)
class Pair:
    """A question of which two persons keyed in two things."""

    question: Question
    first: tuple[Text, ...]
    second: tuple[Text, ...]
    chosen: str


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def settle(request: HttpRequest, pk: int, batch: int, sheet: int) -> HttpResponse:
    """Show both keyings of a sheet where they differ, and store what was decided."""
    found = found_batch(request, pk, batch)
    entry = standing_entry(found, sheet)
    second = SecondKeying.objects.filter(response=entry.response).first()
    user = request.user.get_username()
    if second is None or entry.operator == user:
        messages.warning(request, _("There is nothing for you to decide about sheet %(number)d.") % {"number": sheet})
        return redirect(address(found))
    require(may_read(request) or second.operator == user)
    asked = batches.questionnaire(entry.response)
    both = receipts.answers(entry.response), answering.decode(second.answers)
    differing = batches.differing(asked, *both)
    error = ""
    if request.method == "POST":
        error = _settle(request, entry, differing)
        if not error:
            messages.success(request, _("Sheet %(number)d is checked.") % {"number": sheet})
            return redirect(address(found, "check_next"))
    trail.note(Act.VIEWED, [entry.response], request.user)
    title = _("Decide about sheet %(number)d") % {"number": sheet}
    context = frame(
        request,
        title,
        *trodden(request, found),
        ("", title),
        batch=found,
        entry=entry,
        second=second,
        pairs=[_pair(question, *both, request.POST) for question in differing],
        key=_key(request),
        error=error,
        back=address(found),
        correct=address(found, "correct_sheet", sheet) if may_read(request) else "",
    )
    return render(request, "consultation/officers/settle.html", context)


def _pair(question: Question, first: answering.Answers, second: answering.Answers, typed: Mapping[str, str]) -> Pair:
    said: Callable[[answering.Answers], tuple[Text, ...]] = lambda given: tuple(forms.spoken(question, given))  # noqa: E731
    return Pair(question, said(first), said(second), typed.get(question.name, ""))


def _settle(request: HttpRequest, entry: Entry, differing: Sequence[Question]) -> str:
    """Store what was decided, or say why that can't be."""
    chosen = {question.number: request.POST.get(question.name, "") for question in differing}
    if not all(said in ("first", "second") for said in chosen.values()):
        return _("Choose which is right for each question.")
    seconds = {number for number, said in chosen.items() if said == "second"}
    try:
        batches.settle(entry, seconds, _key(request), request.user)
    except batches.Unasked as unasked:
        said = {"numbers": ", ".join(str(question.number) for question in unasked.questions)}
        return (
            _(
                "With these choices nobody is asked question %(numbers)s, and its answer would be left out. Choose the "
                "keying without an answer there, too, or look at the sheet again."
            )
            % said
        )
    except changes.NotPossible:
        return _("Somebody else decided about this sheet meanwhile.")
    return ""
