"""What the ledger has to hold for what a form sent, said once more and apart from the code that stores it."""

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from consultation.questionnaire import Question
from tests.hostile.inputs import arrives


def storable(text: str) -> str:
    """What is kept of a text: all but controls, surrogates and the two noncharacters that XML refuses."""
    lines = arrives(text).replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        c for c in lines if c in "\t\n" or (unicodedata.category(c) not in ("Cc", "Cs") and c not in "\ufffe\uffff")
    )


def expected(question: Question, inputs: Sequence[str]) -> tuple[Any, str]:
    """(value, words) of an answer that was accepted."""
    given = [text for text in map(arrives, inputs) if text.strip()]
    if not given:
        return None, ""
    if question.kind in ("short_text", "long_text"):
        text = storable(inputs[0])
        return (True, text) if text.strip() else (None, "")
    if question.kind == "number":
        return number(given[0]), ""
    if question.kind == "date":
        return (given[0].strip() if len(inputs) == 1 else day(given)), ""
    chosen = [int(text) for text in given]
    if question.kind == "multiple":
        return sorted(set(chosen)), ""
    return (chosen if question.kind == "ranking" else chosen[0]), ""


def number(text: str) -> int | str:
    """Whole numbers as such, others as their digits."""
    plain = re.sub(r"(?<=\d)[, \u00a0](?=\d{3}(?!\d))", "", text.strip()).replace(",", ".")
    found = Decimal(plain)
    return int(found) if found == int(found) else format(found.normalize(), "f")


def day(given: Sequence[str]) -> str:
    """Day, month and year as ISO writes them."""
    numbers = [int(text) for text in given]
    return dt.date(numbers[2], numbers[1], numbers[0]).isoformat()
