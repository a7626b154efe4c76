"""A package: a questionnaire and the responses to it, made elsewhere. Checked as a whole, then stored as a whole.

Checking and storing each go through the file of responses once, row by row, so that its size does not matter.
docs/packages.md describes the format.
"""

import datetime as dt
import uuid
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from consultation.compile import compile_leading, compile_wordings
from consultation.kinds import AREA, THEME_CHOICE
from consultation.ledger import Imported, import_responses
from consultation.models import Consultation, Response
from consultation.package import numbering, options, pictures, recording
from consultation.package import themes as themes_of
from consultation.package.blocks import Blocks
from consultation.package.blueprint import Blueprint, Period
from consultation.package.files import QUESTIONNAIRE, RECORD, RESPONSES, Unreadable, has, open_file
from consultation.package.findings import Findings, Unusable
from consultation.package.layout import layout
from consultation.package.numbering import Numbering
from consultation.package.options import Records
from consultation.package.reading import Reader
from consultation.package.record import Record
from consultation.package.record_reading import RecordReader
from consultation.package.records import records
from consultation.package.responses import ResponseReader, response_key
from consultation.package.restoring import restore
from consultation.package.values import parse
from consultation.source import Source

Progress = Callable[[int], object]
LOOKED_UP = 500  # ids at a time


@dataclass(frozen=True)
class Choices:
    """What whoever imports decides."""

    historic: bool = False  # keep and list what breaks a rule
    create_themes: bool = False
    create_areas: bool = False
    drop: tuple[str, ...] = ()  # columns to leave out


@dataclass
class Checked:
    """A package without a problem.

    themes: keys by what the package calls them, "" for one to be made; records: the same by option, see options.py.
    """

    path: Path
    choices: Choices
    blueprint: Blueprint
    themes: dict[str, str]
    records: Records = field(default_factory=dict)
    record: Record | None = None
    findings: Findings = field(default_factory=Findings)
    responses: int = 0
    first: dt.datetime = field(default_factory=timezone.now)
    last: dt.datetime | None = None
    languages: Counter[str] = field(default_factory=Counter)
    channels: Counter[str] = field(default_factory=Counter)

    @property
    def numbering(self) -> Numbering:
        """What the responses are read against."""
        if self.record is None:
            return numbering.of_blueprint(self.blueprint)
        return numbering.of_record(self.record, self.blueprint.language)

    @property
    def period(self) -> Period:
        """When it opens and closes: as the package says, else with the first response and just after the last."""
        return self.blueprint.period or Period(self.opens_at, self.closes_at)

    @property
    def images(self) -> list[str]:
        """The names of all images, in the order in which they were numbered."""
        names = {*self.blueprint.images, *(self.record.images if self.record else ())}
        return sorted(names, key=pictures.number)

    @property
    def opens_at(self) -> dt.datetime:
        """When the first response came."""
        return self.first

    @property
    def closes_at(self) -> dt.datetime:
        """Just after the last response came."""
        return (self.last or self.first) + dt.timedelta(seconds=1)

    def add(self, response: Imported) -> None:
        """Count one response."""
        self.responses += 1
        self.first = min(self.first, response.received_at)
        self.last = max(self.last or response.received_at, response.received_at)
        self.languages[response.language] += 1
        self.channels[response.channel] += 1


def check(path: Path, choices: Choices, progress: Progress = lambda n: None) -> Checked:
    """Check a package from end to end and store nothing. Raises Unusable with everything that is wrong."""
    findings = Findings()
    blueprint = _blueprint(path, findings)
    if findings.problem_count:
        raise Unusable(findings)
    record = _record(path, blueprint, findings)
    recorded = [question.theme for question in record.questions if question.theme] if record else []
    themes = themes_of.find(
        dict.fromkeys([*blueprint.themes, *recorded]), choices.create_themes, findings, blueprint.own_themes
    )
    create = {THEME_CHOICE.name: choices.create_themes, AREA.name: choices.create_areas}
    found = options.find(blueprint, create, findings)
    checked = Checked(path, choices, blueprint, themes, found, record, findings)
    _check_images(checked)
    if findings.problem_count:
        raise Unusable(findings)
    if record is not None:
        _check_fit(checked, record)
    reader = _Responses(checked, findings)
    for response in reader:
        checked.add(response)
        progress(1)
    _find_stored(blueprint, reader.seen, findings)
    if findings.problem_count:
        raise Unusable(findings)
    return checked


