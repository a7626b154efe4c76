"""What people answered, cell for cell, from every side: the ledger, each of the officers' files, LibreOffice.

Each side is read by itself into the same form: by reference and column, "" where somebody was not asked, None where
they skipped it, and codes as a set. The ledger is read from its rows here, and not as the files are made.
"""

import csv
import io
import subprocess
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from consultation.models import CodedText, Consultation, Question, Response

FIXED = ("reference", "received_at", "language", "channel", "version")
LETTER = {0: "letter", 1: "letter.from", 2: "letter.subject"}
SEVERAL = ("multiple",)
WRITTEN = ("short_text", "long_text", "number")

Cell = str | None | frozenset[str]
Side = dict[str, dict[str, Cell]]  # by reference and column key
Rows = list[list[str]]


class Asked:
    """The questions of a consultation as its tables have them, and what they are called."""

    def __init__(self, consultation: Consultation) -> None:
        self.questions = list(Question.objects.filter(consultation=consultation).order_by("number"))
        self.options = {q.number: list(q.options.order_by("number")) for q in self.questions}
        self.worded = dict(consultation.wordings.filter(language="en").values_list("item", "text"))
        self.coded = {row.question: row.frame for row in consultation.coded_questions.select_related("frame")}

    def label(self, question: int, option: int) -> str:
        return self.worded[f"q{question}/{option}"]

    def title(self, question: Question) -> str:
        return f"{question.number}. {self.worded[f'q{question.number}']}"

    def columns(self) -> dict[str, str]:
        """The key of every column of answers by its header in words."""
        found = {}
        for question in self.questions:
            title, options = self.title(question), self.options[question.number]
            if question.kind in SEVERAL:
                found |= {
                    f"{title} – {self.label(question.number, o.number)}": f"{question.key}.{o.key}" for o in options
                }
            else:
                found[title] = question.key
            for o in options:
                if o.role == "other":
                    beside = f"{title} – {self.label(question.number, o.number)} (in words)"
                    found[beside] = f"{question.key}.{o.key}.text"
            if question.number in self.coded:
                found[f"{title} – codes"] = f"{question.key}.text.codes"
        found |= {"Letter": "letter", "Letter – subject": "letter.subject", "Letter – who it is from": "letter.from"}
        return found | {"Signatures": "signatures"}


def in_ledger(consultation: Consultation) -> Side:
    """From the rows of the ledger."""
    asked, found = Asked(consultation), {}
    responses = Response.objects.filter(consultation=consultation, state="counted").select_related("version", "letter")
    codes: dict[tuple[int, int], set[str]] = {}
    for text in CodedText.objects.filter(response__consultation=consultation).prefetch_related("codes__code"):
        codes.setdefault((text.response_id, text.question), set()).update(row.code.key for row in text.codes.all())
    for response in responses.prefetch_related("words"):
        words = {(w.question, w.option): w.text for w in response.words.all()}
        cells: dict[str, Cell] = {
            "received_at": response.received_at.isoformat(timespec="seconds"),
            "language": response.language,
            "channel": response.channel,
            "version": str(response.version.number) if response.version else "",
        }
        for question in asked.questions:
            cells |= _answered(question, asked.options[question.number], response.answers, words)
            if question.number in asked.coded:
                own = codes.get((response.pk, question.number))
                cells[f"{question.key}.text.codes"] = frozenset(own or ()) if own is not None else ""
        letter = getattr(response, "letter", None)
        cells |= {name: words.get((0, part), "") for part, name in LETTER.items()}
        cells["signatures"] = str(letter.signatures) if letter and letter.signatures else ""
        found[response.reference] = cells
    return found


