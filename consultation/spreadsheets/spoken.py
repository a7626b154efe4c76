"""How the same words are recognised however they are written: in headers, in labels and in cells."""

import re
import unicodedata
from collections.abc import Iterator

from django.conf import settings
from django.utils import translation

_number = re.compile(r"[-+−]?\d+([.,]\d+)*\Z").match
_apart = re.compile(r"[\W_]+")


def plain(text: str) -> str:
    """The words of a text alone: in small letters, without accents of another width, signs and blanks around them.

    A number keeps its sign, and a text without any letter or digit is what it is.
    """
    folded = unicodedata.normalize("NFKC", text).casefold().strip()
    if _number(folded):
        return folded
    return _apart.sub(" ", folded).strip() or folded


def in_every_language(message: str) -> Iterator[str]:
    """One of the site's own words, in each of its languages."""
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            yield translation.gettext(message)
