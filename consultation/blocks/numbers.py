"""Questions answered by a number or a day, between bounds."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from consultation.blocks.questions import QuestionBlock, layout


class NumberBlock(QuestionBlock):
    """A number."""

    minimum = blocks.IntegerBlock(
        label=_("Smallest number"),
        required=False,
        min_value=-(10**9) + 1,
        max_value=10**9 - 1,
        help_text=_(
            "Give both, and results count the answers in up to ten even groups. The groups stay as first published."
        ),
    )
    maximum = blocks.IntegerBlock(
        label=_("Largest number"), required=False, min_value=-(10**9) + 1, max_value=10**9 - 1
    )
    decimals = blocks.BooleanBlock(label=_("Numbers such as 2.5 are allowed"), required=False, default=False)

    def clean(self, value: blocks.StructValue) -> blocks.StructValue:
        """Refuse bounds that no number can keep."""
        cleaned = super().clean(value)
        low, high = cleaned.get("minimum"), cleaned.get("maximum")
        if low is not None and high is not None and low > high:
            raise blocks.StructBlockValidationError(
                {"maximum": ValidationError(_("The largest number must not be below the smallest."))}
            )
        return cleaned

    class Meta:
        icon = "order"
        label = _("Number")
        form_layout = layout(more=["minimum", "maximum", "decimals"])
        label_format = "{label}"


class DateBlock(QuestionBlock):
    """A day."""

    earliest = blocks.DateBlock(label=_("Earliest day"), required=False, help_text=_("Leave empty for any."))
    latest = blocks.DateBlock(label=_("Latest day"), required=False, help_text=_("Leave empty for any."))

    def clean(self, value: blocks.StructValue) -> blocks.StructValue:
        """Refuse bounds that no day can keep."""
        cleaned = super().clean(value)
        first, last = cleaned.get("earliest"), cleaned.get("latest")
        if first is not None and last is not None and first > last:
            raise blocks.StructBlockValidationError(
                {"latest": ValidationError(_("The latest day must not be before the earliest."))}
            )
        return cleaned

    class Meta:
        icon = "date"
        label = _("Date")
        form_layout = layout(more=["earliest", "latest"])
        label_format = "{label}"
