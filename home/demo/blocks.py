"""Bodies and questionnaires in the raw form that a StreamField stores, every block with an id that is always the same."""

import uuid
from typing import Any

NAMESPACE = uuid.UUID("5b1f0f0e-6f0a-4d0c-9a55-0c5d3f6a7b10")

Raw = dict[str, Any]

# The option with which people decline.
DECLINED = ("Prefer not to say", "declined")


def key(name: str) -> uuid.UUID:
    """The lasting key of a piece of demonstration content."""
    return uuid.uuid5(NAMESPACE, name)


def block_id(name: str) -> str:
    """The lasting id of a block."""
    return str(key(f"block/{name}"))


def block(kind: str, value: Any, name: str) -> Raw:
    """A block with its id."""
    return {"type": kind, "value": value, "id": block_id(name)}


def body(name: str, *parts: tuple[str, Any]) -> list[Raw]:
    """The body of a page: ("heading", "…"), ("paragraph", "<p>…</p>"), ("quotation", {…})."""
    return [block(kind, value, f"{name}/{index}") for index, (kind, value) in enumerate(parts)]


def section(name: str, title: str, introduction: str, *questions: Raw, **settings: Any) -> Raw:
    """A section of a questionnaire."""
    value = {"title": title, "introduction": introduction, "questions": list(questions)}
    return block("section", value | settings, name)


def chose(name: str, *places: int) -> Raw:
    """The condition that one of these options of a question was chosen, by their places from 1."""
    return {"question": block_id(name), "any": [block_id(f"{name}/option/{place}") for place in places]}


def question(name: str, kind: str, label: str, *, theme: str = "", **settings: Any) -> Raw:
    """A question without options."""
    value = {"label": label, "hint": "", "theme": str(key(f"theme/{theme}")) if theme else "", "required": False}
    return block(kind, value | settings, name)


def matrix(name: str, label: str, rows: dict[str, str], options: list[str | tuple[str, str]], **settings: Any) -> Raw:
    """Rows, each with the theme that it belongs to, and the options that they share."""
    items = [
        block("item", {"label": text, "theme": str(key(f"theme/{theme}")) if theme else ""}, f"{name}/row/{index}")
        for index, (text, theme) in enumerate(rows.items(), 1)
    ]
    return choice(name, "matrix", label, options, rows=items, **settings)


def respondent(name: str, label: str, **settings: Any) -> Raw:
    """Who answers, the options in the words that an editor finds there."""
    words = {
        "myself": "For myself",
        "named": "For an organisation, which may be named beside what it says",
        "unnamed": "For an organisation, which is not to be named",
    }
    return question(name, "respondent", label, **words, **settings)


def choice(name: str, kind: str, label: str, options: list[str | tuple[str, str]], **settings: Any) -> Raw:
    """A question with options, each a label or (label, role)."""
    pairs = [(option, "") if isinstance(option, str) else option for option in options]
    items = [
        block("item", {"label": text, "role": role}, f"{name}/option/{index}")
        for index, (text, role) in enumerate(pairs, 1)
    ]
    return question(name, kind, label, options=items, **settings)
