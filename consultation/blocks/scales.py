"""Questions answered by a point of a scale, or for each row of a matrix by one of its columns."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from consultation import kinds
from consultation.blocks.options import OptionBlock, OptionsBlock, role
from consultation.blocks.questions import QuestionBlock, layout, theme_choices


class PointBlock(OptionBlock):
    """One point of a scale, which can do without words."""

    label = blocks.CharBlock(label=_("Words"), max_length=255, required=False, default="")
    role = role(kinds.ORDINARY, kinds.DECLINED)


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
        help_text=_("Results give a mean: the other points count up from this one. It stays as first published."),
    )

    class Meta:
        icon = "sliders"
        label = _("Scale")
        form_layout = layout("options", more=["minimum"])
        label_format = "{label}"


class RowBlock(blocks.StructBlock):
    """One row of a matrix: a question of its own."""

    label = blocks.CharBlock(label=_("Row"), max_length=500, default="")
    theme = blocks.ChoiceBlock(
        label=_("Theme of this row"),
        choices=theme_choices,
        required=False,
        help_text=_("Only where it differs from the theme of the whole table."),
    )

    class Meta:
        icon = "bars"
        label_format = "{label}"


class ColumnBlock(OptionBlock):
    """One column of a matrix."""

    role = role(kinds.ORDINARY, kinds.DECLINED)


class MatrixBlock(QuestionBlock):
    """Several rows, each answered by one of the same options."""

    rows = blocks.ListBlock(RowBlock(), label=_("Rows: what is asked about"), min_num=1, max_num=30)
    options = OptionsBlock(
        ColumnBlock(),
        label=_("Columns: the answers"),
        min_num=2,
        max_num=11,
        help_text=_("The same for every row. Up to seven fit beside each other."),
    )

    class Meta:
        icon = "table"
        label = _("Table of questions with the same answers")
        form_layout = layout("rows", "options")
        label_format = "{label}"
