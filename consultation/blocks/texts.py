"""Questions answered in words."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from consultation.blocks.questions import QuestionBlock, layout


class ShortTextBlock(QuestionBlock):
    """A line of text."""

    class Meta:
        icon = "minus"
        label = _("One line of text")
        label_format = "{label}"


class LongTextBlock(QuestionBlock):
    """Text of several lines."""

    limit = blocks.IntegerBlock(
        label=_("Longest answer, in characters"),
        required=False,
        min_value=50,
        max_value=20_000,
        default=4_000,
        help_text=_("4,000 is about two pages. The form says so, and asks people to shorten what is longer."),
    )

    class Meta:
        icon = "pilcrow"
        label = _("Longer text")
        form_layout = layout(more=["limit"])
        label_format = "{label}"