def store(leading: Source, blocks: Blocks, checked: Checked, progress: Progress = lambda n: None) -> Consultation:
    """Store a checked package under the source that its page gives. The caller's transaction makes it all or nothing.

    Raises Unusable where the file has changed since it was checked, IntegrityError where somebody stored the same
    responses meanwhile.
    """
    if checked.record is not None:
        restore(leading, checked.record, blocks)
    consultation = compile_leading(replace(leading, sections=blocks.sections()), blocks.keys())
    for language in checked.blueprint.languages[1:] if checked.record is None else ():
        translated = replace(leading, language=language, sections=blocks.sections(language))
        compile_wordings(translated, {leading.language: []})
    assert consultation.version is not None  # noqa: S101  compiled, so it has one  # nosec B101
    findings = Findings()
    stored = import_responses(consultation, consultation.version, _Responses(checked, findings), progress)
    if findings.problem_count or stored != checked.responses:
        findings.problem(RESPONSES, "the file has changed while it was imported. Run the command again.")
        raise Unusable(findings)
    return consultation


def image(checked: Checked, name: str) -> bytes:
    """An image's file."""
    return _content(checked.path, name)


def _content(path: Path, name: str) -> bytes:
    with open_file(path, name) as file:
        try:
            return file.read()
        except (OSError, EOFError, zipfile.BadZipFile, zlib.error) as error:
            raise Unreadable(f"can't be read to its end ({error}).") from error


def _parsed(path: Path, name: str, findings: Findings) -> Any:
    try:
        content = _content(path, name)
    except Unreadable as error:
        findings.problem(name, str(error))
        raise Unusable(findings) from error
    parsed = parse(content, name, findings)
    if findings.problem_count:
        raise Unusable(findings)
    return parsed


def _blueprint(path: Path, findings: Findings) -> Blueprint:
    return Reader(findings).blueprint(_parsed(path, QUESTIONNAIRE, findings))


def _record(path: Path, blueprint: Blueprint, findings: Findings) -> Record | None:
    """What the site that wrote the package knew beside; None where it was made by other means."""
    if not has(path, RECORD):
        return None
    record = RecordReader(findings, blueprint.language).record(_parsed(path, RECORD, findings))
    if findings.problem_count:
        raise Unusable(findings)
    return record


def _check_images(checked: Checked) -> None:
    for name in checked.images:
        if not pictures.is_gone(name):
            try:
                message = pictures.wrong(name, image(checked, name))
            except Unreadable as error:
                message = str(error)
            if message:
                checked.findings.problem(name, message)


def _check_fit(checked: Checked, record: Record) -> None:
    """Publish the questionnaire for a moment over its record: nothing may change by it, or the two do not fit."""
    now = timezone.now()
    images = {name: pictures.number(name) for name in checked.images}
    blocks = Blocks(uuid.uuid4(), checked.blueprint, checked.themes, checked.records, images, record)
    page = Source(blocks.key, checked.blueprint.language, "", now, None, "never", blocks.sections())
    with transaction.atomic():
        consultation = restore(page, record, blocks)
        before = recording.record(consultation, {}, images={})
        after = recording.record(compile_leading(page, blocks.keys()), {}, images={})
        transaction.set_rollback(True)
    for part, value in before.items():
        if value != after[part]:
            message = f"does not fit {QUESTIONNAIRE}: publishing that would change the {part}. Export the package anew."
            checked.findings.problem(RECORD, message, column=part)


class _Responses:
    """The responses of a package, read anew each time they are gone through; those with a problem are left out."""

    def __init__(self, checked: Checked, findings: Findings) -> None:
        self.checked = checked
        self.findings = findings
        self.seen: dict[str, dict[str, int]] = {}

    def __iter__(self) -> Iterator[Imported]:
        try:
            with open_file(self.checked.path, RESPONSES) as file:
                found = records(file, self.findings)
                header = next(found, None)
                if header is None:
                    self.findings.problem(RESPONSES, "is empty. It needs at least its header.")
                    return
                choices, blueprint, numbering = self.checked.choices, self.checked.blueprint, self.checked.numbering
                places = layout(header, numbering, choices.drop, self.findings)
                if places is None:
                    return
                reader = ResponseReader(places, blueprint, numbering, self.findings, historic=choices.historic)
                self.seen = reader.seen
                for record in found:
                    response = reader.read(record)
                    if response is not None:
                        yield response
        except Unreadable as error:
            self.findings.problem(RESPONSES, str(error))


def _find_stored(blueprint: Blueprint, seen: dict[str, dict[str, int]], findings: Findings) -> None:
    """Find the ids and references that the ledger has already."""
    message = "“{}” is stored already. Was this package imported before?"
    for references in _parts(list(seen.get("reference", ()))):
        stored = Response.objects.filter(reference__in=references).values_list("reference", flat=True)
        for reference in filter(None, stored):
            line = seen["reference"][reference]
            findings.problem(RESPONSES, message.format(reference), line, "column reference")
    for ids in _parts(list(seen.get("id", ()))):
        keys = {response_key(blueprint, own_id): own_id for own_id in ids}
        for key in Response.objects.filter(key__in=keys).values_list("key", flat=True):
            findings.problem(RESPONSES, message.format(keys[key]), seen["id"][keys[key]], "column id")


def _parts(values: Sequence[str]) -> Iterator[list[str]]:
    iterator = iter(values)
    while part := list(islice(iterator, LOOKED_UP)):
        yield part
