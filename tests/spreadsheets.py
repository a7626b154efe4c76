"""What the tests of importing spreadsheets share: a file handed in, read as it was guessed, checked and imported."""

import csv
import io
from dataclasses import replace

from openpyxl import Workbook

from consultation.models import Format, Upload
from consultation.package.archive import zipped
from consultation.sheets import WRITERS, Table
from consultation.spreadsheets import guessing, uploads
from consultation.spreadsheets.meaning import decode
from consultation.spreadsheets.targets import targets


def as_csv(*rows, encoding="utf-8", separator=","):
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows(rows)
    return text.getvalue().encode(encoding)


def as_xlsx(*rows, **sheets):
    """As Excel writes it; beside the first sheet others by name."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for name, more in sheets.items():
        sheet = book.create_sheet(name)
        for row in more:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def as_ods(*rows):
    return b"".join(zipped(WRITERS[Format.ODS]([Table("Sheet", rows)]), as_it_is=["mimetype"], large=False))


def hand_in(user, consultation, content, name="file.csv", header=1, **how):
    """A file up to the step at which its headers are known."""
    upload = uploads.begin(user, consultation, name, io.BytesIO(content), len(content))
    read = {"sheet": upload.sheet, "encoding": upload.encoding, "separator": upload.separator} | how
    uploads.read_table(upload, header=header, **read)
    return upload


def guessed(upload):
    """What is guessed of its columns and values."""
    known = targets(upload.consultation)
    meaning = guessing.guess(upload.consultation, known, upload.headers)
    with uploads.source(upload) as source:
        cells = guessing.values_of(*source, upload.header, known, meaning)
    return guessing.schemes_of(known, meaning, cells)


def checked(upload, meaning=None, **changes):
    """Checked with what was guessed, and with changes."""
    uploads.say_what_it_means(upload, replace(meaning or guessed(upload), **changes))
    uploads.ask(upload, Upload.Task.CHECK)
    upload.refresh_from_db()
    return upload


def problems(upload):
    """What is listed as wrong: row, column, value, message, what becomes of it."""
    if not upload.problems:
        return []
    with uploads.storage().open(upload.problems) as file:
        return list(csv.reader(io.StringIO(file.read().decode(), newline="")))[1:]


def imported(upload, **how):
    uploads.ask(upload, Upload.Task.IMPORT, **how)
    upload.refresh_from_db()
    return upload


def columns(upload):
    return list(decode(upload.mapping).columns)


def answers(consultation):
    """Values and words of every response, in the ledger's order."""
    return [
        (response.answers, {f"{w.question}.{w.option}": w.text for w in response.words.all()})
        for response in consultation.responses.order_by("pk").prefetch_related("words")
    ]