def _answered(
    question: Question, options: Sequence[object], answers: Mapping[str, object], words: Mapping[tuple[int, int], str]
) -> dict[str, Cell]:
    number, key = question.number, question.key
    there, value = str(number) in answers, answers.get(str(number))
    keys = {option.number: option.key for option in options}  # type: ignore[attr-defined]
    cells: dict[str, Cell] = {}
    if question.kind in SEVERAL:
        for option, name in keys.items():
            cells[f"{key}.{name}"] = "" if not there else None if value is None else str(int(option in value))  # type: ignore[operator]
    elif not there or value is None:
        cells[key] = None if there else ""
    elif value is True:
        cells[key] = words[number, 0]
    else:
        cells[key] = keys[value] if question.kind not in WRITTEN else str(value)  # type: ignore[index]
    for option in options:
        if option.role == "other":  # type: ignore[attr-defined]
            cells[f"{key}.{option.key}.text"] = words.get((number, option.number), "")  # type: ignore[attr-defined]
    return cells


# The files


def of_csv(content: bytes) -> Rows:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))


def of_spreadsheet(content: bytes, sheet: int = 0) -> Rows:
    """As python-calamine reads Excel's format and OpenDocument."""
    rows = (
        CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(sheet).to_python(skip_empty_area=False)
    )
    return [[_plain(cell) for cell in row] for row in rows]


