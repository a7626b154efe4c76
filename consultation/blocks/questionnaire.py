"""A questionnaire: sections, and what stands in each."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from consultation import conditions
from consultation.blocks.choices import MultipleBlock, RankingBlock, SingleBlock
from consultation.blocks.numbers import DateBlock, NumberBlock
from consultation.blocks.records import AreaBlock, ThemeChoiceBlock
from consultation.blocks.scales import MatrixBlock, ScaleBlock
from consultation.blocks.texts import LongTextBlock, ShortTextBlock
from consultation.blocks.unasked import InformationBlock, PictureBlock


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
    theme_choice = ThemeChoiceBlock()
    area = AreaBlock()
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
