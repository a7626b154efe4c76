"""The question who answers: its options are always the same, and are only worded."""

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from consultation.blocks.questions import QuestionBlock, layout


def _words(text: Promise) -> Callable[[], str]:
    """Words to begin with, in the language of whoever adds the question."""
    return lambda: str(text)


class RespondentBlock(QuestionBlock):
    """For themselves, or for an organisation that may be named or may not."""

    label = blocks.CharBlock(label=_("Question"), max_length=500, default=_words(_("Who are you answering as?")))
    myself = blocks.CharBlock(label=_("Words for: a person"), max_length=255, default=_words(_("For myself")))
    named = blocks.CharBlock(
        label=_("Words for: an organisation that may be named"),
        max_length=255,
        default=_words(_("For an organisation, which may be named beside what it says")),
        help_text=_("Whoever chooses this consents to be named in public, so the words have to say so."),
    )
    unnamed = blocks.CharBlock(
        label=_("Words for: an organisation that may not be named"),
        max_length=255,
        default=_words(_("For an organisation, which is not to be named")),
    )

    class Meta:
        icon = "group"
        label = _("Person or organisation")
        form_layout = layout("myself", "named", "unnamed")
        label_format = "{label}"
        help_text = _(
            "Organisations are counted apart from people. The form asks for an organisation's name and for the role of"
            " who answers, and officers alone see both."
        )
