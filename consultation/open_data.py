"""Open data: the figures that the public sees, as tables for programs. They are made of pinned results alone.

Of a published version they are made once, with it, and handed on to the letter from then on: results.py.

So there is no count here that a theme's page does not show: rounded, with a star for 1 to 7, and none where a question
is withheld. The codebook has no number of people at all.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from consultation import codebook, csv_files, csv_metadata, pin, summary
from consultation.codebook import Line
from consultation.columns import guard
from consultation.disclosure import rounded_percent
from consultation.edition import PublicQuestion, PublicSummary
from consultation.kinds import at_place
from consultation.models import Channel, Consultation, Option, PublishedResult
from consultation.package import describing
from consultation.sheets import Table

FIGURES, CODEBOOK, METADATA = "figures.csv", "codebook.csv", "csv-metadata.json"
HEADER = ("question", "option", "question_label", "option_label", "people", "percent", "withheld", "asked_of")
EXPLAINED = ("question", "option", "level", "kind", "role", "counts_as", "theme", "theme_key", "asked_of", "asked_if")

Row = Sequence[str]


class NotPublished(Exception):
    """The public sees no figures of the consultation, so there are none to hand on."""


def published(consultation: Consultation, language: str) -> PublicSummary:
    """The figures as the public sees them now. Raises NotPublished."""
    with translation.override(language):
        found = pin.of_consultation(consultation, language)
    if found is None:
        raise NotPublished
    return found


def tables(consultation: Consultation, language: str) -> Iterator[Table]:
    """The figures, and what explains them."""
    shown = published(consultation, language)
    numbers = frozenset({"people", "percent"})
    if isinstance(shown.pinned, PublishedResult):
        own = _stored(shown.pinned, language)
        yield Table(_("Figures"), _rows(own[FIGURES]), numbers)
        yield Table(_("Codebook"), _rows(own[CODEBOOK]))
    else:
        yield Table(_("Figures"), figures(consultation, shown), numbers)
        yield Table(_("Codebook"), explained(consultation, language, shown))


def _stored(result: PublishedResult, language: str) -> dict[str, str]:
    """The files of a version in a language, or in the leading one."""
    editions = result.editions.filter(language__in=[language, result.consultation.language])
    files: dict[str, str] = max(editions, key=lambda edition: edition.language == language).files
    return files


def _rows(file: str) -> Iterator[Row]:
    return iter(csv.reader(io.StringIO(file, newline=""), strict=True))


def files(consultation: Consultation, language: str) -> Iterator[tuple[str, Iterator[bytes]]]:
    """The same as CSV, with metadata as W3C's "CSV on the Web" has it; of a published version, its own files."""
    shown = published(consultation, language)
    if isinstance(shown.pinned, PublishedResult):
        yield from ((name, iter([text.encode()])) for name, text in _stored(shown.pinned, language).items())
    else:
        yield from made(consultation, language, shown)


def made(consultation: Consultation, language: str, shown: PublicSummary) -> Iterator[tuple[str, Iterator[bytes]]]:
    """The files of these figures."""
    for name, table in (
        (FIGURES, figures(consultation, shown)),
        (CODEBOOK, explained(consultation, language, shown)),
    ):
        yield name, csv_files.chunks(csv_files.write(table))
    licence = shown.pinned.licence_url if isinstance(shown.pinned, PublishedResult) else ""
    yield METADATA, describing.write(metadata(consultation, language, shown, licence))


def figures(consultation: Consultation, shown: PublicSummary) -> Iterator[Row]:
    """A row for all responses, one for each question, one for each of its options."""
    keys = dict(consultation.questions.values_list("number", "key"))
    options: dict[tuple[int, int], str] = {}
    named = Option.objects.filter(question__consultation=consultation)
    for question, number, key in named.values_list("question__number", "number", "key"):
        options[question, number] = options[question, at_place(1, number)] = key
    yield HEADER
    yield "", "", "", "", str(shown.received), "", "", ""
    for channel, figure in shown.channels if shown.is_published else ():
        share = rounded_percent(figure, shown.received)
        yield _row(("", "", ""), channel, str(Channel(channel).label), figure, share)
    for asked in shown.questions:
        own = guard(keys[asked.number]), guard(asked.label), guard(asked.asked_of)
        yield _row(own, people=asked.answered, withheld="1" if asked.withheld else "0")
        for bar in asked.bars:
            option = options.get((asked.number, bar.number), str(bar.number))
            yield _row(own, guard(option), guard(bar.label), bar.figure, bar.percent)


