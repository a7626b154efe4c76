"""The questionnaire as editors build it. What these blocks store is read by source.py, and by nothing else.

Codes sit in choice blocks, because wagtail-localize would offer the value of a character block for translation. Every
text has a default: a text child without one is None on pages saved before it existed, and their next sync raises.
"""

from consultation.blocks.choices import MultipleBlock, RankedBlock, RankingBlock, SingleBlock, TickOptionBlock
from consultation.blocks.consent import ConsentBlock
from consultation.blocks.numbers import DateBlock, NumberBlock
from consultation.blocks.options import ROLES, OptionBlock, OptionsBlock, role
from consultation.blocks.questionnaire import QuestionnaireBlock, QuestionsBlock, SectionBlock
from consultation.blocks.questions import QuestionBlock, theme_choices
from consultation.blocks.records import AreaBlock, RecordsBlock, ThemeChoiceBlock
from consultation.blocks.respondent import RespondentBlock
from consultation.blocks.scales import ColumnBlock, MatrixBlock, PointBlock, PointsBlock, RowBlock, ScaleBlock
from consultation.blocks.texts import LongTextBlock, ShortTextBlock
from consultation.blocks.unasked import InformationBlock, PictureBlock

__all__ = [
    "AreaBlock",
    "ColumnBlock",
    "ConsentBlock",
    "DateBlock",
    "InformationBlock",
    "LongTextBlock",
    "MatrixBlock",
    "MultipleBlock",
    "NumberBlock",
    "OptionBlock",
    "OptionsBlock",
    "PictureBlock",
    "PointBlock",
    "PointsBlock",
    "QuestionBlock",
    "QuestionnaireBlock",
    "QuestionsBlock",
    "ROLES",
    "RankedBlock",
    "RankingBlock",
    "RecordsBlock",
    "RespondentBlock",
    "RowBlock",
    "ScaleBlock",
    "SectionBlock",
    "ShortTextBlock",
    "SingleBlock",
    "ThemeChoiceBlock",
    "TickOptionBlock",
    "role",
    "theme_choices",
]
