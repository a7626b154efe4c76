"""A package: a questionnaire and the responses to it, made elsewhere. Checked as a whole, then stored as a whole.

Checking and storing each go through the file of responses once, row by row, so that its size does not matter.
docs/packages.md describes the format.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from django.utils import timezone

from consultation import source
from consultation.compile import compile_leading, compile_wordings
from consultation.ledger import Imported, import_responses
from consultation.models import Consultation, Response
from consultation.package import themes as themes_of
from consultation.package.blocks import Blocks
from consultation.package.blueprint import Blueprint
from consultation.package.files import QUESTIONNAIRE, RESPONSES, Unreadable, open_file
from consultation.package.findings import Findings, Unusable
from consultation.package.layout import layout
from consultation.package.reading import Reader, parse
from consultation.package.records import records
from consultation.package.responses import ResponseReader, response_key
from consultation.source import Source

Progress = Callable[[int], object]
LOOKED_UP = 500  # ids at a time


@dataclass(frozen=True)
class Choices:
    """What whoever imports decides."""

    historic: bool = False  # keep and list what breaks a rule
    create_themes: bool = False
    drop: tuple[str, ...] = ()  # columns to leave out


@dataclass
class Checked:
    """A package without a problem. themes: keys by what the package calls them, "" for one to be made."""

    path: Path
    choices: Choices
    blueprint: Blueprint
    themes: dict[str, str]
    findings: Findings = field(default_factory=Findings)
    responses: int = 0
    first: dt.datetime = field(default_factory=timezone.now)
    last: dt.datetime | None = None
    languages: Counter[str] = field(default_factory=Counter)
    channels: Counter[str] = field(default_factory=Counter)

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
    themes = themes_of.find(blueprint.themes, choices.create_themes, findings)
    checked = Checked(path, choices, blueprint, themes, findings)
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
    consultation = compile_leading(leading, blocks.keys())
    for language in checked.blueprint.languages[1:]:
        translated = replace(leading, language=language, sections=source.sections(blocks.raw(language)))
        compile_wordings(translated, {leading.language: []})
    assert consultation.version is not None  # noqa: S101  # compiled, so it has one
    findings = Findings()
    stored = import_responses(consultation, consultation.version, _Responses(checked, findings), progress)
    if findings.problem_count or stored != checked.responses:
        findings.problem(RESPONSES, "the file has changed while it was imported. Run the command again.")
        raise Unusable(findings)
    return consultation


def _blueprint(path: Path, findings: Findings) -> Blueprint:
    try:
        with open_file(path, QUESTIONNAIRE) as file:
            content = file.read()
    except Unreadable as error:
        findings.problem(QUESTIONNAIRE, str(error))
        raise Unusable(findings) from error
    parsed = parse(content, findings)
    if findings.problem_count:
        raise Unusable(findings)
    return Reader(findings).blueprint(parsed)


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
                choices, blueprint = self.checked.choices, self.checked.blueprint
                places = layout(header, blueprint, choices.drop, self.findings)
                if places is None:
                    return
                reader = ResponseReader(places, blueprint, self.findings, historic=choices.historic)
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
