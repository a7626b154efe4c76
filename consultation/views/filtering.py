"""The form of the filter, the same above the list and above the figures."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultation import filters, topics
from consultation.access import may_download, may_read
from consultation.filters import MOST_ANSWERS, READINGS, SIGHTINGS, STANDINGS, Filter, Known
from consultation.kinds import AREA
from consultation.models import Channel, Consultation, Level
from consultation.questionnaire import Question
from consultation.summary import EVERY, SEGMENTS

Choices = list[tuple[str, Any]]


class FilterForm(forms.Form):
    """Shows what an address holds, as it was typed. It is read by filters.parse, not here."""

    use_required_attribute = False

    since = forms.CharField(label=gettext_lazy("Received from"), widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.CharField(label=gettext_lazy("to"), widget=forms.DateInput(attrs={"type": "date"}))
    channel = forms.ChoiceField(label=gettext_lazy("Channel"))
    written_in = forms.ChoiceField(label=gettext_lazy("Language"))
    area = forms.ChoiceField(label=gettext_lazy("Area"))
    theme = forms.ChoiceField(label=gettext_lazy("Answered something about"))
    words = forms.CharField(label=gettext_lazy("Words or reference"), widget=forms.TextInput(attrs={"type": "search"}))
    code = forms.ChoiceField(label=gettext_lazy("Coded as"))
    read = forms.ChoiceField(label=gettext_lazy("Read or not"))
    seen = forms.ChoiceField(label=gettext_lazy("Personal data in what was written"))
    standing = forms.ChoiceField(label=gettext_lazy("Held or not"))

    def __init__(self, known: Known, typed: dict[str, list[str]], *, may_search: bool) -> None:
        super().__init__(initial={name: values[-1] for name, values in typed.items() if values})
        self.typed_answers = typed.get("answer", [])
        areas = [q for q in known.questions.values() if q.kind == AREA.name]
        self._offer("channel", Channel.choices)
        self._offer("written_in", [(code, SEGMENTS["language"](code)) for code in known.languages])
        self._offer("area", _options(areas[0]) if len(areas) == 1 else _grouped(areas))
        self._offer("theme", [(str(pk), about.name) for pk, about in known.themes.items()])
        self._offer("code", list(_topics(known)))
        self._offer("read", [(value, capfirst(said)) for value, said in READINGS.items()])
        self._offer("seen", [(value, capfirst(said)) for value, said in SIGHTINGS.items()])
        self._offer("standing", [(value, capfirst(said)) for value, said in STANDINGS.items()], _("Counted"))
        empty = [name for name, there in (("area", areas), ("theme", known.themes), ("code", known.codes)) if not there]
        for name in (*empty, *([] if may_search else ["words"])):
            del self.fields[name]
        self.answers = list(self._answers(known))

    def _offer(self, name: str, choices: Any, empty: str = "") -> None:
        field: Any = self.fields[name]
        field.choices = [("", empty or _("All")), *choices]

    def _answers(self, known: Known) -> Iterator[Any]:
        """A select for each answer that was chosen, and one more; all have the same name."""
        choices = [("", _("Any")), *_grouped(q for q in known.questions.values() if q.kind != AREA.name)]
        chosen = [text for text in self.typed_answers if text][: MOST_ANSWERS - 1]
        if len(choices) == 1:
            return
        for place, value in enumerate([*chosen, ""], 1):
            name = f"answer-{place}"
            select = forms.Select(attrs={"id": name})
            self.fields[name] = forms.ChoiceField(
                label=_("Answered") if place == 1 else _("and answered"), choices=choices, widget=select, initial=value
            )
            yield self[name]

    def add_prefix(self, field_name: str) -> str:
        """The name in the address."""
        return field_name.partition("-")[0]


def _options(question: Question) -> Choices:
    return [(f"{question.number}.{option.number}", option.label.text) for option in question.options]


def _grouped(questions: Iterable[Question]) -> Choices:
    return [(f"{q.number}. {q.wording}", _options(q)) for q in questions if q.options]


def _topics(known: Known) -> Iterator[tuple[str, Any]]:
    for number, codes in known.codes.items():
        own = [(f"{number}.{pk}", coded.name) for pk, coded in codes.items()]
        yield topics.label(known.questions, number), [(f"{number}.0", _("Not coded yet")), *own]


@dataclass(frozen=True)
class Filtering:
    """What a page needs of a filter. said: in words; query: for addresses, empty where nothing is filtered."""

    form: FilterForm
    filter: Filter
    known: Known
    errors: tuple[str, ...]

    @property
    def is_active(self) -> bool:
        """Whether anything is left out, or could not be read."""
        return self.filter != filters.EVERY or bool(self.errors)

    @property
    def said(self) -> str:
        """The filter in words; empty where nothing is left out."""
        return self.filter.said(self.known)

    @property
    def query(self) -> str:
        """The filter for an address."""
        return self.filter.query()

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The filter for a form's hidden fields."""
        return self.filter.pairs()

    @property
    def where(self) -> Q:
        """What the list shows. Nothing, where the filter could not be read: that is no reason to show all."""
        return Q(pk=0) if self.errors else self.filter.condition(self.known)

    @property
    def where_counted(self) -> Q:
        """The same for figures, which read the tally where nothing is filtered."""
        return self.where if self.is_active else EVERY


def filtering(request: HttpRequest, consultation: Consultation) -> Filtering:
    """Read the filter of an address. As many queries whatever it holds."""
    known = filters.known(consultation)
    typed = {name: values for name, values in request.GET.lists() if name in filters.NAMES}
    parsed = filters.parse(typed, known)
    errors, may_search = parsed.errors, may_read(request) or may_download(request, Level.FULL)
    if parsed.filter.words and not may_search:
        errors = (*errors, _("To search in what people wrote you need the right to read responses."))
    return Filtering(FilterForm(known, typed, may_search=may_search), parsed.filter, known, errors)
