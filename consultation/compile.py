"""Publish a questionnaire: the leading page's source becomes numbers, a version and wordings; others give wordings.

Nothing is ever deleted or renumbered. What a source lacks is retired with the date, and comes back under the same
number when a revert restores it. Publications call this inside their own transaction.
"""

from collections.abc import Iterable, Mapping
from html import unescape
from itertools import chain, count
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.html import strip_tags

from consultation import life
from consultation.kinds import KINDS
from consultation.models import Consultation, Option, Question, Theme, Version, Watermark, Wording
from consultation.questionnaire import Structure, digest
from consultation.source import (
    IMAGE,
    MATRIX,
    UNASKED,
    Source,
    SourceCondition,
    SourceItem,
    SourceOption,
    SourceSection,
    another_block,
)

Keys = dict[str, str]  # column keys by block or list item id, where an import brings its own
Originals = Mapping[str, Iterable[tuple[SourceSection, ...]]]  # what pages held, published or not, by language
# What conditions can ask about: the number of a question, and of its options by list item id, by block id.
Earlier = dict[str, tuple[int, dict[str, int]]]


@transaction.atomic
def compile_leading(source: Source, keys: Keys | None = None, by: int | None = None) -> Consultation:
    """Take over structure, settings and wordings of the leading page, and return the consultation.

    by: who published it, by primary key, where that is known.
    """
    consultation, _created = Consultation.objects.get_or_create(
        key=source.key, defaults={"title": source.title, "language": source.language, "opens_at": source.opens_at}
    )
    consultation = Consultation.objects.select_for_update(no_key=True).get(pk=consultation.pk)
    Watermark.objects.get_or_create(consultation=consultation)
    life.note(consultation, source, by)
    consultation.kept_until, consultation.kept_months = life.promise(consultation, source)
    consultation.title, consultation.language = source.title, source.language
    consultation.halt = source.halt
    consultation.outcome_due, consultation.outcome_on = source.outcome_due, source.outcome_on
    consultation.opens_at, consultation.closes_at = source.opens_at, source.closes_at
    consultation.results = source.results
    consultation.ask_equality, consultation.political_basis = source.ask_equality, source.political_basis
    before = set(consultation.questions.values_list("number", flat=True))
    structure = _number(consultation, source, keys or {})
    consultation.segments = _segments(consultation, before)
    consultation.version = _version(consultation, structure)
    consultation.stamp += 1
    consultation.save()
    _store_wordings(consultation, source.language, _texts(_questions(consultation), source.sections) | _told(source))
    return consultation


@transaction.atomic
def compile_wordings(source: Source, originals: Originals) -> Consultation | None:
    """Take over the wordings of another language's page; None before the leading page was published.

    Blocks that the leading page lacks are passed over. originals are the pages that this one was made from: a text
    that one of them ever held at the same place, or published, is no translation.
    """
    consultation = Consultation.objects.select_for_update(no_key=True).filter(key=source.key).first()
    if consultation is None or consultation.language == source.language:
        return None
    questions = _questions(consultation)
    asked = _ever_said(consultation, {consultation.language})
    original = _ever_said(consultation, originals)
    for held in chain.from_iterable(originals.values()):
        for item, text in _texts(questions, held).items():
            original.setdefault(item, set()).add(_words(text))
    texts = {
        item: "" if _words(text) in original.get(item, ()) else text
        for item, text in (_texts(questions, source.sections) | _told(source)).items()
        if item in asked
    }
    if _store_wordings(consultation, source.language, texts):
        Consultation.objects.filter(pk=consultation.pk).update(stamp=F("stamp") + 1)
    return consultation


def _ever_said(consultation: Consultation, languages: Iterable[str]) -> dict[str, set[str]]:
    """Every wording that each item ever had in these languages."""
    said: dict[str, set[str]] = {}
    rows = Wording.objects.filter(consultation=consultation, language__in=list(languages))
    for item, text in rows.values_list("item", "text"):
        said.setdefault(item, set()).add(_words(text))
    return said


