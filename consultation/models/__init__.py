"""The tables, one concept a module, in the order in which an answer meets them."""

from consultation.models.area import Area
from consultation.models.batch import Batch, Entry
from consultation.models.consultation import OUTCOME_WITHIN, Consultation, Halt, State
from consultation.models.download import Download, DownloadEnd, Export, Format, Level
from consultation.models.draft import Draft
from consultation.models.equality import EqualityAnswers, EqualityFigures, EqualityLink
from consultation.models.handling import Handling, ReadMark, Redaction
from consultation.models.idea import Idea, IdeaAddress, IdeaStep
from consultation.models.instrument import Option, Question, Version, Wording
from consultation.models.ledger import AnswerWords, Channel, Correction, Response
from consultation.models.life import LifeEvent
from consultation.models.outbox import Message
from consultation.models.quote import Quote
from consultation.models.subscriber import Occasion, Subscriber, Telling
from consultation.models.suspicion import Decision, Haste, Reason, Suspicion
from consultation.models.tally import PinnedResult, Tally, Watermark
from consultation.models.theme import Theme

__all__ = [
    "OUTCOME_WITHIN",
    "AnswerWords",
    "Area",
    "Batch",
    "Channel",
    "Consultation",
    "Correction",
    "Decision",
    "Download",
    "DownloadEnd",
    "Draft",
    "Entry",
    "EqualityAnswers",
    "EqualityFigures",
    "EqualityLink",
    "Export",
    "Format",
    "Halt",
    "Handling",
    "Haste",
    "Idea",
    "IdeaAddress",
    "IdeaStep",
    "Level",
    "LifeEvent",
    "Message",
    "Occasion",
    "Option",
    "PinnedResult",
    "Question",
    "Quote",
    "ReadMark",
    "Reason",
    "Redaction",
    "Response",
    "State",
    "Subscriber",
    "Suspicion",
    "Tally",
    "Telling",
    "Theme",
    "Version",
    "Watermark",
    "Wording",
]
