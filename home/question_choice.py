"""The editor's field for a question of the consultation that is being edited.

It is stored by block id, of a row of a matrix as block and row, so that rewording, reordering and translating change
nothing. It is no text, so wagtail-localize has nothing to translate in it.
"""

from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail import blocks
from wagtail.admin.telepath import register
from wagtail.admin.telepath.widgets import WidgetAdapter

from consultation.source import UNASKED


class QuestionChoiceWidget(forms.Widget):
    """Lists the questions from the form as it is being edited: site/static/js/condition.js."""


class QuestionChoiceAdapter(WidgetAdapter):
    """Hands the widget to the browser."""

    js_constructor = "connected.QuestionChoice"

    def js_args(self, widget: QuestionChoiceWidget) -> list[Any]:
        """What in a questionnaire is no question, and the words around the choice."""
        return [
            list(UNASKED),
            {"none": _("No single question"), "gone": _("A question that is not in the questionnaire any more")},
        ]

    @cached_property
    def media(self) -> forms.Media:
        """Its script."""
        media: forms.Media = super().media + forms.Media(js=["js/condition.js"])
        return media


register(QuestionChoiceAdapter(), QuestionChoiceWidget)


class QuestionChoiceBlock(blocks.FieldBlock):
    """The block id of a question, or nothing."""

    def __init__(self, **kwargs: Any) -> None:
        self.field = forms.CharField(required=False, max_length=80, widget=QuestionChoiceWidget())
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        """From the database; whatever stands there can be opened."""
        return value if isinstance(value, str) else ""

    class Meta:
        icon = "help"
        default = ""
