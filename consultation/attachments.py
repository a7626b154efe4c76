"""Files that came with letters: what they are is read from their content, and they lie where nothing serves them.

A view that asks for the right hands them out, to be saved and never to be shown in the browser. They are kept as they
came, since a letter may have to be produced as it was received.
"""

import datetime as dt
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from secrets import token_urlsafe

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import Image

from consultation.models import LetterFile
from consultation.text import clean

LARGEST = 10 * 1024 * 1024  # bytes of a file
MOST = 10  # files of a letter
MOST_PIXELS = 60_000_000
ORPHANED = dt.timedelta(days=1)  # after which a file that belongs to no letter is deleted

ODT = "application/vnd.oasis.opendocument.text"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class Refused(Exception):
    """The file is not taken; the message says why."""


@dataclass(frozen=True)
class Accepted:
    """A file that is what its name says."""

    name: str
    media_type: str
    content: bytes


def accept(name: str, content: bytes) -> Accepted:
    """Look at a file. Raises Refused."""
    name = _named(name)
    if not content:
        raise Refused(_("“%(name)s” is empty.") % {"name": name})
    if len(content) > LARGEST:
        raise Refused(_("“%(name)s” is larger than 10 MB.") % {"name": name})
    kind = KINDS.get(PurePosixPath(name).suffix.lower())
    if kind is None:
        raise Refused(_("“%(name)s” is no PDF, JPEG, PNG, DOCX, ODT or TXT file.") % {"name": name})
    media_type, is_one = kind
    if not is_one(content):
        raise Refused(_("“%(name)s” is not what its name says, or it is damaged.") % {"name": name})
    return Accepted(name, media_type, content)


def _named(name: str) -> str:
    """Without folders and what no file system takes; the ending stays."""
    plain = re.sub(r'[\\/:*?"<>|\n\t]', "_", clean(PurePosixPath(name.replace("\\", "/")).name)[0]).strip() or "file"
    suffix = PurePosixPath(plain).suffix[:10]
    return plain if len(plain) <= 150 else plain[: 150 - len(suffix)] + suffix


def _is_pdf(content: bytes) -> bool:
    return content.startswith(b"%PDF-") and b"%%EOF" in content[-2048:]


def _is_image(format: str) -> Callable[[bytes], bool]:
    def is_one(content: bytes) -> bool:
        try:
            with Image.open(BytesIO(content), formats=[format]) as image:
                is_small = image.width * image.height <= MOST_PIXELS
                image.verify()
                return is_small
        except Exception:  # whatever a damaged file makes of Pillow
            return False

    return is_one


def _is_archive(fits: Callable[[zipfile.ZipFile, set[str]], bool]) -> Callable[[bytes], bool]:
    """A ZIP from its first byte on, without macros; nothing of it is unpacked but what names its kind."""

    def is_one(content: bytes) -> bool:
        try:
            with zipfile.ZipFile(BytesIO(content)) as archive:
                names = set(archive.namelist())
                has_macros = any("vbaproject" in name.lower() or name.startswith("Basic/") for name in names)
                return content.startswith(b"PK\x03\x04") and not has_macros and fits(archive, names)
        except (zipfile.BadZipFile, OSError, RuntimeError, ValueError, NotImplementedError, EOFError):
            return False

    return is_one


def _is_odt(archive: zipfile.ZipFile, names: set[str]) -> bool:
    if not {"mimetype", "content.xml"} <= names:
        return False
    with archive.open("mimetype") as file:
        return file.read(len(ODT) + 1) == ODT.encode()


def _is_docx(archive: zipfile.ZipFile, names: set[str]) -> bool:
    return {"[Content_Types].xml", "word/document.xml"} <= names


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("cp1252")
        except UnicodeDecodeError:
            return False
    return not re.search(r"[\x00-\x08\x0e-\x1f]", text)


KINDS: Mapping[str, tuple[str, Callable[[bytes], bool]]] = {
    ".pdf": ("application/pdf", _is_pdf),
    ".jpg": ("image/jpeg", _is_image("JPEG")),
    ".jpeg": ("image/jpeg", _is_image("JPEG")),
    ".png": ("image/png", _is_image("PNG")),
    ".docx": (DOCX, _is_archive(_is_docx)),
    ".odt": (ODT, _is_archive(_is_odt)),
    ".txt": ("text/plain", _is_text),
}


def storage() -> Storage:
    """Where they lie, under names that say nothing."""
    return storages["letters"]


def keep(letter: int, files: Iterable[Accepted]) -> None:
    """Keep a letter's files. A transaction that fails leaves some that belong to nobody: see forget."""
    LetterFile.objects.bulk_create(
        LetterFile(
            letter_id=letter,
            file=storage().save(token_urlsafe(24), ContentFile(file.content)),
            name=file.name,
            media_type=file.media_type,
            size=len(file.content),
        )
        for file in files
    )


def discard(found: Iterable[LetterFile]) -> None:
    """Delete files and what is known of them; the files once the transaction has committed."""
    rows = list(found)
    LetterFile.objects.filter(pk__in=[row.pk for row in rows]).delete()
    for row in rows:
        transaction.on_commit(lambda name=row.file: storage().delete(name), robust=True)  # type: ignore[misc]


def forget() -> None:
    """Delete what belongs to no letter: left over where a server stopped between the two."""
    try:
        names = storage().listdir("")[1]
    except FileNotFoundError:  # none ever came
        return
    known = set(LetterFile.objects.values_list("file", flat=True))
    for name in names:
        if name not in known and storage().get_modified_time(name) < timezone.now() - ORPHANED:
            storage().delete(name)
