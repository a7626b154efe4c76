"""The question whether words may be quoted: its options are always the same, and are only worded."""

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from consultation.blocks.questions import QuestionBlock, layout


def _words(text: Promise) -> Callable[[], str]:
    """Words to begin with, in the language of whoever adds the question."""
    return lambda: str(text)


class ConsentBlock(QuestionBlock):
    """Yes or no; nothing is ticked beforehand, and no answer is no."""

    label = blocks.CharBlock(
        label=_("Question"), max_length=500, default=_words(_("May we publish words of yours, without your name?"))
    )
    hint = blocks.CharBlock(
        label=_("Help for answering"),
        max_length=500,
        required=False,
        default=_words(
            _(
                "Two people read them first, and leave out what could tell who you are. Once published, they stay when "
                "your answers are deleted after their time; if you take your answers back before, so do we."
            )
        ),
    )
    agreed = blocks.CharBlock(
        label=_("Words for: may be quoted"),
        max_length=255,
        default=_words(_("Yes")),
        help_text=_("Whoever chooses this consents to be quoted in public, so the question has to say so."),
    )
    refused = blocks.CharBlock(label=_("Words for: may not be quoted"), max_length=255, default=_words(_("No")))

    class Meta:
        icon = "openquote"
        label = _("Consent to be quoted")
        form_layout = layout("agreed", "refused")
        label_format = "{label}"
        help_text = _(
            "Without this question, nothing that people write can be quoted. Ask it after the questions that they "
            "answer in their own words."
        )
