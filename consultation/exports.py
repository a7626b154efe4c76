"""Files that take too long to wait for: `tick` makes them, a page shows how far they are, and they go after a day.

They lie in a private storage (the setting STORAGES, "exports"), from which nothing is served but by a view that asks
for the right again.
"""

import datetime as dt
from dataclasses import replace
from secrets import token_urlsafe
from tempfile import TemporaryFile
from typing import Any
from urllib.parse import parse_qs

from django.core.files import File
from django.core.files.storage import Storage, storages
from django.utils import timezone

from consultation import filters, tasks
from consultation.columns import Form
from consultation.csv_files import Among, counted
from consultation.downloads import Contents, Rows
from consultation.models import Consultation, Download, Export, Format, Level, Response
from consultation.tick import Faults

# Responses from which on a spreadsheet is made beforehand: about as many as take two seconds. CSV is sent at once.
LARGE = {Download.Holds.RESPONSES: 20_000, Download.Holds.ANSWERS: 2_000}
KEPT = dt.timedelta(days=1)
NOTED = 2_000  # rows after which it is noted how far it is


def storage() -> Storage:
    """Where the files lie."""
    return storages["exports"]


def is_large(contents: Contents) -> bool:
    """Whether the file is made beforehand."""
    if contents.consultation is None or contents.format not in (Format.XLSX, Format.ODS):
        return False
    most = LARGE.get(Download.Holds(contents.holds))
    return most is not None and counted(contents.consultation, contents.among)[most : most + 1].exists()


def ask(user: Any, contents: Contents) -> Export:
    """Have a file made. Who asks again while it is not ready gets the same one."""
    if contents.consultation is None:
        raise ValueError("ideas are sent at once")
    wanted = {
        "by": user,
        "consultation": contents.consultation,
        "holds": contents.holds,
        "level": contents.level,
        "format": contents.format,
        "form": contents.form,
        "language": contents.language,
        "filtered": contents.filtered,
        "query": contents.query,
    }
    unready = Export.objects.filter(state__in=[Export.State.WAITING, Export.State.RUNNING], **wanted)
    total = counted(contents.consultation, contents.among).count()
    return unready.first() or Export.objects.create(**wanted, total=total)


def contents(export: Export) -> Contents:
    """What the file holds, as it is said; who makes it needs `among` beside."""
    return Contents(
        export.consultation,
        export.holds,
        Level(export.level),
        Format(export.format),
        export.language,
        Form(export.form),
        filtered=export.filtered,
        query=export.query,
    )


def among(export: Export) -> Among:
    """The responses that fit. A filter that can't be read any more is no reason to take all."""
    if not export.query:
        return None
    known = filters.known(export.consultation)
    parsed = filters.parse(parse_qs(export.query), known)
    if parsed.errors:
        raise ValueError("; ".join(parsed.errors))
    return Response.objects.filter(parsed.filter.condition(known))


def make_due(faults: Faults | None = None) -> int:
    """Make the files that were asked for, one after the other, and return how many were made."""
    return tasks.do_due(Export, make, faults)


def make(export: Export) -> None:
    """Make one file. Where there is no place for it just now, it is tried again each minute for a day."""
    rows, noted = Rows(), 0
    with (
        tasks.doing(export, until=export.asked_at + KEPT),
        TemporaryFile() as file,
        tasks.heard_aside(export) as note,
    ):
        parts = replace(contents(export), among=among(export)).parts(rows, large=True, again=export.attempts > 1)
        for part in parts:
            file.write(part)
            if rows.number - noted >= NOTED:
                noted = rows.number
                note(rows=noted)
        file.seek(0)
        name = storage().save(f"{token_urlsafe(24)}.{export.format}", File(file))
    done = {"state": Export.State.DONE, "file": name, "rows": rows.number, "seen_at": timezone.now()}
    if not Export.objects.filter(pk=export.pk).update(**done):  # its time had come while it was made
        storage().delete(name)


def forget() -> None:
    """Delete the files that were made more than a day ago, what never became one, and files that belong to none."""
    old = timezone.now() - KEPT
    Export.objects.filter(seen_at__lt=old).delete()
    known = set(Export.objects.values_list("file", flat=True))
    for name in _files():
        if name not in known and storage().get_modified_time(name) < old:
            storage().delete(name)


def forget_full(consultation: Consultation) -> None:
    """Delete the files with personal data of a consultation, those that are being made among them."""
    full = Export.objects.filter(consultation=consultation, level=Level.FULL)
    names = [name for name in full.values_list("file", flat=True) if name]
    full.delete()
    for name in names:
        storage().delete(name)


def _files() -> list[str]:
    try:
        return storage().listdir("")[1]
    except FileNotFoundError:  # none was ever made
        return []
