"""The files of a package, from a folder or straight out of a .zip. Nothing is ever unpacked to the disk."""

import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

QUESTIONNAIRE = "questionnaire.json"
RESPONSES = "responses.csv"
RECORD = "record.json"
# Bytes once unpacked. A .zip that says less than it holds is cut there by zipfile, which then finds its checksum wrong.
LIMITS = {QUESTIONNAIRE: 5_000_000, RESPONSES: 1_000_000_000, RECORD: 50_000_000}
IMAGE_LIMIT = 50_000_000  # the library has its own, which is lower
ENTRIES = 1_000  # in a .zip
READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class Unreadable(Exception):
    """The file is not there or can't be read; the message says what to do."""


@contextmanager
def open_file(path: Path, name: str) -> Iterator[IO[bytes]]:
    """Open one of the package's files for reading. Raises Unreadable, also while it is read."""
    with ExitStack() as stack:
        try:
            opened = _in_folder(path / name) if path.is_dir() else _in_zip(stack.enter_context(_zip(path)), name)
        except OSError as error:
            raise Unreadable(f"can't be opened ({error.strerror or error}).") from error
        yield stack.enter_context(opened)


def has(path: Path, name: str) -> bool:
    """Whether the package has a file that it can do without."""
    if path.is_dir():
        return (path / name).is_file()
    with _zip(path) as archive:
        return any(_is_at_top(PurePosixPath(entry.filename), name) for entry in archive.infolist())


def size(path: Path, name: str) -> int:
    """How many bytes the file has."""
    if path.is_dir():
        return (path / name).stat().st_size
    with _zip(path) as archive:
        return _entry(archive, name).file_size


def _in_folder(file: Path) -> IO[bytes]:
    if not file.is_file():
        raise Unreadable("is missing. A package is a folder or .zip with questionnaire.json and responses.csv.")
    _check_size(file.stat().st_size, LIMITS.get(file.name, IMAGE_LIMIT))
    return file.open("rb")


def _zip(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise Unreadable(f"{path.name} is neither a folder nor a .zip.") from error


def _in_zip(archive: zipfile.ZipFile, name: str) -> IO[bytes]:
    entry = _entry(archive, name)
    _check_size(entry.file_size, LIMITS.get(name, IMAGE_LIMIT))
    if entry.flag_bits & 1 or entry.compress_type not in READABLE:
        raise Unreadable("is encrypted or packed in an unusual way. Make the .zip again with ordinary compression.")
    return archive.open(entry)


def _entry(archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
    """The file at the top of the .zip, or in the one folder that it holds."""
    if len(archive.infolist()) > ENTRIES:
        raise Unreadable(f"the .zip holds more than {ENTRIES:,} files. It should hold the package's alone.")
    found = [entry for entry in archive.infolist() if _is_at_top(PurePosixPath(entry.filename), name)]
    if len(found) != 1:
        many = "is there more than once" if found else "is missing"
        raise Unreadable(f"{many}. The .zip holds questionnaire.json and responses.csv, at the top or in one folder.")
    return found[0]


def _is_at_top(entry: PurePosixPath, name: str) -> bool:
    wanted = PurePosixPath(name).parts
    above = entry.parts[: -len(wanted)]
    return entry.parts[-len(wanted) :] == wanted and len(above) <= 1 and above not in (("..",), ("/",), ("__MACOSX",))


def _check_size(found: int, limit: int) -> None:
    if found > limit:
        raise Unreadable(f"has {found:,} bytes, and {limit:,} is the most that is read. Split it.")
