"""A text without some of its parts. A redacted copy leaves out and never adds: it puts no word into anybody's mouth."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from consultation.personal import Span

GAP = "[…]"  # stands where something was left out


@dataclass(frozen=True)
class Part:
    """A stretch of a text; found: what it seems to be, empty for the rest."""

    text: str
    found: str = ""


def parts(text: str, spans: Sequence[Span]) -> Iterator[Part]:
    """The whole text, what was found apart from the rest. Spans are in order and do not overlap."""
    place = 0
    for span in spans:
        if span.start > place:
            yield Part(text[place : span.start])
        yield Part(text[span.start : span.end], span.sort.label)
        place = span.end
    if place < len(text):
        yield Part(text[place:])


def without(text: str, spans: Sequence[Span]) -> str:
    """The text with a gap in the place of each span."""
    return "".join(GAP if part.found else part.text for part in parts(text, spans))


def only_leaves_out(original: str, copy: str) -> bool:
    """Whether the copy is the original with gaps: what stands between the gaps is in the original, in that order."""
    first, *rest = copy.split(GAP)
    if not rest:
        return copy == original
    *middle, last = rest
    if not original.startswith(first):
        return False
    place = len(first)
    for piece in middle:
        found = original.find(piece, place)
        if found < 0:
            return False
        place = found + len(piece)
    return len(original) - len(last) >= place and original.endswith(last)


def excerpt(original: str, text: str) -> str:
    """What a text quotes of an original, with a gap where it leaves something out; empty where it says anything else.

    Whole words in their order; how they were spaced does not matter. A gap stands at an end, too, where the original
    goes on, be it written or not: a quote does not look like all that was said.
    """
    whole = _spaced(original)
    pieces = [piece for part in text.split(GAP) if (piece := _spaced(part))]
    places = _places(whole, pieces)
    if not places:
        return ""
    begins, ends = places[0][0] == 0, places[-1][1] == len(whole)
    return " ".join([*([] if begins else [GAP]), f" {GAP} ".join(pieces), *([] if ends else [GAP])])


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _places(whole: str, pieces: Sequence[str]) -> list[tuple[int, int]]:
    """Where each piece stands, one after the other; none where one is nowhere."""
    found: list[tuple[int, int]] = []
    for piece in pieces:
        match = _whole_words(piece).search(whole, found[-1][1] if found else 0)
        if match is None:
            return []
        found.append(match.span())
    return found


def _whole_words(piece: str) -> re.Pattern[str]:
    """The piece where no word is cut: “happy” is not in “unhappy”, nor “well” in “farewell” or “well-being”."""
    before = r"(?<!\w)(?<!\w['’-])" if re.match(r"\w", piece) else ""
    after = r"(?!\w)(?!['’-]\w)" if re.search(r"\w\Z", piece) else ""
    return re.compile(before + re.escape(piece) + after)
