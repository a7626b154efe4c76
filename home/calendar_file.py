"""Calendar files (iCalendar, RFC 5545) as plain text: what is written here, any calendar reads back to the letter."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from consultation.text import clean

FOLD = 75  # octets of a line, its end not counted
EPOCH = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)  # what the numbers of versions count seconds from


@dataclass(frozen=True)
class Entry:
    """An event as a calendar shows it. All instants are aware."""

    uid: str  # the same for ever, in every language and after every change
    changed: dt.datetime
    begins: dt.datetime
    ends: dt.datetime
    title: str
    url: str
    description: str = ""
    place: str = ""
    contact: str = ""
    cancelled: bool = False


def calendar(name: str, entries: Iterable[Entry]) -> str:
    """A whole file."""
    return "".join(f"{fold(line)}\r\n" for line in _lines(name, entries))


def _lines(name: str, entries: Iterable[Entry]) -> Iterator[str]:
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield "PRODID:-//Connected//Events//EN"
    yield "CALSCALE:GREGORIAN"
    yield f"NAME:{escape(name)}"
    yield f"X-WR-CALNAME:{escape(name)}"
    yield "REFRESH-INTERVAL;VALUE=DURATION:PT6H"
    yield "X-PUBLISHED-TTL:PT6H"
    for entry in entries:
        yield from _event(entry)
    yield "END:VCALENDAR"


def _event(entry: Entry) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{entry.uid}"
    yield f"DTSTAMP:{instant(entry.changed)}"
    yield f"LAST-MODIFIED:{instant(entry.changed)}"
    yield f"SEQUENCE:{max(0, int((entry.changed - EPOCH).total_seconds()))}"
    yield f"DTSTART:{instant(entry.begins)}"
    yield f"DTEND:{instant(entry.ends)}"
    yield f"SUMMARY:{escape(entry.title)}"
    for label, text in (("DESCRIPTION", entry.description), ("LOCATION", entry.place), ("CONTACT", entry.contact)):
        if text:
            yield f"{label}:{escape(text)}"
    yield f"URL:{entry.url}"
    yield f"STATUS:{'CANCELLED' if entry.cancelled else 'CONFIRMED'}"
    yield f"TRANSP:{'TRANSPARENT' if entry.cancelled else 'OPAQUE'}"
    yield "END:VEVENT"


def instant(when: dt.datetime) -> str:
    """An instant in UTC, which no calendar has to look up."""
    return f"{when.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


def escape(text: str) -> str:
    """A text as the value of a property."""
    kept, _removed = clean(text)
    return kept.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def fold(line: str) -> str:
    """A line in pieces of at most 75 octets, none of which splits a character; all but the first begin with a space."""
    pieces, length = [""], 0
    for character in line:
        size = len(character.encode())
        if length + size > FOLD:
            pieces.append(" ")
            length = 1
        pieces[-1] += character
        length += size
    return "\r\n".join(pieces)