def _words(text: str) -> str:
    """What is read: wagtail-localize writes the marks and characters of rich text in ways of its own."""
    return " ".join(unescape(strip_tags(text)).split())


def _number(consultation: Consultation, source: Source, keys: Keys) -> Structure:
    """Give every question and option its row, retire what is gone, and return the structure."""
    known = {row.block: row for row in consultation.questions.prefetch_related("options")}
    themes = {str(theme.key): theme for theme in Theme.objects.all()}
    last = max((row.number for row in known.values()), default=0)
    asked: set[int] = set()
    sections = []
    position = 0
    earlier: Earlier = {}
    for section in source.sections:
        items: list[dict[str, Any]] = []
        here: Earlier = {}
        for item in section.items:
            if item.kind in UNASKED:
                if item.kind != IMAGE:
                    items.append({"info": item.id})
                elif item.image is not None:
                    items.append({"info": item.id, "image": item.image})
                continue
            siblings = [row for row in known.values() if row.block.startswith(f"{item.id}/") and row.kind == item.kind]
            numbers = {option.item: option.number for row in siblings for option in row.options.all()}
            rows: list[Question] = []
            options: list[list[Any]] = []
            for question in item.questions:
                # A block that changed its kind under the same id is another question.
                block = question.id
                if block in known and known[block].kind != item.kind:
                    block = another_block(question)
                row = known.get(block)
                if row is None:
                    last += 1
                    row = known[block] = Question(
                        consultation=consultation,
                        number=last,
                        key=_unused(keys.get(question.id, f"q{last}"), {row.key for row in known.values()}),
                        block=block,
                        kind=item.kind,
                        bins=KINDS[item.kind].bins(item.minimum, item.maximum),
                    )
                position += 1
                row.position, row.retired_at, row.theme = position, None, themes.get(question.theme)
                row.save()
                asked.add(row.number)
                rows.append(row)
                options = _number_options(row, item.options, numbers, keys)
            if rows:
                items.append(_structure(rows, item, options) | _condition(item.show_if, earlier))
            if KINDS[item.kind].steers:
                chosen = {option.id: number for option, (number, _role) in zip(item.options, options, strict=True)}
                # A record that ended by itself leaves its condition standing: nobody meets it from then on.
                chosen |= numbers if KINDS[item.kind].beside else {}
                here[item.id] = rows[0].number, chosen
        sections.append({"id": section.id, "items": items} | _condition(section.show_if, earlier))
        earlier |= here
    _retire(row for row in known.values() if row.number not in asked)
    return {"sections": sections}


def _number_options(
    row: Question, options: tuple[SourceOption, ...], numbers: dict[str, int], keys: Keys
) -> list[list[Any]]:
    """Give every option its row. numbers: by list item, of those numbered so far; all rows of a matrix share them."""
    known = {option.item: option for option in row.options.all()}
    numbers |= {option.item: option.number for option in known.values()}
    offered: set[int] = set()
    for position, option in enumerate(options, 1):
        found = known.get(option.id)
        if found is None:
            number = numbers.setdefault(option.id, max(numbers.values(), default=0) + 1)
            # A record has one key in the files of all consultations, and so has an option that is always the same.
            own = option.id if KINDS[row.kind].known else str(number)
            key = _unused(keys.get(f"{row.block}/{option.id}", own), {option.key for option in known.values()})
            found = known[option.id] = Option(question=row, number=number, key=key, item=option.id)
        found.position, found.retired_at, found.role = position, None, option.role
        found.save()
        offered.add(found.number)
    _retire(option for option in known.values() if option.number not in offered)
    return [[known[option.id].number, option.role] for option in options]


def _segments(consultation: Consultation, before: set[int]) -> list[int]:
    """What figures are compared by, and the new questions that are meant for it, while there is room.

    Nobody has answered them yet, so the tally stays right without being folded anew.
    """
    apart = [name for name, kind in KINDS.items() if kind.apart]
    asked = consultation.questions.filter(kind__in=apart).exclude(number__in=before)
    new = list(asked.values_list("number", flat=True))
    room = Consultation.MOST_SEGMENTS - len(consultation.segments)
    return sorted([*consultation.segments, *new[: max(room, 0)]])


