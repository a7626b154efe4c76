"""What officers can take away, and the log of it: who, what and when is stored before the first byte goes out, and how
it ended after the last.
"""

import datetime as dt
import hashlib
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.text import slugify
from wagtail.log_actions import log
from wagtail.models import Page, PageLogEntry

from consultation import csv_files, csv_ideas, open_data, replica, tables
from consultation.columns import Form
from consultation.csv_files import Among
from consultation.models import Consultation, Download, DownloadEnd, Format, Level
from consultation.package import exporting
from consultation.package.archive import zipped
from consultation.package.files import RESPONSES
from consultation.sheets import MEDIA_TYPES, WRITERS, Table

DOWNLOAD = "consultation.download"  # an action of the audit log
TYPES = {Format.CSV: "text/csv; charset=utf-8", Format.ZIP: "application/zip", **MEDIA_TYPES}

Parts = Generator[bytes, None, None]


class Rows:
    """Counts the rows of a file while it passes, its header left out."""

    def __init__(self) -> None:
        self._found = -1

    @property
    def number(self) -> int:
        """How many passed so far."""
        return max(self._found, 0)

    def are(self, number: int) -> None:
        """Take the number from where it is known already."""
        self._found = number

    def forget(self) -> None:
        """Begin anew."""
        self._found = -1

    def of_csv(self, parts: Iterator[bytes]) -> Parts:
        """Hand on the parts of a CSV, each of which ends with a row."""
        for part in parts:
            self._found += _ends(part)
            yield part

    def of_table(self, rows: Iterable[Sequence[str]]) -> Iterator[Sequence[str]]:
        """Hand on the rows of a table."""
        for row in rows:
            self._found += 1
            yield row


def _ends(part: bytes) -> int:
    """How many rows end here: what stands in quotation marks is part of a cell."""
    outside = part.split(b'"')[::2] if b'"' in part else [part]
    return sum(text.count(b"\r\n") for text in outside)


@dataclass(frozen=True)
class Contents:
    """What a file is to hold, and how."""

    consultation: Consultation | None  # None: ideas, which belong to none
    holds: str
    level: Level
    format: Format
    language: str = ""
    form: Form = Form.LABELS
    bom: bool = False
    among: Among = None
    filtered: str = ""  # the condition in words
    query: str = ""  # and as an address has it

    @property
    def media_type(self) -> str:
        """As a browser is told it."""
        return TYPES[self.format]

    @property
    def name(self) -> str:
        """The beginning of the file's name."""
        own = f"consultation-{self.consultation.pk}-" if self.consultation else ""
        level = f"-{self.level}" if self.holds in tables.ROWS else ""
        filtered = f"-{slugify(self.filtered)[:80]}" if self.filtered else ""
        return f"{own}{self.holds}{level}{filtered}"

    def parts(self, rows: Rows, *, large: bool = False, again: bool = False) -> Parts:
        """The file, made while it is read, in its language.

        large: a file in it may pass 2 GB. again: something failed before, maybe the replica.
        """

        def make() -> Parts:
            parts = self._parts(rows, large)
            return _spoken(parts, self.language) if self.language else parts

        if again or self.holds == Download.Holds.FIGURES:  # what everybody sees already is read where they see it
            return make()
        return replica.streamed(make, rows.forget)

    def _parts(self, rows: Rows, large: bool) -> Parts:
        if self.consultation is None:
            return rows.of_csv(csv_files.chunks(csv_ideas.lines(self.level, bom=self.bom)))
        if self.holds == Download.Holds.PACKAGE:
            return zipped(_counted(exporting.files(self.consultation), RESPONSES, rows))
        if self.format == Format.ZIP:
            return zipped(_counted(open_data.files(self.consultation, self.language), open_data.FIGURES, rows))
        if self.format == Format.CSV:
            write = tables.ROWS[self.holds]
            told = self.consultation, self.language, self.form, self.level
            return rows.of_csv(write(*told, among=self.among, bom=self.bom))
        files = WRITERS[self.format](self._tables(self.consultation, rows))
        return zipped(files, as_it_is=["mimetype"], large=large and self.format == Format.ODS)

    def _tables(self, consultation: Consultation, rows: Rows) -> Iterator[Table]:
        """Only the first one's rows count."""
        if self.holds == Download.Holds.FIGURES:
            found = open_data.tables(consultation, self.language)
        else:
            told = consultation, self.language, self.form, self.level
            found = tables.of_responses(*told, rows=self.holds, among=self.among)
        first = next(found)
        yield replace(first, rows=rows.of_table(first.rows))
        yield from found


def _spoken(parts: Parts, language: str) -> Parts:
    """Let each part be made in a language, and whoever takes it be in their own."""
    with closing(parts):
        while True:
            with translation.override(language):
                part = next(parts, None)
            if part is None:
                return
            yield part


def _counted(
    files: Iterable[tuple[str, Iterator[bytes]]], name: str, rows: Rows
) -> Iterator[tuple[str, Iterator[bytes]]]:
    return ((own, rows.of_csv(parts) if own == name else parts) for own, parts in files)


def logged(user: Any, contents: Contents, parts: Parts, rows: Rows) -> Parts:
    """Hand a file on and log it. Closed before its end, it was broken off, and the log says so.

    Nothing goes out before the log has it: where that can't be written, there is no download.
    """
    download = Download.objects.create(
        by=user,
        name=user.get_username(),
        consultation=contents.consultation,
        holds=contents.holds,
        level=contents.level,
        format=contents.format,
        language=contents.language,
        filtered=contents.filtered,
    )
    digest, complete = hashlib.sha256(), False
    try:
        with closing(parts):
            for part in parts:
                digest.update(part)
                yield part
        complete = True
    finally:
        whole = digest.hexdigest() if complete else ""
        end = DownloadEnd.objects.create(download=download, complete=complete, rows=rows.number, sha256=whole)
        _tell_history(user, download, end)


def forget(before: dt.datetime) -> None:
    """Delete what was logged before an instant: the one way in which a row of the log goes, see retention.py."""
    old: QuerySet[Download] = QuerySet(Download).filter(begun_at__lt=before)  # that of the model refuses
    with transaction.atomic():
        DownloadEnd.objects.filter(download__in=old).delete()
        old.delete()
        PageLogEntry.objects.filter(action=DOWNLOAD, timestamp__lt=before).delete()


def _tell_history(user: Any, download: Download, end: DownloadEnd) -> None:
    """Say it in the history of the consultation's leading page, too."""
    consultation = download.consultation
    if consultation is None:
        return
    pages = Page.objects.filter(translation_key=consultation.key, locale__language_code=consultation.language)
    page = pages.filter(alias_of__isnull=True).first()
    if page is not None:
        said = {"what": download.holds, "level": download.level, "format": download.format}
        log(page, DOWNLOAD, user=user, data={**said, "rows": end.rows, "complete": end.complete})
