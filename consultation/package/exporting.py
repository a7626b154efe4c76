"""Write a package: every file of one instant, one after the other, never more of it in memory than a batch of rows.

PostgreSQL's COPY (csv_copy) is twice as fast and has a connection, hence a snapshot, of its own. A package is
downloaded seldom and has to fit together, so all its files are read by one connection, on either database.
"""

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass

from consultation import codebook, csv_files, csv_long, csv_metadata
from consultation.columns import Form
from consultation.models import Consultation, Level
from consultation.package import describing, pictures, recording, themes
from consultation.package.files import QUESTIONNAIRE, RECORD, RESPONSES
from consultation.snapshot import snapshot


@dataclass(frozen=True)
class PackageFile:
    """One file: its name in the package, and its bytes in parts, read inside the snapshot."""

    name: str
    parts: Callable[[Consultation], Iterator[bytes]]


def _questionnaire(consultation: Consultation) -> Iterator[bytes]:
    return describing.write(describing.questionnaire(consultation))


def _responses(consultation: Consultation) -> Iterator[bytes]:
    return csv_files.chunks(csv_files.lines(consultation, consultation.language, Form.KEYS, Level.FULL))


def _answers(consultation: Consultation) -> Iterator[bytes]:
    return csv_long.responses(consultation, consultation.language, Form.KEYS, Level.FULL)


def _codebook(consultation: Consultation) -> Iterator[bytes]:
    return csv_files.chunks(csv_files.write(codebook.rows(consultation, consultation.language)))


def _wordings(consultation: Consultation) -> Iterator[bytes]:
    return csv_files.chunks(csv_files.write(codebook.wordings(consultation)))


def _metadata(consultation: Consultation) -> Iterator[bytes]:
    return describing.write(csv_metadata.metadata(consultation))


def _record(consultation: Consultation) -> Iterator[bytes]:
    return describing.write(recording.record(consultation, themes.names(themes.of(consultation))))


# In this order, which is part of a package's bytes. A further file is a line here.
FILES = (
    PackageFile(QUESTIONNAIRE, _questionnaire),
    PackageFile(RESPONSES, _responses),
    PackageFile(RECORD, _record),
    PackageFile(csv_metadata.ANSWERS, _answers),
    PackageFile(csv_metadata.CODEBOOK, _codebook),
    PackageFile(csv_metadata.WORDINGS, _wordings),
    PackageFile("csv-metadata.json", _metadata),
)


def files(consultation: Consultation) -> Generator[tuple[str, Iterator[bytes]], None, None]:
    """The files by name. Each is to be read to its end before the next one is asked for."""
    with snapshot():
        seen = Consultation.objects.select_related("version").get(pk=consultation.pk)
        for file in FILES:
            yield file.name, file.parts(seen)
        for pk, name in pictures.named(seen).items():
            if not pictures.is_gone(name):
                yield name, pictures.read(pk)
