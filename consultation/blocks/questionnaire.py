"""A questionnaire: sections, and what stands in each."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks import BlockGroup

from consultation import conditions
from consultation.blocks.choices import MultipleBlock, RankingBlock, SingleBlock
from consultation.blocks.consent import ConsentBlock
from consultation.blocks.numbers import DateBlock, NumberBlock
from consultation.blocks.records import AreaBlock, ThemeChoiceBlock
from consultation.blocks.respondent import RespondentBlock
from consultation.blocks.scales import MatrixBlock, ScaleBlock
from consultation.blocks.texts import LongTextBlock, ShortTextBlock
from consultation.blocks.unasked import InformationBlock, PictureBlock
from consultation.kinds import KINDS


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
    respondent = RespondentBlock()
    consent = ConsentBlock()
    image = PictureBlock()
    information = InformationBlock(features=["bold", "italic", "link", "ul", "ol"])


class SectionBlock(blocks.StructBlock):
    """One page of the form."""

    title = blocks.CharBlock(
        label=_("Title of the page"), max_length=255, default="", help_text=_("Each section is one page of the form.")
    )
    introduction = blocks.TextBlock(
        label=_("Words above the questions"), required=False, default="", help_text=_("Plain text. May stay empty.")
    )
    show_if = conditions.ConditionBlock(label=_("Who is asked"))
    questions = QuestionsBlock(label=_("Questions"))

    class Meta:
        icon = "list-ul"
        label = _("Section")
        form_layout = BlockGroup(children=["title", "introduction", "questions"], settings=["show_if"])
        label_format = "{title}"


def _asked_again(questionnaire: blocks.StreamValue) -> Iterator[tuple[int, ValidationError]]:
    """What is asked again though once is the most, by section, as Wagtail shows it at the right block."""
    seen: set[str] = set()
    message = _("A questionnaire asks this once. Remove one of the two.")
    for index, section in enumerate(questionnaire):
        errors = {}
        for place, question in enumerate(section.value["questions"]):
            kind = KINDS.get(question.block_type)
            if kind and kind.once and kind.name in seen:
                errors[place] = blocks.StructBlockValidationError(non_block_errors=[ValidationError(message)])
            seen.add(question.block_type)
        if errors:
            found = blocks.StreamBlockValidationError(block_errors=errors)
            yield index, blocks.StructBlockValidationError(block_errors={"questions": found})


class QuestionnaireBlock(blocks.StreamBlock):
    """A questionnaire: sections of questions."""

    section = SectionBlock()

    def clean(self, value: Any) -> Any:
        """Refuse to publish a condition that can't decide; a draft may have one."""
        cleaned = super().clean(value)
        if not self.is_deferred_validation and (errors := conditions.wrong(cleaned)):
            raise blocks.StreamBlockValidationError(block_errors=errors)
        if not self.is_deferred_validation and (errors := dict(_asked_again(cleaned))):
            raise blocks.StreamBlockValidationError(block_errors=errors)
        return cleaned

    class Meta:
        required = False
