"""The themes that a package's questions belong to, found among those there are, or made."""

import uuid
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Max

from consultation.models import Theme
from consultation.package.files import QUESTIONNAIRE
from consultation.package.findings import Findings


def find(names: Iterable[str], create: bool, findings: Findings) -> dict[str, str]:
    """The key of each theme by what the package calls it, its name or its key; "" where it is to be made."""
    known: dict[str, set[str]] = defaultdict(set)
    for theme in Theme.objects.filter(retired_at=None):
        known[theme.name.strip().casefold()].add(str(theme.key))
        known[str(theme.key)].add(str(theme.key))
    found = {name: sorted(known.get(name.casefold(), ())) for name in names}
    for name, keys in found.items():
        if len(keys) > 1:
            findings.problem(QUESTIONNAIRE, f"several themes are called “{name}”. Write one's key: {', '.join(keys)}.")
        elif not keys and (not create or _is_key(name)):
            way = "" if _is_key(name) else ", or let the import make it with --create-themes"
            findings.problem(QUESTIONNAIRE, f"there is no theme “{name}”. Correct it{way}.")
    return {name: keys[0] if keys else "" for name, keys in found.items()}


def make(themes: dict[str, str]) -> dict[str, str]:
    """Make the themes that are missing, each with a key of its own and the next number, and return all keys."""
    last = Theme.objects.aggregate(last=Max("number"))["last"] or 0
    missing = [name for name, key in themes.items() if not key]
    made = {
        name: str(Theme.objects.create(key=uuid.uuid4(), number=last + place, name=name).key)
        for place, name in enumerate(missing, 1)
    }
    return themes | made


def _is_key(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
