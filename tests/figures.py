"""The figures of a consultation from three sides: the officers' page, the officers' file, and the ledger counted anew.

Each side is read by itself: the page as HTML, the file by its columns, the ledger by the tally's cells.
"""

import csv
import html
import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

from consultation import csv_files, instrument
from consultation.columns import SKIPPED, Form, unguard
from consultation.kinds import ANSWERED, ASKED, DECLINED, FIRST_BIN, MOST_PLACES, at_place
from consultation.models import Consultation
from consultation.recount import Cell, Counted, recount

ROW = re.compile(r'<tr>\s*<th scope="row">(.*?)</th>(.*?)</tr>', re.S)
NUMBER = re.compile(r'<td class="number">\s*([\d,]+)')


@dataclass
class Figures:
    """One question's: lines are the options, first choices, groups of a number or months that somebody named."""

    asked: int
    answered: int
    declined: int = 0
    lines: list[int] = field(default_factory=list)
    places: list[int] = field(default_factory=list)  # of a ranking: how many chose each option at any place


def on_page(client, consultation: Consultation) -> dict[int, Figures]:
    """By question number, as the page shows them."""
    shown = client.get(f"/admin/consultations/{consultation.pk}/").content.decode()
    marks = [*re.finditer(rf'<section class="figure-question"\s+id="c{consultation.pk}-q(\d+)">', shown)]
    ends = [*(mark.start() for mark in marks), len(shown)]
    return {
        int(mark[1]): _shown(html.unescape(shown[start:end]))
        for mark, (start, end) in zip(marks, pairwise(ends), strict=True)
    }


def _shown(part: str) -> Figures:
    part = part.split("</section>")[0]
    answered, asked = re.search(r"([\d,]+) answered of ([\d,]+) asked", part).groups()
    declined = re.search(r"([\d,]+) preferred not to say", part)
    tables = [[NUMBER.findall(row) for _label, row in ROW.findall(table)] for table in part.split("</table>")]
    lines = [_int(row[0]) for row in tables[0]]
    places = [int(re.findall(r'<td class="number">(\d+)</td>', row)[-1]) for row in _grid(part)]
    return Figures(_int(asked), _int(answered), _int(declined[1]) if declined else 0, lines, places)


def _grid(part: str) -> list[str]:
    """The rows of the table of places, where there is one."""
    tables = part.split("figures--compared")
    return [row for _label, row in ROW.findall(tables[1])] if len(tables) > 1 else []


def _int(text: str) -> int:
    return int(text.replace(",", ""))


def rows_of(consultation: Consultation) -> list[dict[str, str | None]]:
    """The file by column key: "" not asked, None skipped."""
    header, *found = csv.reader(csv_files.lines(consultation, "en", Form.KEYS), strict=True)
    return [{n: None if c == SKIPPED else unguard(c) for n, c in zip(header, row, strict=True)} for row in found]


def in_file(consultation: Consultation) -> dict[int, Figures]:
    """By question number, counted from the file's columns."""
    file = rows_of(consultation)
    return {row.number: _counted(row, file) for row in consultation.questions.prefetch_related("options")}


def _counted(row, file) -> Figures:
    options = list(row.options.all())
    several = row.kind in ("multiple", "ranking")
    first = f"{row.key}.{options[0].key}" if several else row.key
    cells = [line[first] for line in file]
    figures = Figures(sum(cell != "" for cell in cells), sum(cell not in ("", None) for cell in cells))

    def column(option):
        return [line[f"{row.key}.{option.key}"] if several else line[row.key] for line in file]

    for option in options:
        n = sum(cell == ("1" if several else option.key) for cell in column(option))
        if option.role == DECLINED:
            figures.declined = n
        else:
            figures.lines.append(n)
        if row.kind == "ranking":
            figures.places.append(sum(cell not in ("", "0", None) for cell in column(option)))
    given = [cell for cell in cells if cell not in ("", None)]
    if row.kind == "number":
        found = Counter(sum(float(cell) >= edge for edge in row.bins[1:]) for cell in given)
        figures.lines = [found[place] for place in range(len(row.bins))]
    if row.kind == "date":
        figures.lines = [n for _month, n in sorted(Counter(cell[:7] for cell in given).items())]
    return figures


def in_ledger(consultation: Consultation) -> dict[int, Figures]:
    """By question number, from a recount."""
    cells = recount(consultation)

    def n(question: int, option: int) -> int:
        return cells.get(Cell(question, option), Counted(0)).n

    found = {}
    for number, question in instrument.rows(consultation).items():
        figures = found[number] = Figures(n(number, ASKED), n(number, ANSWERED))
        shown = [o for o in question.options if o.role != DECLINED]
        figures.declined = sum(n(number, o.number) for o in question.options if o.role == DECLINED)
        if question.kind == "ranking":
            figures.lines = [n(number, at_place(1, o.number)) for o in shown]
            figures.places = [sum(n(number, at_place(p, o.number)) for p in range(1, MOST_PLACES + 1)) for o in shown]
        elif question.options:
            figures.lines = [n(number, o.number) for o in shown]
        elif question.kind == "number":
            figures.lines = [n(number, FIRST_BIN + place) for place in range(len(question.bins))]
        else:  # the months of a date; words have none
            whole = [
                cell for cell in sorted(cells) if (cell.question, cell.segment) == (number, "") and cell.option > 0
            ]
            figures.lines = [cells[cell].n for cell in whole]
    return found
