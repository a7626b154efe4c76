"""Files as a .zip that is handed on while it is made, and is the same bytes for the same files."""

import zipfile
from collections.abc import Collection, Generator, Iterable
from typing import IO, cast

EARLIEST = (1980, 1, 1, 0, 0, 0)  # that a .zip can say: the time of making would be in the bytes
UNIX, PERMISSIONS = 3, 0o644 << 16


class _Pipe:
    """A file that can't seek, for zipfile, and hands over what was written to it."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def write(self, part: bytes, /) -> int:
        self.parts.append(bytes(part))
        return len(part)

    def flush(self) -> None:
        """zipfile asks for it."""

    def taken(self) -> bytes:
        written, self.parts = b"".join(self.parts), []
        return written


def zipped(
    files: Iterable[tuple[str, Iterable[bytes]]], *, as_it_is: Collection[str] = (), large: bool = True
) -> Generator[bytes, None, None]:
    """The .zip in parts. One that was broken off lacks its directory, so nobody takes it for whole.

    as_it_is: the files that are not compressed. large: whether one of them may pass 2 GB, which has to be said
    beforehand, and not every program reads a .zip that says so.
    """
    pipe = _Pipe()
    with zipfile.ZipFile(cast(IO[bytes], pipe), "w") as archive:
        for name, parts in files:
            entry = zipfile.ZipInfo(name, EARLIEST)
            entry.compress_type = zipfile.ZIP_STORED if name in as_it_is else zipfile.ZIP_DEFLATED
            entry.create_system, entry.external_attr = UNIX, PERMISSIONS
            with archive.open(entry, "w", force_zip64=large) as file:
                for part in parts:
                    file.write(part)
                    if written := pipe.taken():
                        yield written
    yield pipe.taken()
