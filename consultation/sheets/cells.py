"""What a cell of a spreadsheet can't hold as it is: some characters, and too many of them.

XML has no way to say most control characters. Such a one is written as _x0001_, as Excel itself does, and the
underscore of whatever looks so already as _x005F_: undoing both always gives the original.
"""

import re
from collections.abc import Iterator

LONGEST = 32_767  # of a cell, in the units that Excel counts: two for an emoji
MORE = "[…]"  # ends a cell that goes on elsewhere

# A carriage return is made a line feed by whoever reads XML, so it is written like those that XML lacks.
_UNSAID = r"\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff"
# A tab is one of them where a format says so (ods.py).
_to_escape = re.compile(rf"[{_UNSAID}]|_(?=x[0-9A-Fa-f]{{4}}[_\t{_UNSAID}])")
_escaped = re.compile(r"_x([0-9A-Fa-f]{4})_")
_tokens = re.compile(r"_x[0-9A-Fa-f]{4}_|.", re.DOTALL).finditer
# Twelve digits and three decimals are the most that a question takes, and no more than a spreadsheet keeps exactly.
_number = re.compile(r"(?!-0\Z)-?(0|[1-9][0-9]{0,11})(\.[0-9]{0,2}[1-9])?\Z").match


def escape(text: str) -> str:
    """Write what XML can't say."""
    return _to_escape.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def unescape(cell: str) -> str:
    """Undo `escape`."""
    return _escaped.sub(lambda found: chr(int(found[1], 16)), cell)


def is_plain(text: str) -> bool:
    """Whether nothing has to be escaped, be it in several cells together: most are such."""
    return _to_escape.search(text) is None


def is_number(text: str) -> bool:
    """Whether these digits come back the same once they were a number: 12, -1.5, but not 007."""
    return _number(text) is not None


def may_be_long(text: str) -> bool:
    """Whether the text could have more than a cell holds."""
    return len(text) > LONGEST // 2


def pieces(cell: str) -> Iterator[str]:
    """An escaped text in parts that fit into a cell with a mark behind. What was escaped is not cut in two."""
    most = LONGEST if units(cell) <= LONGEST else LONGEST - len(MORE)
    start = size = 0
    for token in _tokens(cell):
        own = units(token[0])
        if size + own > most:
            yield cell[start : token.start()]
            start, size = token.start(), 0
        size += own
    yield cell[start:]


def units(text: str) -> int:
    """How long Excel finds it."""
    return len(text) + sum(character > "\uffff" for character in text)
