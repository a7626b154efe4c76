"""A file of responses on its way: stored, read, checked, imported as one batch, and deleted.

It lies in a private storage (the setting STORAGES, "imports"), for it is full of what people wrote: nothing serves it,
it goes as soon as its rows are in the ledger, and after some days where nothing happens to it. A long file is checked
and imported by `tick`.
"""

import datetime as dt
import hashlib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from secrets import token_urlsafe
from tempfile import NamedTemporaryFile, TemporaryFile
from typing import IO, Any, NamedTuple

from django.core.files import File
from django.core.files.storage import Storage, storages
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consultation import tasks
from consultation.ledger import import_responses
from consultation.models import Batch, Channel, Consultation, Format, KnownColumns, Upload
from consultation.spreadsheets import passing, reading
from consultation.spreadsheets.meaning import Meaning, decode, digest
from consultation.spreadsheets.reading import Row
from consultation.spreadsheets.rows import RowReader
from consultation.spreadsheets.sniffing import LARGEST, Unreadable, encoding_of, format_of, separator_of
from consultation.spreadsheets.targets import targets
from consultation.tick import Faults

LOOKED_AT = 20  # rows among which the headers are
LARGE = 2_000  # rows from which on `tick` does it: about as many as take two seconds
KEPT = dt.timedelta(days=7)
KEYS = uuid.UUID("6f0d8a52-38b7-5f0e-9c5e-2c1f2f7b8d11")  # the namespace of the keys of responses

State, Task = Upload.State, Upload.Task


class Twice(Exception):
    """The same file was imported before, and nobody said that it is to be imported again."""


class Source(NamedTuple):
    """The rows of a file as plain CSV, and how to read it."""

    file: IO[bytes]
    encoding: str
    separator: str

    @property
    def rows(self) -> Iterator[Row]:
        """Every row."""
        return reading.rows(*self)


def storage() -> Storage:
    """Where the files lie."""
    return storages["imports"]


# A file comes in