def _condition(condition: SourceCondition | None, earlier: Earlier) -> Structure:
    """The part of a version that a condition makes. One that nobody could meet makes none: then everybody is asked."""
    if condition is None or condition.question not in earlier:
        return {}
    number, options = earlier[condition.question]
    chosen = sorted({options[option] for option in condition.options if option in options})
    return {"if": {"q": number, "any": chosen}} if chosen else {}


def _unused(key: str, taken: set[str]) -> str:
    """The key; numbered on where it is taken, as an imported question may have any."""
    return next(free for free in chain([key], (f"{key[:34]}_{n}" for n in count(2))) if free not in taken)


def _retire(rows: Iterable[Question | Option]) -> None:
    for row in rows:
        if row.retired_at is None:
            row.retired_at = timezone.now()
            row.save(update_fields=["retired_at"])


def _structure(rows: list[Question], item: SourceItem, options: list[list[Any]]) -> dict[str, Any]:
    """The part of a version that a question makes, or a matrix with its rows; what is not set is left out."""
    parts: dict[str, Any] = {"kind": item.kind}
    parts |= {"matrix": item.id, "rows": [row.number for row in rows]} if item.kind == MATRIX else {"q": rows[0].number}
    # A choice without options can't be answered, so it can't be required either.
    parts |= {"required": True} if item.required and (options or not KINDS[item.kind].takes_options) else {}
    parts |= {"personal": True} if item.personal else {}
    parts |= {"options": options} if options else {}
    parts |= {"limit": item.limit} if item.limit else {}
    parts |= {"minimum": item.minimum} if item.minimum is not None else {}
    parts |= {"maximum": item.maximum} if item.maximum is not None else {}
    parts |= {"decimals": True} if item.decimals else {}
    parts |= {"bins": rows[0].bins} if rows[0].bins else {}
    return parts


def _version(consultation: Consultation, structure: Structure) -> Version:
    name = digest(structure)
    last = consultation.versions.aggregate(last=Max("number"))["last"] or 0
    version, _created = Version.objects.get_or_create(
        consultation=consultation, digest=name, defaults={"number": last + 1, "structure": structure}
    )
    return version


def _questions(consultation: Consultation) -> dict[str, Question]:
    return {row.block: row for row in consultation.questions.prefetch_related("options")}


def _texts(questions: Mapping[str, Question], sections: Iterable[SourceSection]) -> dict[str, str]:
    """The words of a page by item, of those items only that have a number."""
    texts: dict[str, str] = {}
    for section in sections:
        texts[f"s{section.id}"] = section.title
        texts[f"s{section.id}/intro"] = section.introduction
        for item in section.items:
            if item.kind in UNASKED:
                texts[f"{'p' if item.kind == IMAGE else 'i'}{item.id}"] = item.label
            for question in item.questions:
                row = questions.get(another_block(question)) or questions.get(question.id)
                if row is None or row.kind != item.kind:
                    continue
                # The rows of a matrix share all other words.
                shared = f"m{item.id}" if item.kind == MATRIX else f"q{row.number}"
                texts |= {shared: item.label, f"{shared}/hint": item.hint}
                texts[f"q{row.number}"] = question.label
                numbers = {option.item: option.number for option in row.options.all()}
                texts |= {
                    f"{shared}/{numbers[option.id]}": option.label for option in item.options if option.id in numbers
                }
    return texts


def _told(source: Source) -> dict[str, str]:
    """What the page tells beside its questionnaire, by item."""
    return {f"f{name}": text for name, text in source.told.items()}


def _store_wordings(consultation: Consultation, language: str, texts: dict[str, str]) -> int:
    """Add a dated row for every text that differs from the latest, and return how many there were."""
    rows = Wording.objects.filter(consultation=consultation, language=language)
    latest = dict(rows.values_list("item", "text"))  # in order of age: the last one stays
    new = [
        Wording(consultation=consultation, item=item, language=language, text=text)
        for item, text in texts.items()
        if text != latest.get(item, "")
    ]
    Wording.objects.bulk_create(new)
    return len(new)
