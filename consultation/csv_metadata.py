"""Metadata for the CSV files of a package, as W3C's "CSV on the Web" has it: what programs can read of the codebook.

It says of every column its name, its titles by language, its datatype and what stands for no value, and how the files
belong together. An empty `option` is a value of its own, the question itself, so that it can be part of a key.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from consultation import codebook, columns, csv_long, summary
from consultation.codebook import Line
from consultation.columns import SKIPPED, Form, guard
from consultation.kinds import KINDS, Shape
from consultation.models import Consultation, Level, Response

RESPONSES, ANSWERS, CODEBOOK, WORDINGS = "responses.csv", "answers.csv", "codebook.csv", "wordings.csv"

Described = dict[str, Any]

DIALECT = {
    "encoding": "utf-8",
    "delimiter": ",",
    "quoteChar": '"',
    "doubleQuote": True,
    "lineTerminators": ["\r\n"],
    "header": True,
    "headerRowCount": 1,
    "commentPrefix": None,
    "trim": False,
}
COUNT = {"base": "integer", "minimum": 0}
FROM_ONE = {"base": "integer", "minimum": 1}
FLAG = {"base": "boolean", "format": "1|0"}
MISSING = ["", SKIPPED]
NEVER = ["(null)"]  # an empty cell is a value
ITEM = ["question", "option"]
# What is no text, and what may not be empty.
DATATYPES: Mapping[str, Any] = {
    **dict.fromkeys(["row", "place"], FROM_ONE),
    **dict.fromkeys(["n", "asked", "answered", "declined", "limit", "signatures"], COUNT),
    **dict.fromkeys(["required", "decimals", "identifying"], FLAG),
    **dict.fromkeys(["received_at", "asked_from", "asked_to", "since", "until"], "dateTime"),
    "counts_as": "integer",
    "level": {"base": "string", "format": "response|question|option|words|codes|code"},
    "part": {"base": "string", "format": "label|hint|stem"},
}
REQUIRED = {"row", "question", "level", "n", "part", "since", "text", "received_at", "version"}


def metadata(consultation: Consultation) -> Described:
    """The tables of a package, described in the leading language; whoever publishes them adds the licence."""
    language = consultation.language
    book = codebook.lines(consultation, language)
    counted = Response.objects.filter(consultation=consultation, state=Response.State.COUNTED)
    every_reference = not counted.filter(reference__isnull=True).exists()
    languages = [code for code, _name in summary.languages(consultation)]
    with translation.override(language):
        return {
            "@context": ["http://www.w3.org/ns/csvw", {"@language": language}],
            "dc:title": consultation.title,
            "dc:description": _(
                "An apostrophe at the beginning of a cell was put before what it begins with, so that no spreadsheet"
                " runs it: take one away. An empty cell was not asked, and (skipped) was asked and left blank."
            ),
            "dialect": DIALECT,
            "tables": [
                _table(
                    RESPONSES,
                    _("One row for each response"),
                    _of_responses(consultation, languages, book),
                    ["reference"] if every_reference else [],
                ),
                _table(
                    ANSWERS,
                    _("One row for each answer"),
                    [_column(name) for name in csv_long.KEYS],
                    ["row", *ITEM],
                    [_reference(ITEM, CODEBOOK), *([_reference(["reference"], RESPONSES)] if every_reference else [])],
                ),
                _table(
                    CODEBOOK,
                    _("What every column and every value is"),
                    [_column(name) for name in codebook.header(languages)],
                    ITEM,
                ),
                _table(
                    WORDINGS,
                    _("Every wording that was published"),
                    [_column(name) for name in codebook.WORDINGS],
                    [*ITEM, "part", "language", "since"],
                    [_reference(ITEM, CODEBOOK)],
                ),
            ],
        }


def _table(
    url: str, title: str, columns: Sequence[Described], key: Sequence[str], references: Sequence[Described] = ()
) -> Described:
    schema: Described = {"columns": list(columns)}
    schema |= {"primaryKey": list(key)} if key else {}
    schema |= {"foreignKeys": list(references)} if references else {}
    return {"url": url, "dc:title": title, "tableSchema": schema}


def _reference(columns: Sequence[str], table: str) -> Described:
    return {
        "columnReference": list(columns),
        "reference": {"resource": table, "columnReference": list(columns)},
    }


def _column(title: str) -> Described:
    column: Described = {"name": _name(title), "titles": {"und": title}, "datatype": DATATYPES.get(title, "string")}
    column |= {"required": True} if title in REQUIRED else {}
    if title == "option":
        column["null"] = NEVER
    elif title == "value":
        column["null"] = MISSING
    elif title == "versions":
        column |= {"separator": " ", "datatype": "integer"}
    return column


def _name(title: str) -> str:
    """What a URI template takes: letters, digits, "_" and ".", not "_" first; all else as %2D."""
    name = "".join(c if re.match(r"[A-Za-z0-9._]", c) else "".join(f"%{b:02X}" for b in c.encode()) for c in title)
    return f"%5F{name[1:]}" if name.startswith("_") else name


def _of_responses(consultation: Consultation, languages: Iterable[str], book: Sequence[Line]) -> list[Described]:
    headers = {language: _headers(consultation, language) for language in languages}
    keys = list(next(iter(headers.values())))
    own = {line.column: line for line in reversed(book) if line.column}
    values: dict[str, list[str]] = {}
    for line in book:
        if line.level == "option" and (not line.kind or KINDS[line.kind].shape == Shape.OPTION):
            values.setdefault(line.column, []).append(line.cells)
    return [_of_response(key, headers, own[key], values.get(key, [])) for key in keys]


def _of_response(key: str, headers: Mapping[str, Mapping[str, str]], line: Line, values: Sequence[str]) -> Described:
    column: Described = _column(key) if line.level == "response" else {"name": _name(key), "null": MISSING}
    column["titles"] = {"und": guard(key)} | {language: names[key] for language, names in headers.items()}
    column["dc:description"] = line.cells
    if line.level == "words" or not line.kind:
        column["datatype"] = _one_of(values) if values else column.get("datatype", "string")
        column["null"] = [""]
    else:
        column["datatype"] = _datatype(line, values)
    return column


def _datatype(line: Line, values: Sequence[str]) -> Any:
    shape = KINDS[line.kind].shape
    if shape in (Shape.NUMBER, Shape.DAY) and line.n != line.answered:
        return "string"
    plain = {
        Shape.NUMBER: "decimal",
        Shape.DAY: "date",
        Shape.WORDS: "string",
        Shape.OPTIONS: FLAG,
        Shape.PLACES: COUNT,
    }
    return plain.get(shape) or _one_of(values)


def _one_of(values: Sequence[str]) -> Described:
    return {"base": "string", "format": "|".join(re.escape(guard(value)) for value in values)}


def _headers(consultation: Consultation, language: str) -> dict[str, str]:
    """The headers in words, by the key of the column."""
    with translation.override(language):
        found = columns.plan(consultation, language, Form.LABELS, Level.FULL)
        names = columns.header(found, Form.LABELS)
    return dict(zip(columns.header(found, Form.KEYS), names, strict=True))
