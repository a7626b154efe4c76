"""What citizens type, made storable: the one place where a character can be removed.

PostgreSQL refuses NUL, UTF-8 refuses lone surrogates, and other control characters break XLSX and terminals.
Everything else is kept to the letter; whoever calls tells the reader when something was removed.
"""

import re

# C0 and C1 controls but tab, line feed; lone surrogates; the two noncharacters that XML refuses.
UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

SHORT = 500  # characters of a one-line answer
LONG = 20_000  # characters of a long answer


def clean(text: str) -> tuple[str, bool]:
    """Return the text with one kind of line end and without unstorable characters, and whether any were removed."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = UNSTORABLE.sub("", lines)
    return kept, kept != lines
