"""A cell that a spreadsheet would run as a formula is made safe, reversibly: in Python, and the same in PostgreSQL.

Such a cell is given one leading apostrophe, as is a cell that begins with one or equals our code, so that dropping one
leading apostrophe always gives the original.
"""

import re
from string import ascii_letters, digits

from psycopg2.sql import SQL, Composable, Literal

SKIPPED = "(skipped)"
NOT_ASKED = ""
NO_CODE = "(none)"  # a text was coded, and nothing fits

# Leading blanks, control, format and other invisible characters do not stop a spreadsheet. Both engines read these
# escapes alike; their own classes of blanks differ.
_PADDING = (
    r"\u0001-\u0020\u007f-\u00a0\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u1680"
    r"\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0"
    r"\ufff0-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    r"\U000e0000-\U000e0fff"
)
# = + - @ | % and every character that is one of them in another width, size or height.
_SIGNS = (
    r"=+\-@|%\u2212\u207a\u207b\u207c\u208a\u208b\u208c\ufb29\ufe62\ufe63\ufe66\ufe6a\ufe6b"
    r"\uff05\uff0b\uff0d\uff1d\uff20\uff5c"
)
_DANGER = f"^[{_PADDING}]*[{_SIGNS}]"
_PLAIN = r"^-?[0-9]{1,15}(\.[0-9]+)?"
_dangerous = re.compile(_DANGER).match
_number = re.compile(_PLAIN + r"\Z").match


def guard(text: str) -> str:
    """Make a cell safe. Plain numbers, negative ones too, stay numbers."""
    if text.startswith("'") or (_dangerous(text) and not _number(text)) or text == SKIPPED:
        return "'" + text
    return text


def unguard(cell: str) -> str:
    """Undo `guard`."""
    return cell.removeprefix("'")


def guard_sql(text: Composable) -> Composable:
    """`guard` as PostgreSQL says it; NULL for an empty text, which COPY would write as two quotation marks.

    Most texts begin with a letter or a digit and are let through before any pattern is tried.
    """
    return SQL(
        "CASE WHEN ascii({text}) = ANY ({harmless}) THEN {text} WHEN {text} = '' THEN NULL"
        " WHEN {text} LIKE '''%' OR {text} = {skipped} OR ({text} ~ {danger} AND {text} !~ {plain})"
        " THEN '''' || {text} ELSE {text} END"
    ).format(
        text=text,
        harmless=Literal([ord(character) for character in ascii_letters + digits]),
        skipped=Literal(SKIPPED),
        danger=Literal(_DANGER),
        plain=Literal(_PLAIN + "$"),
    )
