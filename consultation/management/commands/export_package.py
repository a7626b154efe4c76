"""manage.py export_package"""

import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from consultation.models import Consultation
from consultation.package.archive import zipped
from consultation.package.exporting import files


class Command(BaseCommand):
    """Write a consultation as a package."""

    help = "Write a consultation with its responses as a package, which import_package reads. See docs/packages.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which consultation, and where to."""
        parser.add_argument("consultation", type=int, help="its number; export_responses without one lists them")
        parser.add_argument("path", type=Path, help="a new file that ends in .zip, or a folder that is empty or new")

    def handle(self, *args: Any, consultation: int, path: Path, **options: Any) -> None:
        """Write it, or say what stands against it."""
        try:
            chosen = Consultation.objects.get(pk=consultation)
        except Consultation.DoesNotExist:
            raise CommandError(f"There is no consultation {consultation}.") from None
        if chosen.version_id is None:
            raise CommandError(f"Consultation {consultation} was never published, so there is nothing to export.")
        try:
            with closing(files(chosen)) as made:
                size = _to_zip(path, made) if path.suffix == ".zip" else _to_folder(path, made)
        except OSError as error:
            raise CommandError(f"{path} can't be written: {error.strerror or error}.") from None
        self.stdout.write(f"{path}: {size:,} bytes.")


def _to_zip(path: Path, made: Iterator[tuple[str, Iterator[bytes]]]) -> int:
    with path.open("xb") as file, _progress() as bar:
        try:
            return _write(zipped(made), file, bar)
        except BaseException:
            path.unlink()
            raise


def _to_folder(path: Path, made: Iterator[tuple[str, Iterator[bytes]]]) -> int:
    path.mkdir(exist_ok=True)
    if any(path.iterdir()):
        raise CommandError(f"{path} is not empty; nothing was written.")
    size = 0
    with _progress() as bar:
        for name, parts in made:
            (path / name).parent.mkdir(exist_ok=True)
            with (path / name).open("xb") as file:
                size += _write(parts, file, bar)
    return size


def _write(parts: Iterable[bytes], file: Any, bar: "tqdm[Any]") -> int:
    size = 0
    for part in parts:
        size += file.write(part)
        bar.update(len(part))
    return size


def _progress() -> "tqdm[Any]":
    return tqdm(unit="B", unit_scale=True, disable=not sys.stderr.isatty())
