"""The questionnaire as editors build it. What these blocks store is read by source.py, and by nothing else.

Codes sit in choice blocks, because wagtail-localize would offer the value of a character block for translation. Every
text has a default: a text child without one is None on pages saved before it existed, and their next sync raises.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

from consultation import conditions, kinds
from consultation.models import Theme


def theme_choices() -> list[tuple[str, Any]]:
    """The themes a question can belong to."""
    return [("", _("No theme")), *((str(theme.key), _name(theme)) for theme in Theme.objects.all())]


def _name(theme: Theme) -> str:
    """A retired theme stays in the list, or the next edit of its questions would take them away from it."""
    return str(_("%(theme)s (no longer a theme)") % {"theme": theme.name}) if theme.retired_at else theme.name


ROLES = {
    kinds.ORDINARY: _("An ordinary option"),
    kinds.EXCLUSIVE: _("None of these: can't be ticked with others"),
    kinds.OTHER: _("Other: a text field stands beside it"),
    kinds.DECLINED: _("Prefer not to say: percentages are of the others"),
}


def role(*offered: str) -> blocks.ChoiceBlock:
    """The choice of an option's role."""
    choices = [(name, label) for name, label in ROLES.items() if name in offered]
    return blocks.ChoiceBlock(label=_("Role"), required=False, default="", choices=choices)


class OptionBlock(blocks.StructBlock):
    """One option of a choice."""

    label = blocks.CharBlock(label=_("Option"), max_length=255, default="")
    role = role(kinds.ORDINARY, kinds.OTHER, kinds.DECLINED)

    class Meta:
        icon = "dot"
        label_format = "{label}"


class TickOptionBlock(OptionBlock):
    """One option of a multiple choice, which can also shut out the others."""

    role = role(*ROLES)


class PointBlock(OptionBlock):
    """One point of a scale, which can do without words."""

    label = blocks.CharBlock(label=_("Words"), max_length=255, required=False, default="")
    role = role(kinds.ORDINARY, kinds.DECLINED)


class QuestionBlock(blocks.StructBlock):
    """What every kind of question has."""

    label = blocks.CharBlock(label=_("Question"), max_length=500, default="")
    hint = blocks.CharBlock(
        label=_("Hint"), max_length=500, required=False, default="", help_text=_("Stands in small letters below it.")
    )
    theme = blocks.ChoiceBlock(
        label=_("Theme"),
        choices=theme_choices,
        required=False,
        help_text=_("The answers appear in this theme's summary. Can be changed at any time; nothing is lost."),
    )
    required = blocks.BooleanBlock(label=_("An answer is required"), required=False, default=False)
    show_if = conditions.ConditionBlock(label=_("Show only if"))


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


class OptionsBlock(blocks.ListBlock):
    """The options of a question: some roles are for one of them alone."""

    def clean(self, value: Any) -> Any:
        """Refuse a second option of such a role."""
        cleaned = super().clean(value)
        roles = [option.get("role", kinds.ORDINARY) for option in cleaned]
        repeated = [place for place, name in enumerate(roles) if name in kinds.ONCE and name in roles[:place]]
        if repeated:
            error = ValidationError(_("Only one option can have this role."))
            raise blocks.ListBlockValidationError(block_errors=dict.fromkeys(repeated, error))
        return cleaned


class PointsBlock(OptionsBlock):
    """The points of a scale."""

    def clean(self, value: Any) -> Any:
        """Refuse too few or too many points, and a "prefer not to say" without words."""
        cleaned = super().clean(value)
        points = [option for option in cleaned if option["role"] != kinds.DECLINED]
        if not kinds.FEWEST_POINTS <= len(points) <= kinds.MOST_POINTS:
            message = _("A scale has %(fewest)d to %(most)d points, besides “prefer not to say”.")
            bounds = {"fewest": kinds.FEWEST_POINTS, "most": kinds.MOST_POINTS}
            raise blocks.ListBlockValidationError(non_block_errors=[ValidationError(message % bounds)])
        error = ValidationError(_("Write the words that people choose."))
        silent = [place for place, option in enumerate(cleaned) if option["role"] and not option["label"].strip()]
        if silent:
            raise blocks.ListBlockValidationError(block_errors=dict.fromkeys(silent, error))
        return cleaned


class SingleBlock(QuestionBlock):
    """One option of several."""

    options = OptionsBlock(OptionBlock(), label=_("Options"), min_num=2, max_num=100)

    class Meta:
        icon = "radio-full"
        label = _("Single choice")
        label_format = "{label}"


