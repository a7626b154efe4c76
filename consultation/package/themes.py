"""The themes that a package's questions belong to, found among those there are, or made."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import Max

from consultation.models import Consultation, Theme
from consultation.package.files import QUESTIONNAIRE
from consultation.package.findings import Findings

Names = dict[int | None, str]  # what a package calls a theme, by primary key


def of(consultation: Consultation) -> list[Theme]:
    """The themes of every question ever asked, in the site's order."""
    return list(Theme.objects.filter(questions__consultation=consultation).distinct().order_by("number", "key"))


def names(themes: Iterable[Theme]) -> Names:
    """A theme's name, or its key where another has the same name."""
    themes = list(themes)
    alike = Counter(theme.name.strip().casefold() for theme in themes)
    return {
        theme.pk: theme.name.strip() if alike[theme.name.strip().casefold()] == 1 else str(theme.key)
        for theme in themes
    }


def find(
    names: Iterable[str], create: bool, findings: Findings, own: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The key of each theme by what the package calls it, its name or its key; "" where it is to be made.

    own: names by the keys that the themes had where the package was written. A theme of that key goes before one of
    that name.
    """
    known: dict[str, set[str]] = defaultdict(set)
    for theme in Theme.objects.filter(retired_at=None):
        known[theme.name.strip().casefold()].add(str(theme.key))
        known[str(theme.key)].add(str(theme.key))
    here = {str(key) for key in Theme.objects.values_list("key", flat=True)}
    found = {}
    for name in names:
        key, called = _own(name, own or {})
        found[name] = [key] if key in here else sorted(known.get(called.casefold(), ()))
    for name, keys in found.items():
        unnamed = is_key(name) and not _own(name, own or {})[0]
        if len(keys) > 1:
            findings.problem(QUESTIONNAIRE, f"several themes are called “{name}”. Write one's key: {', '.join(keys)}.")
        elif not keys and (not create or unnamed):
            way = "" if unnamed else ", or let the import make it with --create-themes"
            findings.problem(QUESTIONNAIRE, f"there is no theme “{name}”. Correct it{way}.")
    return {name: keys[0] if keys else "" for name, keys in found.items()}


def make(themes: dict[str, str], own: Mapping[str, str] | None = None) -> dict[str, str]:
    """Make the themes that are missing, each with the next number, and return all keys.

    A theme whose key the package says has that one, others one of their own.
    """
    last = Theme.objects.aggregate(last=Max("number"))["last"] or 0
    made = {}
    order = {key: place for place, key in enumerate(own or {})}
    missing = [name for name, key in themes.items() if not key]
    for place, name in enumerate(sorted(missing, key=lambda name: order.get(_own(name, own or {})[0], len(order))), 1):
        key, called = _own(name, own or {})
        theme = Theme.objects.create(key=uuid.UUID(key) if key else uuid.uuid4(), number=last + place, name=called)
        made[name] = str(theme.key)
    return themes | made


def _own(name: str, own: Mapping[str, str]) -> tuple[str, str]:
    """The key that the package says a theme had, if it does, and its name."""
    if name in own:
        return name, own[name]
    return next((key for key, called in own.items() if called.casefold() == name.casefold()), ""), name


def is_key(text: str) -> bool:
    """Whether a text can be the key of a record."""
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
