"""What every kind of question has."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks import BlockGroup

from consultation import conditions
from consultation.models import Theme


def theme_choices() -> list[tuple[str, Any]]:
    """The themes a question can belong to."""
    return [("", _("No theme")), *((str(theme.key), _name(theme)) for theme in Theme.objects.all())]


def _name(theme: Theme) -> str:
    """A retired theme stays in the list, or the next edit of its questions would take them away from it."""
    return str(_("%(theme)s (no longer a theme)") % {"theme": theme.name}) if theme.retired_at else theme.name


def layout(*first: str, more: Sequence[str] = ()) -> BlockGroup:
    """What stands open, the question and its options, and what is folded away beneath “Settings”."""
    return BlockGroup(children=["label", *first], settings=["hint", "required", *more, "theme", "personal", "show_if"])


class QuestionBlock(blocks.StructBlock):
    """What every kind of question has."""

    label = blocks.CharBlock(
        label=_("Question"), max_length=500, default="", help_text=_("As people read it. Ask one thing at a time.")
    )
    hint = blocks.CharBlock(
        label=_("Help for answering"),
        max_length=500,
        required=False,
        default="",
        help_text=_("One short sentence, in smaller letters below the question. Leave empty where none is needed."),
    )
    theme = blocks.ChoiceBlock(
        label=_("Theme of the plan"),
        choices=theme_choices,
        required=False,
        help_text=_("The answers appear on this theme's page. You can change it at any time; nothing is lost."),
    )
    required = blocks.BooleanBlock(
        label=_("People have to answer it"),
        required=False,
        default=False,
        help_text=_(
            "Otherwise “(optional)” stands beside the question. Ask for little: who has to answer may give up."
        ),
    )
    personal = blocks.BooleanBlock(
        label=_("Personal data"),
        required=False,
        default=False,
        help_text=_("Answers may name or identify somebody. Only downloads with personal data have them."),
    )
    show_if = conditions.ConditionBlock(label=_("Who is asked"))

    class Meta:
        form_layout = layout()
