"""Answering a consultation: section by section, check, send, done; and coming back. No JavaScript, no account."""

from consultation.views.answering.checking import check, equality
from consultation.views.answering.receipt import again, correct, done, keep, receipt, withdraw
from consultation.views.answering.returning import back, later
from consultation.views.answering.sections import section, start

__all__ = [
    "again",
    "back",
    "check",
    "correct",
    "done",
    "equality",
    "keep",
    "later",
    "receipt",
    "section",
    "start",
    "withdraw",
]
