"""What a row tells of its response beside the answers: reference, time, language, channel and version."""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from consultation.columns import unguard
from consultation.models import Channel, Consultation
from consultation.package.responses import REFERENCE
from consultation.spreadsheets.meaning import Meaning
from consultation.spreadsheets.spoken import plain

_day_first = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?:[ ,T]+(.+))?\Z").match


@dataclass(frozen=True)
class Told:
    """What is known of a response. An empty reference is made up for when it is stored."""

    reference: str
    received_at: dt.datetime
    language: str
    channel: Channel
    version: int


class ToldReader:
    """Reads these columns, and remembers the references, since each names one response."""

    def __init__(self, consultation: Consultation, meaning: Meaning, headers: Sequence[str]) -> None:
        self.meaning = meaning
        self.places = {code: place for place, code in enumerate(meaning.columns) if code and not code.startswith("q")}
        received = self.places.get("received_at")
        is_utc = received is not None and "utc" in plain(headers[received]).split()
        self.zone: dt.tzinfo = dt.UTC if is_utc else ZoneInfo(settings.TIME_ZONE)
        self.now = timezone.now()
        self.languages, self.channels = _languages(), _channels()
        self.versions = {version.number for version in consultation.versions.all()}
        self.current = consultation.published.number
        self.seen: dict[str, int] = {}  # rows by reference

    def read(self, cells: Sequence[str], row: int, tell: Callable[[int, str], None]) -> Told | None:
        """What the row tells; None where something in it is wrong, which is told with the place of its column."""

        def one(code: str, read: Callable[[str], object]) -> object:
            place = self.places.get(code)
            try:
                return read("" if place is None else cells[place].strip())
            except ValueError as error:
                tell(place or 0, str(error))
                wrong.append(code)
                return None

        wrong: list[str] = []
        found = Told(
            one("reference", lambda text: self._reference(text, row)),  # type: ignore[arg-type]  # none is used if wrong
            one("received_at", self._received),  # type: ignore[arg-type]
            one("language", self._language),  # type: ignore[arg-type]
            one("channel", self._channel),  # type: ignore[arg-type]
            one("version", self._version),  # type: ignore[arg-type]
        )
        return None if wrong else found

    def _reference(self, text: str, row: int) -> str:
        text = unguard(text) if self.meaning.own else text
        if text and not REFERENCE.match(text):
            raise ValueError(
                _("A reference has 1 to 12 letters, digits, “_” and “-”. If this is something else, leave it out.")
            )
        if text in self.seen:
            raise ValueError(_("This reference stands already in row %(row)d.") % {"row": self.seen[text]})
        if text:
            self.seen[text] = row
        return text

    def _received(self, text: str) -> dt.datetime:
        if not text:
            return self.now
        try:
            found = dt.datetime.fromisoformat(as_iso(text))
            found = (found if found.tzinfo else found.replace(tzinfo=self.zone)).astimezone(dt.UTC)
        except (ValueError, OverflowError):
            raise ValueError(_("This is no date. Write it like 2027-03-31 14:05 or 31/03/2027.")) from None
        if found > self.now:
            raise ValueError(_("This is in the future, so it can’t have been received yet."))
        return found

    def _language(self, text: str) -> str:
        found = self.languages.get(plain(text)) if text else self.meaning.language
        if found is None:
            codes = ", ".join(code for code, _name in settings.LANGUAGES)
            raise ValueError(_("This is none of the site’s languages: %(codes)s.") % {"codes": codes})
        return found

    def _channel(self, text: str) -> Channel:
        found = self.channels.get(plain(text)) if text else self.meaning.channel
        if found is None:
            said = ", ".join(str(label) for label in Channel.labels)
            raise ValueError(_("This is no channel. Write one of these: %(channels)s.") % {"channels": said})
        return Channel(found)

    def _version(self, text: str) -> int:
        if not text:
            return self.current
        if not (text.isascii() and text.isdigit() and int(text) in self.versions):
            known = ", ".join(map(str, sorted(self.versions)))
            raise ValueError(_("The questionnaire has no such version, but these: %(known)s.") % {"known": known})
        return int(text)


def as_iso(text: str) -> str:
    """A date as ISO writes it; where it is written otherwise, the day stands before the month, as people here do it."""
    found = _day_first(text.strip())
    if not found:
        return text.strip()
    day, month, year, time = found.groups()
    return f"{year}-{int(month):02}-{int(day):02}" + (f" {time}" if time else "")


def _languages() -> Mapping[str, str]:
    """The site's languages by what they are called, in English, too."""
    names = ((code, str(name)) for code, name in settings.LANGUAGES)
    return {plain(word): code for code, name in names for word in (code, name, get_language_info(code)["name"])}


def _channels() -> Mapping[str, str]:
    found = {plain(value): value for value in Channel.values}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found |= {plain(str(channel.label)): channel.value for channel in Channel}
    return found
