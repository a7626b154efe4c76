"""Questions answered by choosing: one option, several, or some in order."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from consultation import kinds
from consultation.blocks.options import ROLES, OptionBlock, OptionsBlock, role
from consultation.blocks.questions import QuestionBlock, layout


class TickOptionBlock(OptionBlock):
    """One option of a multiple choice, which can also shut out the others."""

    role = role(*ROLES)


class SingleBlock(QuestionBlock):
    """One option of several."""

    options = OptionsBlock(OptionBlock(), label=_("Options"), min_num=2, max_num=100)

    class Meta:
        icon = "radio-full"
        label = _("One answer from a list")
        form_layout = layout("options")
        label_format = "{label}"


class MultipleBlock(QuestionBlock):
    """Any of several options."""

    options = OptionsBlock(TickOptionBlock(), label=_("Options"), min_num=2, max_num=100)
    limit = blocks.IntegerBlock(
        label=_("How many may be ticked"),
        required=False,
        min_value=1,
        max_value=100,
        help_text=_("At most, by one person. Leave empty for any number."),
    )

    class Meta:
        icon = "tasks"
        label = _("Several answers from a list")
        form_layout = layout("options", more=["limit"])
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
        label=_("How many places"),
        default=kinds.PLACES,
        min_value=1,
        max_value=kinds.MOST_PLACES,
        help_text=_("With 3, people choose their first, second and third. They may choose fewer."),
    )

    class Meta:
        icon = "list-ol"
        label = _("Put in order")
        form_layout = layout("options", more=["limit"])
        label_format = "{label}"
