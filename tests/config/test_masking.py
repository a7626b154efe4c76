"""A line of the log is one line, whatever somebody puts into an address."""

import logging

import pytest

from config import masking


@pytest.mark.parametrize("mark", ["\n", "\r", "\x1b[2J", "\u2028", "\x85"])
def test_a_message_cannot_look_like_the_next_line(mark):
    record = logging.LogRecord("access", logging.INFO, "", 0, "GET /x%s2026-01-01 ERROR forged", (mark,), None)

    line = masking.Formatter("%(levelname)s %(message)s").format(record)

    assert line.splitlines() == [line]
    assert mark not in line and "forged" in line
