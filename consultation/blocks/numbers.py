"""Questions answered by a number or a day, between bounds."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from consultation.blocks.questions import QuestionBlock


class NumberBlock(QuestionBlock):
    """A number."""

    minimum = blocks.IntegerBlock(
        label=_("Smallest"),
        required=False,
        min_value=-(10**9) + 1,
        max_value=10**9 - 1,
        help_text=_("With both bounds, answers are counted in up to ten even groups, which stay as first published."),
    )
    maximum = blocks.IntegerBlock(label=_("Largest"), required=False, min_value=-(10**9) + 1, max_value=10**9 - 1)
    decimals = blocks.BooleanBlock(label=_("Decimals are allowed"), required=False, default=False)

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
        label_format = "{label}"


class DateBlock(QuestionBlock):
    """A day."""

    earliest = blocks.DateBlock(label=_("Earliest"), required=False)
    latest = blocks.DateBlock(label=_("Latest"), required=False)

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
        label_format = "{label}"
