"""The editor's field "Show only if": a question of an earlier section, and which of its options.

It is stored by block id and list item ids, {"question": …, "any": […]}, so that rewording, reordering, copying and
translating change nothing. It is no text, so wagtail-localize has nothing to translate in it.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import blocks
from wagtail.admin.telepath import register
from wagtail.admin.telepath.widgets import WidgetAdapter

from consultation import records
from consultation.kinds import KINDS

Stored = dict[str, Any]
Offered = Mapping[str, set[str]]  # the options of each question that a condition can ask about


class ConditionWidget(forms.Widget):
    """Lists what can be chosen from the form as it is being edited: site/static/js/condition.js."""


class ConditionAdapter(WidgetAdapter):
    """Hands the widget to the browser."""

    js_constructor = "connected.Condition"

    def js_args(self, widget: ConditionWidget) -> list[Any]:
        """The kinds that can decide, the words around the choice, and the options that are records, by kind."""
        texts = {
            "everybody": _("Ask everybody"),
            "answers": _("Ask those who chose one of these:"),
            "noQuestion": _("A question that is not in an earlier section any more"),
            "noOption": _("An option that is no longer there"),
        }
        return [[kind.name for kind in KINDS.values() if kind.steers], texts, dict(_choosable())]

    @cached_property
    def media(self) -> forms.Media:
        """Its script and its style."""
        own = forms.Media(js=["js/condition.js"], css={"all": ["css/condition.css"]})
        media: forms.Media = super().media + own
        return media


register(ConditionAdapter(), ConditionWidget)


def _choosable() -> Iterator[tuple[str, list[dict[str, str]]]]:
    """What stands beside records has a box of the same name in the question, which offers it or not.

    An option that is always the same has its words there, under its own name.
    """
    for kind in records.KINDS_OF_RECORDS:
        options = [{"id": key, "label": name} for key, name in records.offered(kind).items()]
        yield (
            kind,
            options + [{"id": name, "label": str(records.WORDS[name]), "box": name} for name in KINDS[kind].beside],
        )
    yield from ((name, [{"id": own, "words": own} for own in kind.fixed]) for name, kind in KINDS.items() if kind.fixed)


class ConditionBlock(blocks.FieldBlock):
    """Who is asked a question, or shown a section."""

    def __init__(self, **kwargs: Any) -> None:
        help_text = gettext_lazy(
            "Choose a question of an earlier section, then the options. Everybody else is not asked this."
        )
        self.field = forms.CharField(required=False, widget=ConditionWidget(), help_text=help_text)
        super().__init__(**kwargs)

    def value_for_form(self, value: Any) -> str:
        """The value as the browser keeps it."""
        stored = self.normalize(value)
        return json.dumps(stored) if stored else ""

    def value_from_form(self, value: Any) -> Stored | None:
        """Read what the browser sends; anything else is no condition."""
        try:
            return self.normalize(json.loads(value))
        except (TypeError, ValueError):
            return None

    def normalize(self, value: Any) -> Stored | None:
        """The condition in its one form, or None."""
        if not isinstance(value, dict) or not isinstance(value.get("question"), str) or not value["question"]:
            return None
        options = value.get("any")
        chosen = [option for option in options if isinstance(option, str)] if isinstance(options, list) else []
        return {"question": value["question"], "any": chosen}

    def to_python(self, value: Any) -> Stored | None:
        """From the database; whatever stands there can be opened."""
        return self.normalize(value)

    class Meta:
        icon = "view"
        default = None


def wrong(questionnaire: blocks.StreamValue) -> dict[int, ValidationError]:
    """What is wrong with the conditions of a questionnaire, by section, as Wagtail shows it at the right block."""
    found = {}
    offered: dict[str, set[str]] = {}
    for index, section in enumerate(questionnaire):
        questions = section.value["questions"]
        errors = dict(_errors(questions, offered))
        parts: dict[str, ValidationError] = {}
        if message := _message(section.value["show_if"], offered):
            parts["show_if"] = ValidationError(message)
        if errors:
            parts["questions"] = blocks.StreamBlockValidationError(block_errors=errors)
        if parts:
            found[index] = blocks.StructBlockValidationError(block_errors=parts)
        offered |= dict(_choices(questions))
    return found


def _errors(questions: blocks.StreamValue, offered: Offered) -> Iterator[tuple[int, ValidationError]]:
    for index, question in enumerate(questions):
        if question.block_type in KINDS and (message := _message(question.value["show_if"], offered)):
            yield index, blocks.StructBlockValidationError(block_errors={"show_if": ValidationError(message)})


def _choices(questions: blocks.StreamValue) -> Iterator[tuple[str, set[str]]]:
    for question in questions:
        if question.block_type in KINDS and KINDS[question.block_type].steers:
            yield question.id, set(_offered(question))


def _offered(question: blocks.StreamValue.StreamChild) -> Iterable[str]:
    kind = question.block_type
    if KINDS[kind].beside:
        return [*records.offered(kind), *records.beside(kind, question.value)]
    if KINDS[kind].fixed:
        return KINDS[kind].fixed
    return (option.id for option in question.value["options"].bound_blocks)


def _message(condition: Stored | None, offered: Offered) -> str:
    if condition is None:
        return ""
    if condition["question"] not in offered:
        return _(
            "The question that decides is not in an earlier section any more. Choose another one, or ask everybody."
        )
    if not condition["any"]:
        return _("Choose at least one option, or ask everybody.")
    if not set(condition["any"]) <= offered[condition["question"]]:
        return _("An option that decides is no longer there. Choose among those that are.")
    return ""