def _row(
    own: tuple[str, str, str],
    option: str = "",
    label: str = "",
    people: Any = None,
    percent: int | None = None,
    withheld: str = "",
) -> Row:
    key, question, asked_of = own
    return key, option, question, label, _said(people), _said(percent), withheld, asked_of


def _said(figure: Any) -> str:
    return "" if figure is None else str(figure)


def explained(consultation: Consultation, language: str, shown: PublicSummary) -> Iterator[Row]:
    """The questions that are shown and their options, worded in every language, without a number of people."""
    languages = [code for code, _name in summary.languages(consultation)]
    yield [*EXPLAINED, *map("wording_{}".format, languages)]
    for line in _lines(consultation, language, shown.questions):
        cells = [getattr(line, name) for name in EXPLAINED]
        yield [guard(cell) for cell in (*cells, *(line.wordings.get(code, "") for code in languages))]


def _lines(consultation: Consultation, language: str, questions: Sequence[PublicQuestion]) -> Iterator[Line]:
    numbers = [question.number for question in questions]
    keys = set(consultation.questions.filter(number__in=numbers).values_list("key", flat=True))
    for line in codebook.lines(consultation, language):
        if line.question in keys and line.level in ("question", "option"):
            yield replace(line, n="", asked="", answered="", declined="", cells="")


def metadata(consultation: Consultation, language: str, shown: PublicSummary, licence: str = "") -> dict[str, Any]:
    """What programs can read of both files; licence: its address, where they are published under one."""
    languages = [code for code, _name in summary.languages(consultation)]
    with translation.override(language):
        about = {
            "question": _("the key of the question; empty: all responses"),
            "option": _("the key of the option, or of the way on which responses came; empty: the question itself"),
            "people": _("rounded to the nearest 5; * stands for 1 to 7; empty: not published"),
            "percent": _("worked out from the rounded figures"),
            "withheld": _("1: the options are not shown, for they could tell what somebody said"),
            "asked_of": _("whom it was asked of; empty: everybody"),
        }
        return {
            "@context": ["http://www.w3.org/ns/csvw", {"@language": language}],
            "dc:title": shown.title.text,
            "dc:modified": shown.pinned.cut_off.isoformat(timespec="seconds"),
            **({"dc:license": {"@id": licence}} if licence else {}),
            "dialect": csv_metadata.DIALECT,
            "tables": [
                _table(FIGURES, _("What people told us, in rounded figures"), HEADER, about),
                _table(
                    CODEBOOK,
                    _("What was asked"),
                    [*EXPLAINED, *map("wording_{}".format, languages)],
                    {name: about[name] for name in ("question", "asked_of")},
                ),
            ],
        }


def _table(url: str, title: str, names: Sequence[str], about: dict[str, str]) -> dict[str, Any]:
    columns = [_column(name) | ({"dc:description": about[name]} if name in about else {}) for name in names]
    return {"url": url, "dc:title": title, "tableSchema": {"columns": columns, "primaryKey": ["question", "option"]}}


def _column(name: str) -> dict[str, Any]:
    column: dict[str, Any] = {"name": name.replace("-", "%2D"), "titles": {"und": name}, "datatype": "string"}
    if name in ("question", "option"):
        column["null"] = csv_metadata.NEVER  # an empty cell is a value
    elif name == "percent":
        column["datatype"] = {"base": "integer", "minimum": 0, "maximum": 100}
    elif name == "withheld":
        column["datatype"] = csv_metadata.FLAG
    elif name == "people":
        column["datatype"] = {"base": "string", "format": r"[0-9]+|\*"}
    return column