def begin(user: Any, consultation: Consultation, name: str, content: IO[bytes], size: int) -> Upload:
    """Take a file in. Raises Unreadable where it can't be one of ours."""
    if size > LARGEST:
        raise Unreadable(_("The file is larger than %(most)d MB. Cut it into several.") % {"most": LARGEST // 10**6})
    upload = Upload(consultation=consultation, by=user, operator=user.get_username(), name=name[-100:])
    upload.format = format_of(content)
    upload.sha256 = _sha256(content)
    if upload.format == Format.CSV:
        upload.encoding = encoding_of(content)
        upload.separator = separator_of(content, upload.encoding)
    else:
        upload.sheet = _sheets(content)[0]
    content.seek(0)
    upload.file = storage().save(f"{token_urlsafe(24)}.{upload.format}", File(content))
    upload.save()
    return upload


def _sha256(content: IO[bytes]) -> str:
    content.seek(0)
    found = hashlib.sha256()
    while part := content.read(1_000_000):
        found.update(part)
    return found.hexdigest()


def _sheets(content: IO[bytes]) -> list[str]:
    with _on_disk(content) as path:
        return reading.sheets(path)


@contextmanager
def _on_disk(content: IO[bytes]) -> Iterator[Path]:
    """The path of a copy: a storage need not be a folder."""
    content.seek(0)
    with NamedTemporaryFile() as copy:
        while part := content.read(1_000_000):
            copy.write(part)
        copy.flush()
        yield Path(copy.name)


def sheets(upload: Upload) -> list[str]:
    """The sheets of the file; none for a CSV."""
    if upload.format == Format.CSV:
        return []
    with storage().open(upload.file) as file:
        return _sheets(file)


def read_table(upload: Upload, *, sheet: str, encoding: str, separator: str, header: int) -> None:
    """Read the file as was said, down to its last row, and remember its headers. Raises Unreadable."""
    if upload.format != Format.CSV and (sheet != upload.sheet or not upload.table):
        old, upload.table, upload.sheet = upload.table, _converted(upload, sheet), sheet
        _delete(old)
    if upload.format == Format.CSV:
        upload.encoding, upload.separator = encoding, separator
    with source(upload) as found:
        headers = reading.headers(*found, header)
        upload.total = sum(any(cell.strip() for cell in row.cells) for row in found.rows if row.number > header)
    if not upload.total:
        raise Unreadable(_("There is no row below the headers."))
    if headers != upload.headers:
        upload.mapping = {}
    upload.header, upload.headers, upload.state = header, headers, State.OPEN
    upload.save()


def guess_header(upload: Upload) -> None:
    """Where titles stand above the headers, go down to the first row that is about as wide as the widest. Raises
    Unreadable."""
    rows = first_rows(upload, LOOKED_AT)
    filled = [sum(bool(cell.strip()) for cell in row.cells) for row in rows]
    header = next(n for n, width in enumerate(filled, 1) if width * 2 > max(filled))
    if header > 1:
        told = {"sheet": upload.sheet, "encoding": upload.encoding, "separator": upload.separator}
        read_table(upload, header=header, **told)


def _converted(upload: Upload, sheet: str) -> str:
    with TemporaryFile() as into, storage().open(upload.file) as file:
        with _on_disk(file) as path:
            reading.to_csv(path, sheet, into)
        into.seek(0)
        return storage().save(f"{token_urlsafe(24)}.csv", File(into))


@contextmanager
def source(upload: Upload) -> Iterator[Source]:
    """The rows of the file."""
    is_csv = upload.format == Format.CSV
    with storage().open(upload.file if is_csv else upload.table) as file:
        yield Source(file, upload.encoding, upload.separator) if is_csv else Source(file, "utf-8-sig", ",")


def first_rows(upload: Upload, most: int) -> list[Row]:
    """The beginning of the file, for a look at it. It may be unreadable as it is thought to be."""
    with source(upload) as found:
        return list(islice(found.rows, most))


def say_what_it_means(upload: Upload, meaning: Meaning) -> None:
    """Keep what an officer said of the columns; what was found before is no longer true."""
    upload.mapping, upload.state, upload.task = meaning.encode(), State.OPEN, ""
    upload.save()


# It is checked and imported


def imported_before(upload: Upload) -> Upload | None:
    """The same file, if it was imported into this consultation, and not undone since."""
    done = Upload.objects.filter(consultation=upload.consultation_id, sha256=upload.sha256, state=State.DONE)
    return done.filter(batch__undone_at=None).exclude(pk=upload.pk).select_related("batch").first()


def ask(upload: Upload, task: Upload.Task, *, only_good: bool = False, again: bool = False) -> bool:
    """Have the rows checked, or imported; a short file at once. False where something is being done with them already.

    Raises Twice.
    """
    if task == Task.IMPORT and not again and imported_before(upload):
        raise Twice
    ready = [State.OPEN, State.CHECKED, State.FAILED] if task == Task.CHECK else [State.CHECKED]
    asked = Upload.objects.filter(pk=upload.pk, state__in=ready).update(
        state=State.WAITING, task=task, only_good=only_good, again=again, rows=0, attempts=0, seen_at=timezone.now()
    )
    upload.refresh_from_db()
    if asked and upload.total < LARGE and (taken := tasks.take(upload)):
        work(taken)
        upload.refresh_from_db()
    return bool(asked)


def work(upload: Upload) -> None:
    """Check or import one file."""
    with tasks.doing(upload), TemporaryFile() as problems, TemporaryFile() as good:
        counts = _go_through(upload, problems, good)
        if upload.task == Task.IMPORT and counts.good and (upload.only_good or not counts.wrong):
            _store(upload, good, counts)
            upload.state = State.DONE
        else:
            upload.state = State.CHECKED
        _say(upload, counts, problems)


def _go_through(upload: Upload, problems: IO[bytes], good: IO[bytes]) -> passing.Counts:
    meaning, key = decode(upload.mapping), uuid.uuid5(KEYS, upload.file)
    known = targets(upload.consultation)
    reader = RowReader(upload.consultation, known, meaning, upload.headers, key, upload.format)
    with source(upload) as found:
        rows = (row for row in found.rows if row.number > upload.header)
        return passing.go_through(reader, rows, problems, good, lambda n: tasks.heard(upload, rows=n))


def _store(upload: Upload, good: IO[bytes], counts: passing.Counts) -> None:
    """Every good row, the batch, and that it is done: all of it or nothing."""
    meaning = decode(upload.mapping)
    with transaction.atomic():
        # Whoever imports the same file at the same time waits here, and then sees it.
        consultation = Consultation.objects.select_for_update(no_key=True).get(pk=upload.consultation_id)
        if not upload.again and imported_before(upload):
            raise Twice
        batch = Batch.objects.create(
            consultation=consultation,
            source=Batch.Source.FILE,
            name=upload.name,
            channel=Channel(meaning.channel),
            language=meaning.language,
            by=upload.by,
            operator=upload.operator,
        )
        import_responses(consultation, consultation.published, passing.stored(good), bring=batch)
        KnownColumns.objects.update_or_create(
            consultation=consultation,
            digest=digest(upload.headers),
            defaults={"mapping": meaning.without_words().encode()},
        )
        done = Upload.objects.filter(pk=upload.pk, state=State.RUNNING, batch=None)
        if not done.update(state=State.DONE, batch=batch, good=counts.good, wrong=counts.wrong):
            raise RuntimeError("somebody else imported it meanwhile")
    upload.batch = batch


def _say(upload: Upload, counts: passing.Counts, problems: IO[bytes]) -> None:
    """Keep what was found; of a file that was imported, delete what stood in it."""
    old = [upload.problems]
    upload.problems = ""
    if counts.wrong or counts.kept:
        problems.seek(0)
        upload.problems = storage().save(f"{token_urlsafe(24)}.csv", File(problems))
    upload.rows, upload.good, upload.wrong, upload.kept = counts.rows, counts.good, counts.wrong, counts.kept
    upload.total = counts.rows
    if upload.state == State.DONE:
        old += [upload.file, upload.table]
        upload.file = upload.table = ""
        upload.headers, upload.mapping = [], {}
    upload.save()
    for name in old:
        _delete(name)


def _delete(name: str) -> None:
    if name:
        storage().delete(name)


def discard(upload: Upload) -> None:
    """Forget a file that was not imported, with all that it holds."""
    gone = Upload.objects.filter(pk=upload.pk).exclude(state__in=[State.RUNNING, State.DONE]).delete()
    for name in (upload.file, upload.table, upload.problems) if gone[0] else ():
        _delete(name)


# What tick does


def work_due(faults: Faults | None = None) -> int:
    """Check and import what waits, and return how many were taken."""
    return tasks.do_due(Upload, work, faults)


def forget() -> None:
    """Delete what nothing happened to for days, old lists of errors, and files that belong to none."""
    old = timezone.now() - KEPT
    for upload in Upload.objects.filter(seen_at__lt=old).exclude(state__in=[State.RUNNING, State.DONE]):
        discard(upload)
    for upload in Upload.objects.filter(seen_at__lt=old, state=State.DONE).exclude(file="", table="", problems=""):
        for name in (upload.file, upload.table, upload.problems):
            _delete(name)
        Upload.objects.filter(pk=upload.pk).update(file="", table="", problems="", headers=[], mapping={})
    named = Upload.objects.values_list("file", "table", "problems")
    known = {name for names in named for name in names}
    for name in _files():
        if name not in known and storage().get_modified_time(name) < old:
            storage().delete(name)


def _files() -> list[str]:
    try:
        return storage().listdir("")[1]
    except FileNotFoundError:  # none was ever stored
        return []
