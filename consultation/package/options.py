"""The themes and areas that a package's options stand for, found among those there are, or made."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Max
from django.utils import timezone
from wagtail.models import Locale

from consultation import records
from consultation.kinds import AREA, KINDS, THEME_CHOICE
from consultation.models import Area, Theme
from consultation.package import themes
from consultation.package.blueprint import Blueprint, PackageItem, PackageOption, Texts
from consultation.package.files import QUESTIONNAIRE
from consultation.package.findings import Findings

Records = dict[tuple[str, str], str]  # a record's key by question and option key; "" where it is to be made


@dataclass
class _Known:
    """The records of a kind that there are: those of today by name, those that ended, and every key."""

    today: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    ended: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    keys: set[str] = field(default_factory=set)

    def add(self, key: str, name: str, is_offered: bool) -> None:
        """Remember one; it can be known by several names."""
        (self.today if is_offered else self.ended)[name.strip().casefold()].add(key)
        self.keys.add(key)

    def find(self, option: PackageOption, name: str) -> list[str]:
        """Whom an option means: by key, or else by name, those of today first."""
        named = name.casefold()
        found = {option.key} & self.keys or self.today.get(named) or self.ended.get(named) or set()
        return sorted(found)


def find(blueprint: Blueprint, create: dict[str, bool], findings: Findings) -> Records:
    """The record of each option that is one."""
    found: Records = {}
    for item, option, known in _options(blueprint):
        name = blueprint.text(option.label)
        keys = known.find(option, name)
        what, flag = WORDS[item.kind]
        if len(keys) > 1:
            message = f"several {what}s are called “{name}”. Write one's key as the option's: {', '.join(keys)}."
            findings.problem(QUESTIONNAIRE, message, column=item.key)
        elif keys and keys[0] in (key for (question, _option), key in found.items() if question == item.key):
            findings.problem(QUESTIONNAIRE, f"two options are the {what} “{name}”. Remove one.", column=item.key)
        elif not keys and not create[item.kind]:
            message = f"there is no {what} “{name}”. Correct it, or let the import make it with {flag}."
            beside = f"What stands beside {what}s has a key of these: {', '.join(KINDS[item.kind].beside)}."
            findings.problem(QUESTIONNAIRE, f"{message} {beside}", column=item.key)
        found[item.key, option.key] = keys[0] if keys else ""
    return found


def make(found: Records, blueprint: Blueprint, last_day: dt.date) -> Records:
    """Make the records that are missing, under the option's key where that can be a record's, and return all keys.

    An area has ended with the last response, or today's consultations would offer what a former one asked.
    """
    made = dict(found)
    for item, option, known in _options(blueprint):
        if not made[item.key, option.key]:
            keys = known.find(option, blueprint.text(option.label))
            made[item.key, option.key] = keys[0] if keys else _make(item.kind, option, blueprint, last_day)
    return made


def missing(found: Records, blueprint: Blueprint, kind: str) -> list[str]:
    """What the records to be made are called, each once."""
    options = [(item, option) for item, option, _known in _options(blueprint) if item.kind == kind]
    return list(dict.fromkeys(blueprint.text(o.label) for item, o in options if not found[item.key, o.key]))


WORDS = {THEME_CHOICE.name: ("theme", "--create-themes"), AREA.name: ("area", "--create-areas")}


def _options(blueprint: Blueprint) -> Iterator[tuple[PackageItem, PackageOption, _Known]]:
    """Each option that is a record, with those that there are at that moment."""
    for item in blueprint.questions:
        beside = KINDS[item.kind].beside
        for option in item.options if beside else ():
            if option.key not in beside:
                yield item, option, _known(item.kind)


def _known(kind: str) -> _Known:
    known = _Known()
    if kind == THEME_CHOICE.name:
        for theme in Theme.objects.all():
            known.add(str(theme.key), theme.name, theme.retired_at is None)
        return known
    today = records.offered(kind)
    own = {area.translation_key for area in records.areas()}
    for area in Area.objects.filter(translation_key__in=own):
        known.add(str(area.translation_key), area.name, str(area.translation_key) in today)
    return known


def _make(kind: str, option: PackageOption, blueprint: Blueprint, last_day: dt.date) -> str:
    name = blueprint.text(option.label)
    if kind == THEME_CHOICE.name:
        own = {option.key: name} if themes.is_key(option.key) else {}
        return themes.make({name: ""}, own)[name]
    key = uuid.UUID(option.key) if themes.is_key(option.key) else uuid.uuid4()
    _make_area(key, {settings.LANGUAGE_CODE: name} | dict(option.label), last_day)
    return str(key)


def _make_area(key: uuid.UUID, names: Texts, last_day: dt.date) -> None:
    position = (Area.objects.aggregate(last=Max("position"))["last"] or 0) + 1
    until = last_day if last_day < timezone.localdate() else None
    for locale in Locale.objects.filter(language_code__in=names):
        name = names[locale.language_code]
        if name:
            Area.objects.create(translation_key=key, locale=locale, name=name, position=position, until=until)
