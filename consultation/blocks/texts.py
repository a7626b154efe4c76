"""Questions answered in words."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from consultation.blocks.questions import QuestionBlock


class ShortTextBlock(QuestionBlock):
    """A line of text."""

    class Meta:
        icon = "minus"
        label = _("Short text")
        label_format = "{label}"


class LongTextBlock(QuestionBlock):
    """Text of several lines."""

    limit = blocks.IntegerBlock(
        label=_("Characters at most"),
        required=False,
        min_value=50,
        max_value=20_000,
        default=4_000,
        help_text=_("The form says so, and an answer that is longer is sent back to be shortened."),
    )

    class Meta:
        icon = "pilcrow"
        label = _("Long text")
        label_format = "{label}"
