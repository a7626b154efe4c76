"""What every kind of question has."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from consultation import conditions
from consultation.models import Theme


def theme_choices() -> list[tuple[str, Any]]:
    """The themes a question can belong to."""
    return [("", _("No theme")), *((str(theme.key), _name(theme)) for theme in Theme.objects.all())]


def _name(theme: Theme) -> str:
    """A retired theme stays in the list, or the next edit of its questions would take them away from it."""
    return str(_("%(theme)s (no longer a theme)") % {"theme": theme.name}) if theme.retired_at else theme.name


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
    personal = blocks.BooleanBlock(
        label=_("Personal data"),
        required=False,
        default=False,
        help_text=_("Answers may name or identify somebody."),
    )
    show_if = conditions.ConditionBlock(label=_("Show only if"))