class MultipleBlock(QuestionBlock):
    """Any of several options."""

    options = OptionsBlock(TickOptionBlock(), label=_("Options"), min_num=2, max_num=100)
    limit = blocks.IntegerBlock(
        label=_("Options at most"),
        required=False,
        min_value=1,
        max_value=100,
        help_text=_("How many one person may tick. Leave empty for any number."),
    )

    class Meta:
        icon = "tasks"
        label = _("Multiple choice")
        label_format = "{label}"


class ScaleBlock(QuestionBlock):
    """One of several points in order."""

    options = PointsBlock(
        PointBlock(),
        label=_("Points"),
        min_num=2,
        max_num=kinds.MOST_POINTS + 1,
        help_text=_("In order. Word them all, or the ends alone: then people see the numbers, too."),
    )
    minimum = blocks.ChoiceBlock(
        label=_("The first point counts as"),
        choices=[("1", "1"), ("0", "0")],
        default="1",
        help_text=_("For the mean; the others count up from it. Stays as first published."),
    )

    class Meta:
        icon = "sliders"
        label = _("Scale")
        label_format = "{label}"


class RowBlock(blocks.StructBlock):
    """One row of a matrix: a question of its own."""

    label = blocks.CharBlock(label=_("Row"), max_length=500, default="")
    theme = blocks.ChoiceBlock(
        label=_("Theme"), choices=theme_choices, required=False, help_text=_("Where it is not that of the matrix.")
    )

    class Meta:
        icon = "bars"
        label_format = "{label}"


class ColumnBlock(OptionBlock):
    """One column of a matrix."""

    role = role(kinds.ORDINARY, kinds.DECLINED)


class MatrixBlock(QuestionBlock):
    """Several rows, each answered by one of the same options."""

    rows = blocks.ListBlock(RowBlock(), label=_("Rows"), min_num=1, max_num=30)
    options = OptionsBlock(
        ColumnBlock(), label=_("Columns"), min_num=2, max_num=11, help_text=_("Up to seven fit beside each other.")
    )

    class Meta:
        icon = "table"
        label = _("Matrix")
        label_format = "{label}"


class RankedBlock(blocks.StructBlock):
    """One option of a ranking."""

    label = blocks.CharBlock(label=_("Option"), max_length=255, default="")

    class Meta:
        icon = "dot"
        label_format = "{label}"


class RankingBlock(QuestionBlock):
    """Options in the order in which somebody prefers them."""

    options = OptionsBlock(RankedBlock(), label=_("Options"), min_num=2, max_num=30)
    limit = blocks.IntegerBlock(
        label=_("Places"),
        default=kinds.PLACES,
        min_value=1,
        max_value=kinds.MOST_PLACES,
        help_text=_("How many choices people make, the first one being the one they prefer. They may make fewer."),
    )

    class Meta:
        icon = "list-ol"
        label = _("Ranking")
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


class InformationBlock(blocks.RichTextBlock):
    """Words between questions."""

    class Meta:
        icon = "info-circle"
        label = _("Information")


class PictureBlock(blocks.StructBlock):
    """An image between questions."""

    image = ImageChooserBlock(label=_("Image"))
    alt = blocks.CharBlock(
        label=_("What the image shows"),
        max_length=255,
        default="",
        help_text=_("Read aloud to people who can't see the image. Say what they need to answer the questions."),
    )

    class Meta:
        icon = "image"
        label = _("Image")


class QuestionsBlock(blocks.StreamBlock):
    """The questions of a section."""

    short_text = ShortTextBlock()
    long_text = LongTextBlock()
    single = SingleBlock()
    multiple = MultipleBlock()
    scale = ScaleBlock()
    matrix = MatrixBlock()
    ranking = RankingBlock()
    number = NumberBlock()
    date = DateBlock()
    image = PictureBlock()
    information = InformationBlock(features=["bold", "italic", "link", "ul", "ol"])


class SectionBlock(blocks.StructBlock):
    """One page of the form."""

    title = blocks.CharBlock(
        label=_("Section title"), max_length=255, default="", help_text=_("Each section is one page of the form.")
    )
    introduction = blocks.TextBlock(
        label=_("Introduction"), required=False, default="", help_text=_("Plain text above the questions.")
    )
    show_if = conditions.ConditionBlock(label=_("Show only if"))
    questions = QuestionsBlock(label=_("Questions"))

    class Meta:
        icon = "list-ul"
        label = _("Section")
        label_format = "{title}"


class QuestionnaireBlock(blocks.StreamBlock):
    """A questionnaire: sections of questions."""

    section = SectionBlock()

    def clean(self, value: Any) -> Any:
        """Refuse to publish a condition that can't decide; a draft may have one."""
        cleaned = super().clean(value)
        if not self.is_deferred_validation and (errors := conditions.wrong(cleaned)):
            raise blocks.StreamBlockValidationError(block_errors=errors)
        return cleaned

    class Meta:
        required = False
