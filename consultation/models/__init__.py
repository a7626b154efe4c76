"""The tables, one concept a module, in the order in which an answer meets them."""

from consultation.models.area import Area
from consultation.models.batch import Batch, Entry, SecondKeying
from consultation.models.coding import Application, Code, CodedAs, CodedQuestion, CodedText, CodeFrame, Coding
from consultation.models.consultation import OUTCOME_WITHIN, Consultation, Halt, State
from consultation.models.download import Download, DownloadEnd, Export, Format, Level
from consultation.models.draft import Draft
from consultation.models.equality import EqualityAnswers, EqualityFigures, EqualityLink
from consultation.models.handling import Handling, ReadMark, Redaction
from consultation.models.idea import Idea, IdeaAddress, IdeaStep
from consultation.models.instrument import Option, Question, Version, Wording
from consultation.models.ledger import AnswerWords, Channel, Correction, Response
from consultation.models.letter import LETTERS, Letter, LetterFile
from consultation.models.life import LifeEvent
from consultation.models.outbox import Message
from consultation.models.quote import Quote
from consultation.models.result import PublishedResult, ResultEdition
from consultation.models.retention import KeptCount, RetentionRun
from consultation.models.running import LastRun
from consultation.models.sighting import Search, Sighting
from consultation.models.subscriber import Occasion, Subscriber, Telling
from consultation.models.suspicion import Decision, Haste, Reason, Suspicion
from consultation.models.tabulation import Tabulation
from consultation.models.tally import PinnedResult, Tally, Watermark
from consultation.models.theme import Theme
from consultation.models.upload import KnownColumns, Upload

__all__ = [
    "LETTERS",
    "OUTCOME_WITHIN",
    "AnswerWords",
    "Application",
    "Area",
    "Batch",
    "Channel",
    "Code",
    "CodeFrame",
    "CodedAs",
    "CodedQuestion",
    "CodedText",
    "Coding",
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
    "KeptCount",
    "KnownColumns",
    "LastRun",
    "Letter",
    "LetterFile",
    "Level",
    "LifeEvent",
    "Message",
    "Occasion",
    "Option",
    "PinnedResult",
    "PublishedResult",
    "Question",
    "Quote",
    "ReadMark",
    "Reason",
    "Redaction",
    "Response",
    "ResultEdition",
    "RetentionRun",
    "Search",
    "SecondKeying",
    "Sighting",
    "State",
    "Subscriber",
    "Suspicion",
    "Tabulation",
    "Tally",
    "Telling",
    "Theme",
    "Upload",
    "Version",
    "Watermark",
    "Wording",
]
