"""A text without some of its parts. A redacted copy leaves out and never adds: it puts no word into anybody's mouth."""

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