def _plain(cell: object) -> str:
    """A number as the other files write it."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def by_libreoffice(soffice: str, folder: Path, files: Mapping[str, bytes]) -> dict[str, Rows]:
    """The first sheet of each file as LibreOffice reads it: text as it is, no formula worked out."""
    for name, content in files.items():
        (folder / name).write_bytes(content)
    _convert(soffice, folder, "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false", files)
    return {name: of_csv((folder / "out" / f"{Path(name).stem}.csv").read_bytes()) for name in files}


def formulas(soffice: str, folder: Path, files: Mapping[str, bytes]) -> list[str]:
    """What LibreOffice takes for a formula, in any sheet of any file that is opened as somebody opens it."""
    for name, content in files.items():
        (folder / name).write_bytes(content)
    _convert(soffice, folder, "xlsx", files)
    return [
        f"{name}: {cell.value}"
        for name in files
        for sheet in load_workbook(folder / "out" / f"{Path(name).stem}.xlsx").worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]


def _convert(soffice: str, folder: Path, to: str, files: Iterable[str]) -> None:
    profile = (folder / "profile").as_uri()
    command = [soffice, "--headless", f"-env:UserInstallation={profile}", "--convert-to", to, "--outdir", "out"]
    subprocess.run([*command, *files], cwd=folder, check=True, capture_output=True, timeout=240)


def of_zip(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return package.read(name)


def wide(rows: Rows) -> Side:
    """A file under keys with a row for each response."""
    header, *lines = rows
    found = {}
    for line in lines:
        cells = dict(zip(map(_unguarded, header), line, strict=True))
        reference = _unguarded(cells.pop("reference"))
        found[reference] = {name: _read(name, cell) for name, cell in cells.items()}
    return found


def in_words(rows: Rows, asked: Asked) -> Side:
    """A file in words with a row for each response, its headers and values led back to keys."""
    header, *lines = rows
    columns = {name: name for name in FIXED} | asked.columns()
    keys = [columns[_unguarded(name)] for name in header]
    values, found = _values(asked), {}
    for line in lines:
        cells = dict(zip(keys, line, strict=True))
        reference = _unguarded(cells.pop("reference"))
        found[reference] = {name: _key(values.get(name, {}), _read(name, cell)) for name, cell in cells.items()}
    return found


def _key(values: Mapping[str, str], cell: Cell) -> Cell:
    if isinstance(cell, frozenset):
        return frozenset(values.get(name, name) for name in cell)
    return None if cell is None else values.get(cell, cell)


def _values(asked: Asked) -> dict[str, dict[str, str]]:
    """What each value in words is as a key, by column."""
    found: dict[str, dict[str, str]] = {}
    for question in asked.questions:
        options = asked.options[question.number]
        if question.kind in SEVERAL:
            found |= {f"{question.key}.{o.key}": {"Yes": "1", "No": "0"} for o in options}
        elif options:
            found[question.key] = {asked.label(question.number, o.number): o.key for o in options}
        if frame := asked.coded.get(question.number):
            found[f"{question.key}.text.codes"] = {code.name: code.key for code in frame.codes.all()}
    return found


def _read(name: str, cell: str) -> Cell:
    if name.endswith(".text.codes"):
        return frozenset() if cell == "(none)" else frozenset(cell.split("; ")) if cell else ""
    return None if cell == "(skipped)" else _unguarded(cell)


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") else cell


def long(rows: Rows, asked: Asked, references: Iterable[str]) -> Side:
    """A file with a row for each answer, put together again; what has no row was not asked."""
    header, *lines = rows
    found = {reference: _nothing(asked) for reference in references}
    by_key = {question.key: question for question in asked.questions}
    for line in lines:
        row = dict(zip(header, line, strict=True))
        cells = found[_unguarded(row["reference"])]
        question, option, value = _unguarded(row["question"]), _unguarded(row["option"]), row["value"]
        words = _unguarded(row["words"])
        if question == "letter" or question == "signatures":
            cells[f"{question}.{option}" if option else question] = words or value
        elif option.startswith(("code:", ":codes")):
            before = cells[f"{question}.text.codes"] or frozenset()
            assert isinstance(before, frozenset)
            cells[f"{question}.text.codes"] = before | ({option.removeprefix("code:")} if option != ":codes" else set())
        else:
            _take(cells, by_key[question], asked, option, value, words)
    return found


def _take(cells: dict[str, Cell], question: Question, asked: Asked, option: str, value: str, words: str) -> None:
    key, options = question.key, asked.options[question.number]
    columns = [f"{key}.{o.key}" for o in options] if question.kind in SEVERAL else [key]
    if value == "(skipped)":
        cells |= dict.fromkeys(columns)
    elif question.kind in SEVERAL:
        cells |= {name: cells[name] or "0" for name in columns} | {f"{key}.{option}": "1"}
    else:
        cells[key] = option or _unguarded(value) or words
    if option and words:
        cells[f"{key}.{option}.text"] = words


def _nothing(asked: Asked) -> dict[str, Cell]:
    return dict.fromkeys(asked.columns().values(), "")


def differences(truth: Side, side: Side) -> list[str]:
    """Every cell that one has otherwise than the other; a column that one lacks is missing in each row."""
    found = [f"{reference} is on one side alone" for reference in truth.keys() ^ side.keys()]
    for reference in truth.keys() & side.keys():
        one, other = truth[reference], side[reference]
        for name in sorted(one.keys() | other.keys()):
            if one.get(name, "no such column") != other.get(name, "no such column"):
                found.append(f"{reference} {name}: {one.get(name, '?')!r} is {other.get(name, '?')!r}")
    return found


def without(side: Side, *columns: str) -> Side:
    return {reference: {n: c for n, c in cells.items() if n not in columns} for reference, cells in side.items()}


# The figures


def counted(side: Side, asked: Asked) -> dict[int, dict[str, int]]:
    """How many were asked and answered, and how many chose each option or gave a number of each group."""
    found = {}
    for question in asked.questions:
        options = asked.options[question.number]
        first = f"{question.key}.{options[0].key}" if question.kind in SEVERAL else question.key
        cells = [cells[first] for cells in side.values()]
        figures = {"asked": sum(c != "" for c in cells), "answered": sum(c not in ("", None) for c in cells)}
        for option in options:
            name, value = (f"{question.key}.{option.key}", "1") if question.kind in SEVERAL else (first, option.key)
            label = asked.label(question.number, option.number)
            figures[label] = sum(cells[name] == value for cells in side.values())
        found[question.number] = figures
    return found


def numbers(side: Side, question: Question) -> Counter[int]:
    """How many gave a number of each group; what is no number is in none."""
    given = [number for cells in side.values() if (number := _number(cells[question.key])) is not None]
    return Counter(sum(number >= edge for edge in question.bins[1:]) for number in given)


def _number(cell: Cell) -> float | None:
    try:
        return float(cell)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
