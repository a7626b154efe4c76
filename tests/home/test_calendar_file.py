"""Calendar files: a library that others keep reads back to the letter what was written, however hostile."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from home.calendar_file import FOLD, Entry, calendar, fold

NOON = dt.datetime(2026, 7, 1, 12, 0, tzinfo=ZoneInfo("Europe/London"))
HOSTILE = [
    "commas, semicolons; and: colons",
    "back\\slash, \\n that is no line, \\, and a last \\",
    "one line\nanother\r\nand a third",
    "END:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:Planted",
    '"quoted";VALUE=DATE:20260101',
    "x" * 1_000,
    "🎶" * 40,
    "a" * 64 + "🎶 over the fold, é́ and 한국어 " * 5,
    " begins and ends with a space ",
    "\ttab",
    "<b>&amp;</b>",
]


def entry(**changes):
    given = {
        "uid": "5b1f0f0e@example.org",
        "changed": NOON,
        "begins": NOON,
        "ends": NOON + dt.timedelta(hours=2),
        "title": "Open evening",
        "url": "https://example.org/en/events/open-evening/",
    }
    return Entry(**given | changes)


def read(*entries, name="Events"):
    found = Calendar.from_ical(calendar(name, entries))
    assert not found.errors and all(not event.errors for event in found.events)
    return found


def lines_of(text):
    return text.replace("\r\n", "\n").replace("\r", "\n")


def test_a_calendar_reads_back_what_was_written():
    event = read(entry(description="Come.", place="Town Hall", contact="a@example.org")).events[0]

    assert event["UID"] == "5b1f0f0e@example.org"
    assert (event["SUMMARY"], event["DESCRIPTION"]) == ("Open evening", "Come.")
    assert (event["LOCATION"], event["CONTACT"]) == ("Town Hall", "a@example.org")
    assert event["URL"] == "https://example.org/en/events/open-evening/"
    assert (event.start, event.end) == (NOON, NOON + dt.timedelta(hours=2))
    assert event.DTSTAMP == NOON
    assert event["STATUS"] == "CONFIRMED"


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_comes_back_to_the_letter(text):
    found = read(entry(title=text, description=text, place=text, contact=text), name=text)

    event = found.events[0]
    assert len(found.events) == 1
    assert {str(event[name]) for name in ("SUMMARY", "DESCRIPTION", "LOCATION", "CONTACT")} == {lines_of(text)}


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=300))
def test_any_text_comes_back_to_the_letter(text):
    assert str(read(entry(title=text)).events[0]["SUMMARY"]) == text


def is_well_formed(text):
    """Whether every line ends as it has to, is short enough and splits no character."""
    *lines, rest = calendar("Events", [entry(title=text)]).encode().split(b"\r\n")
    short = all(len(line) <= FOLD and b"\r" not in line and b"\n" not in line for line in lines)
    return short and rest == b"" and all(line.decode() for line in lines)


@given(st.text(max_size=300) | st.text(st.sampled_from("aé한🎶"), min_size=80))
def test_every_line_ends_as_it_has_to_is_short_enough_and_splits_no_character(text):
    assert is_well_formed(text)


@pytest.mark.parametrize("character", ["a", "é", "한", "🎶"])
def test_a_line_is_folded_as_late_as_it_may_be(character):
    pieces = fold(character * 200).split("\r\n")

    assert "".join([pieces[0], *(piece[1:] for piece in pieces[1:])]) == character * 200
    assert all(FOLD - len(character.encode()) < len(piece.encode()) <= FOLD for piece in pieces[:-1])


@pytest.mark.parametrize("name", ["escape", "fold"])
def test_a_planted_fault_is_found(name, monkeypatch):
    monkeypatch.setattr(f"home.calendar_file.{name}", lambda text: text)

    assert not all(map(is_well_formed, HOSTILE))


def test_what_is_cancelled_says_so_and_takes_no_time():
    event = read(entry(cancelled=True)).events[0]

    assert (event["STATUS"], event["TRANSP"]) == ("CANCELLED", "TRANSPARENT")


def test_a_later_version_has_a_higher_number():
    first, second = (read(entry(changed=NOON + dt.timedelta(seconds=n))).events[0]["SEQUENCE"] for n in (0, 1))

    assert 0 < first < second < 2**31


def test_an_event_in_the_night_when_the_clocks_change_keeps_its_instants():
    first = dt.datetime(2026, 10, 25, 1, 30, tzinfo=ZoneInfo("Europe/London"))
    event = read(entry(begins=first, ends=first.replace(fold=1))).events[0]

    assert event.end.astimezone(dt.UTC) - event.start.astimezone(dt.UTC) == dt.timedelta(hours=1)


def test_a_calendar_without_events_is_still_one():
    assert read().events == []
