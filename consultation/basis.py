"""What an outcome rests on, as everybody may know it: a question's wording, and how many answered, as published."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from consultation.disclosure import Figure
from consultation.models import Channel, Consultation, Question, Wording
from consultation.pin import Result, shown
from consultation.questionnaire import EMPTY, Text

Asked = tuple[Consultation, str]  # a consultation and the block id of one of its questions
Pinned = Mapping[int, Result]  # by the consultation's primary key


@dataclass(frozen=True)
class Basis:
    """A question that something rests on."""

    wording: Text
    theme: int | None  # its primary key
    answered: Figure | None  # None: not published


@dataclass(frozen=True)
class Received:
    """How many took part, as published."""

    total: Figure
    channels: tuple[tuple[str, Figure], ...]  # by name; none where they are not published
    on: dt.datetime


def published(consultations: Iterable[Consultation]) -> Pinned:
    """The figures that everybody may see now, of these. Two queries."""
    return shown(consultations)


def received(pinned: Result | None) -> Received | None:
    """How many took part; None where it is not published."""
    if pinned is None:
        return None
    names = dict(Channel.choices)
    channels = pinned.figures.get("channels", {})
    found = tuple((str(names[code]), channels[code]) for code in names if code in channels)
    return Received(pinned.figures["received"], found, pinned.cut_off)


def questions(asked: Collection[Asked], language: str, pinned: Pinned) -> dict[tuple[int, str], Basis]:
    """Those questions, asked still or no more, by the consultation's primary key and block id. Two queries.

    In a language, or in the leading one where a wording is missing.
    """
    wanted = {(consultation.pk, block): consultation for consultation, block in asked}
    found = Question.objects.filter(
        consultation__in={pk for pk, _block in wanted}, block__in={block for _pk, block in wanted}
    )
    rows = [row for row in found if (row.consultation_id, row.block) in wanted] if wanted else []
    words = _words(rows, language, wanted)
    return {
        (row.consultation_id, row.block): Basis(
            _wording(row, words), row.theme_id, _answered(row, pinned.get(row.consultation_id))
        )
        for row in rows
    }


Words = Mapping[tuple[int, str], Text]  # by the consultation's primary key and item


def _words(rows: Iterable[Question], language: str, wanted: Mapping[tuple[int, str], Consultation]) -> Words:
    leading = {pk: consultation.language for (pk, _block), consultation in wanted.items()}
    items = {item for row in rows for item in _items(row)}
    texts = Wording.objects.filter(
        consultation__in=leading, item__in=items, language__in={language, *leading.values()}
    ).values_list("consultation_id", "item", "language", "text")
    latest = {(pk, item, code): text for pk, item, code, text in texts} if items else {}
    found = {(pk, item): Text(text, code) for (pk, item, code), text in latest.items() if code == leading[pk]}
    return found | {
        (pk, item): Text(text, code) for (pk, item, code), text in latest.items() if code == language and text
    }


def _items(row: Question) -> tuple[str, str]:
    """Its own wording's item, and that of the matrix of which it is a row."""
    return f"q{row.number}", f"m{row.block.partition('/')[0]}"


def _wording(row: Question, words: Words) -> Text:
    own, stem = (words.get((row.consultation_id, item), EMPTY) for item in _items(row))
    return Text(f"{stem.text} – {own.text}", own.language) if row.kind == "matrix" else own


def _answered(row: Question, pinned: Result | None) -> Figure | None:
    figures = pinned.figures["questions"].get(str(row.number)) if pinned else None
    answered: Figure | None = figures["answered"] if figures else None
    return answered
