"""Questions whose options are records: the themes of the plan, or the areas of the borough."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from consultation import records
from consultation.blocks.questions import QuestionBlock, layout
from consultation.kinds import AREA, THEME_CHOICE


class RecordsBlock(QuestionBlock):
    """One of the records that there are, today and on every day until the consultation closes."""

    def clean(self, value: blocks.StructValue) -> blocks.StructValue:
        """Refuse to publish it while there is no record to choose; a draft may ask for one."""
        cleaned = super().clean(value)
        if not self.is_deferred_validation and not records.offered(self.meta.kind):
            raise blocks.StructBlockValidationError(non_block_errors=[ValidationError(self.meta.missing)])
        return cleaned

    class Meta:
        label_format = "{label}"
        kind = ""
        missing = ""


class ThemeChoiceBlock(RecordsBlock):
    """One of the themes."""

    unsure = blocks.BooleanBlock(label=_("Offer “Not sure”"), required=False, default=True)

    class Meta:
        icon = "tag"
        label = _("One of the plan's themes")
        form_layout = layout(more=["unsure"])
        kind = THEME_CHOICE.name
        missing = _("There is no theme to choose. Publish a theme page first.")
        help_text = _("The themes of the plan are the options, by themselves, each in the language of its pages.")


class AreaBlock(RecordsBlock):
    """One of the areas."""

    outside = blocks.BooleanBlock(label=_("Offer “Outside the borough”"), required=False, default=True)
    declined = blocks.BooleanBlock(
        label=_("Offer “Prefer not to say”"),
        required=False,
        default=True,
        help_text=_("Who chooses it has answered, and percentages are of the others."),
    )

    class Meta:
        icon = "site"
        label = _("Where people live")
        form_layout = layout(more=["outside", "declined"])
        kind = AREA.name
        missing = _("There is no area to choose. Add one under Snippets, Areas first.")
        help_text = _("The areas of the borough (Snippets, Areas) are the options, by themselves, in every language.")
