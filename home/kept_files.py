"""The files that belong in a backup, wherever they are kept: out into a folder, and back."""

import hashlib
import logging
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.files.storage import storages

log = logging.getLogger(__name__)

# Downloads that were prepared are made again, and static files come with the release.
KEPT = {"default": "media", "letters": "letters", "imports": "imports"}


class NotEmpty(Exception):
    """There are files already, where a backup was to be restored; the message names one."""


def save(target: Path) -> Iterator[tuple[str, str]]:
    """Copy every file into a new folder; give the digest of what was read, and its name there.

    One that was deleted since its name was read is left out, and the log says so.
    """
    for storage, folder in KEPT.items():
        for name in names(storages[storage]):
            path = target / folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                opened = storages[storage].open(name)
            except FileNotFoundError:
                log.warning("%s/%s was deleted before it was copied", folder, name)
                continue
            with opened as source, path.open("xb") as copy:
                shutil.copyfileobj(source, copy)
                source.seek(0)
                yield hashlib.file_digest(source, "sha256").hexdigest(), f"{folder}/{name}"


def bring_back(source: Path) -> int:
    """Put every file of such a folder where the site looks for it, and return how many. Raises NotEmpty."""
    for storage in KEPT:
        for name in names(storages[storage]):
            raise NotEmpty(f"{storage}: {name}")
    n = 0
    for storage, folder in KEPT.items():
        for path in sorted(p for p in (source / folder).rglob("*") if p.is_file()):
            name = path.relative_to(source / folder).as_posix()
            with path.open("rb") as file:
                stored = storages[storage].save(name, File(file))
            if stored != name:
                raise NotEmpty(f"{storage}: {name} became {stored}")
            n += 1
    return n


def names(storage: Any, folder: str = "") -> Iterator[str]:
    """Every file of a storage, in the order of their names."""
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in sorted(files):
        yield f"{folder}/{name}" if folder else name
    for name in sorted(folders):
        yield from names(storage, f"{folder}/{name}" if folder else name)
