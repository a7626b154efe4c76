"""One filter of a consultation's responses: read from an address, written back, said in words, asked of the database.

List, figures and files take the same condition, so that they can't differ. The default is every response that counts.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultation import instrument
from consultation.coding import TO_CODE
from consultation.kinds import AREA
from consultation.models import (
    AnswerWords,
    Channel,
    Code,
    CodedAs,
    CodedQuestion,
    CodedText,
    Consultation,
    ReadMark,
    Redaction,
    Response,
    Sighting,
    Suspicion,
    Tally,
    Theme,
    Wording,
)
from consultation.questionnaire import Question
from consultation.summary import SEGMENTS
from consultation.text import clean

State = Response.State

MOST_ANSWERS = 3
LONGEST = 200  # characters that are searched for
NUMBER = re.compile(r"[0-9]{1,9}")
CHOICE = re.compile(r"([0-9]{1,5})\.([0-9]{1,5})")
TOPIC = re.compile(r"([0-9]{1,5})\.([0-9]{1,9})")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
REFERENCE = re.compile(r"[A-Z0-9]{3}-[A-Z0-9]{3}-[A-Z0-9]{3}", re.IGNORECASE)  # as ledger.new_reference makes them

READ, UNREAD = "read", "unread"
SEEN = "personal-data"
HELD, REJECTED, RELEASED = "held", "rejected", "released"

# How the parts of a filter are called in an address; a download's own choices have other names.
NAMES = (
    *("since", "until", "channel", "written_in", "area", "theme", "answer"),
    *("words", "code", "read", "standing", "seen"),
)

READINGS = {READ: gettext_lazy("read"), UNREAD: gettext_lazy("not read yet")}
SIGHTINGS = {SEEN: gettext_lazy("seems to hold personal data, with no redacted copy yet")}
STANDINGS = {
    HELD: gettext_lazy("held, so in no figure"),
    REJECTED: gettext_lazy("rejected, so in no figure"),
    RELEASED: gettext_lazy("held at first and released"),
}
CHANNELS = {
    Channel.WEB: gettext_lazy("online"),
    Channel.PAPER: gettext_lazy("on paper"),
    Channel.PHONE: gettext_lazy("by telephone"),
    Channel.EVENT: gettext_lazy("at an event"),
    Channel.IMPORT: gettext_lazy("from an imported file"),
    Channel.LETTER: gettext_lazy("by letter"),
    Channel.EMAIL: gettext_lazy("by e-mail"),
    Channel.PETITION: gettext_lazy("as a petition"),
}


@dataclass(frozen=True)
class About:
    """A theme's name, and the numbers of the questions that belong to it."""

    name: str
    questions: tuple[int, ...]


@dataclass(frozen=True)
class Known:
    """What responses of a consultation can be filtered by. themes: by primary key."""

    questions: Mapping[int, Question] = field(default_factory=dict)
    themes: Mapping[int, About] = field(default_factory=dict)
    languages: Sequence[str] = ()
    codes: Mapping[int, Mapping[int, "Coded"]] = field(default_factory=dict)  # by question and primary key


@dataclass(frozen=True)
class Coded:
    """A code's name, and the primary keys of the code and of those that are part of it."""

    name: str
    codes: tuple[int, ...]


def known(consultation: Consultation) -> Known:
    """Everything that was ever asked, in the leading language's words. Three queries, one more where texts are coded.

    And five more at first.
    """
    catalogue = instrument.catalogue(consultation, consultation.language)
    numbers: dict[int, list[int]] = {}
    for number, theme in catalogue.themes.items():
        if theme is not None:
            numbers.setdefault(theme, []).append(number)
    themes = {row.pk: About(row.name, tuple(numbers[row.pk])) for row in Theme.objects.filter(pk__in=numbers)}
    worded = Wording.objects.filter(consultation=consultation).order_by().values_list("language")
    answered = Tally.objects.filter(consultation=consultation, question=0, segment="language", n__gt=0)
    languages = sorted(language for (language,) in worded.union(answered.values_list("value")))
    return Known(catalogue.questions, themes, languages, _codes(consultation))


def _codes(consultation: Consultation) -> Mapping[int, Mapping[int, Coded]]:
    frames = dict(CodedQuestion.objects.filter(consultation=consultation).values_list("question", "frame"))
    if not frames:
        return {}
    rows = list(Code.objects.filter(frame__in=frames.values()))
    found: dict[int, dict[int, Coded]] = {frame: {} for frame in frames.values()}
    for row in rows:
        parts = (part.pk for part in rows if part.parent_id == row.pk)
        found[row.frame_id][row.pk] = Coded(row.name, (row.pk, *parts))
    return {question: found[frame] for question, frame in sorted(frames.items())}


@dataclass(frozen=True, order=True)
class Choice:
    """An option of a question, by their numbers."""

    question: int
    option: int

    def __str__(self) -> str:
        return f"{self.question}.{self.option}"

    def is_known(self, questions: Mapping[int, Question]) -> bool:
        """Whether the question ever had the option."""
        found = questions.get(self.question)
        return found is not None and any(option.number == self.option for option in found.options)

    def label(self, questions: Mapping[int, Question]) -> str:
        """What the option is called."""
        options = questions[self.question].options
        return next(option.label.text for option in options if option.number == self.option)


@dataclass(frozen=True, order=True)
class Topic:
    """A code that counts of what was written to a question; code 0: it was not coded yet."""

    question: int
    code: int

    def __str__(self) -> str:
        return f"{self.question}.{self.code}"


@dataclass(frozen=True)
class Filter:
    """Which responses: all of the parts that are not empty have to fit.

    since, until: days of receipt, in the site's time zone, both included; theme: any of its questions was answered;
    answers: all of these options were chosen; words: stand in what was written, or are a response's reference.
    """

    since: dt.date | None = None
    until: dt.date | None = None
    channel: str = ""
    language: str = ""
    area: Choice | None = None
    theme: int | None = None
    answers: tuple[Choice, ...] = ()
    words: str = ""
    read: str = ""
    standing: str = ""
    seen: str = ""
    code: Topic | None = None

    @property
    def is_counted(self) -> bool:
        """Whether what fits is in figures and files."""
        return self.standing not in STATES

    @property
    def is_reference(self) -> bool:
        """Whether a response is looked for by its reference, which nobody writes into a text."""
        return REFERENCE.fullmatch(self.words) is not None

    def pairs(self) -> list[tuple[str, str]]:
        """Names and values as an address has them; what is empty has none."""
        single = {
            "since": self.since.isoformat() if self.since else "",
            "until": self.until.isoformat() if self.until else "",
            "channel": self.channel,
            "written_in": self.language,
            "area": str(self.area or ""),
            "theme": str(self.theme or ""),
            "words": self.words,
            "code": str(self.code or ""),
            "read": self.read,
            "standing": self.standing,
            "seen": self.seen,
        }
        several = [("answer", str(choice)) for choice in self.answers]
        return [*((name, value) for name, value in single.items() if value), *several]

    def query(self) -> str:
        """The same, ready for an address."""
        return urlencode(self.pairs())

    def said(self, known: Known) -> str:
        """In words, as a sentence without its full stop; empty where nothing is left out."""
        return capfirst("; ".join(self._parts(known)))

    def _parts(self, known: Known) -> Iterator[str]:
        if self.since or self.until:
            yield _days(self.since, self.until)
        if self.channel:
            yield str(CHANNELS.get(Channel(self.channel)) or Channel(self.channel).label)
        if self.language:
            yield _("in %(language)s") % {"language": SEGMENTS["language"](self.language)}
        if self.area:
            yield _("area “%(area)s”") % {"area": self.area.label(known.questions)}
        if self.theme:
            yield _("with an answer about “%(theme)s”") % {"theme": known.themes[self.theme].name}
        for choice in self.answers:
            chosen = {"option": choice.label(known.questions), "number": choice.question}
            yield _("answered “%(option)s” to question %(number)s") % chosen
        if self.words:
            said = _("reference %(words)s") if self.is_reference else _("“%(words)s” in what was written")
            yield said % {"words": self.words}
        if self.code:
            yield _topic_said(self.code, known)
        if self.read:
            yield str(READINGS[self.read])
        if self.seen:
            yield str(SIGHTINGS[self.seen])
        if self.standing:
            yield str(STANDINGS[self.standing])

    def condition(self, known: Known) -> Q:
        """What the database is asked, of Response."""
        found = Q(state=STATES.get(self.standing, State.COUNTED))
        if self.since:
            found &= Q(received_at__gte=_begin(self.since))
        if self.until:
            found &= Q(received_at__lt=_begin(self.until + dt.timedelta(1)))
        if self.channel:
            found &= Q(channel=self.channel)
        if self.language:
            found &= Q(language=self.language)
        if self.theme:
            found &= _any(Answered(number) for number in known.themes[self.theme].questions)
        for choice in (*([self.area] if self.area else []), *self.answers):
            found &= Q(Chosen(choice.question, choice.option))
        if self.is_reference:
            found &= Q(reference=self.words.upper())
        elif self.words:
            found &= Q(Exists(AnswerWords.objects.filter(response=OuterRef("pk"), text__icontains=self.words)))
        if self.code:
            found &= Q(_coded(self.code, known) if self.code.code else _uncoded(self.code.question))
        if self.read:
            marked = Q(Exists(ReadMark.objects.filter(response=OuterRef("pk"))))
            found &= marked if self.read == READ else ~marked
        if self.seen:
            copies = Redaction.objects.filter(
                response=OuterRef("response"), question=OuterRef("question"), option=OuterRef("option")
            )
            found &= Q(Exists(Sighting.objects.filter(~Exists(copies), response=OuterRef("pk"))))
        if self.standing == RELEASED:
            found &= Q(Exists(Suspicion.objects.filter(response=OuterRef("pk"))))
        return found

    def of_texts(self, known: Known) -> Q:
        """What the database is asked, of AnswerWords, where single texts are shown: that it is this text that fits."""
        found = Q()
        if self.words and not self.is_reference:
            found &= Q(text__icontains=self.words)
        if self.code:
            here = CodedText.objects.filter(
                response=OuterRef("response"), question=OuterRef("question"), option=OuterRef("option")
            )
            found &= Q(question=self.code.question)
            if self.code.code:
                codes = known.codes[self.code.question][self.code.code].codes
                found &= Q(Exists(here.filter(codes__code__in=codes)))
            else:
                found &= ~Q(Exists(here))
        return found


EVERY = Filter()
STATES = {HELD: State.HELD, REJECTED: State.REJECTED}


def _any(conditions: Iterator[Any]) -> Q:
    found = Q()
    for condition in conditions:
        found |= Q(condition)
    return found


def _coded(topic: Topic, known: Known) -> Exists:
    codes = known.codes[topic.question][topic.code].codes
    return Exists(CodedAs.objects.filter(text__response=OuterRef("pk"), text__question=topic.question, code__in=codes))


def _uncoded(question: int) -> Exists:
    coded = CodedText.objects.filter(
        response=OuterRef("response"), question=OuterRef("question"), option=OuterRef("option")
    )
    return Exists(AnswerWords.objects.filter(TO_CODE, ~Exists(coded), response=OuterRef("pk"), question=question))


def _topic_said(topic: Topic, known: Known) -> str:
    if not topic.code:
        return _("with a text to question %(number)s that is not coded yet") % {"number": topic.question}
    said = {"code": known.codes[topic.question][topic.code].name, "number": topic.question}
    return _("code “%(code)s” on question %(number)s") % said


def _begin(day: dt.date) -> dt.datetime:
    return make_aware(dt.datetime.combine(day, dt.time.min))


def _days(since: dt.date | None, until: dt.date | None) -> str:
    first, last = (date_format(day, "DATE_FORMAT") if day else "" for day in (since, until))
    if since == until:
        return _("received on %(day)s") % {"day": first}
    if not last:
        return _("received from %(day)s on") % {"day": first}
    if not first:
        return _("received until %(day)s") % {"day": last}
    return _("received from %(first)s to %(last)s") % {"first": first, "last": last}


class _OfAnswers(Func):
    """A condition on the JSON of a response's answers, in the words of each database."""

    output_field = BooleanField()
    templates: Mapping[str, str]

    def __init__(self, *numbers: int) -> None:
        super().__init__(F("answers"))
        self.numbers = numbers

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **context: Any) -> tuple[str, Any]:
        """Nothing but numbers of ours goes into the statement."""
        column, parameters = compiler.compile(self.get_source_expressions()[0])
        return self.templates[connection.vendor].format(column, *map(int, self.numbers)), parameters


class Chosen(_OfAnswers):
    """Whether an option was chosen, alone, among others, or at any place."""

    templates = {
        "postgresql": "(({0} -> '{1}') @> '{2}'::jsonb)",
        "sqlite": "EXISTS (SELECT 1 FROM json_each({0}, '$.\"{1}\"') e WHERE e.type = 'integer' AND e.value = {2})",
    }


class Answered(_OfAnswers):
    """Whether a question was asked and not skipped."""

    templates = {
        "postgresql": "(({0} ->> '{1}') IS NOT NULL)",
        "sqlite": "(coalesce(json_type({0}, '$.\"{1}\"'), 'null') <> 'null')",
    }


@dataclass(frozen=True)
class Parsed:
    """A filter, and what could not be read of it, in words for whoever wrote it."""

    filter: Filter
    errors: tuple[str, ...] = ()


class _Wrong(Exception):
    """A value that can't be read; its message says why."""


def parse(given: Mapping[str, Sequence[str]], known: Known) -> Parsed:
    """Read a filter from the values of an address, by name. Of a part that is given twice, the last counts."""
    errors: list[str] = []

    def read(name: str, accept: Callable[[str], Any], empty: Any) -> Any:
        text = next(reversed(given.get(name, [""])), "").strip()
        try:
            return accept(text) if text else empty
        except _Wrong as wrong:
            errors.append(str(wrong))
            return empty

    found = Filter(
        since=read("since", _day, None),
        until=read("until", _day, None),
        channel=read("channel", _one_of(Channel.values, _("There is no channel “%s”.")), ""),
        language=read("written_in", _one_of(known.languages, _("No response is in the language “%s”.")), ""),
        area=read("area", lambda text: _area(text, known), None),
        theme=read("theme", lambda text: _theme(text, known), None),
        answers=read("answer", lambda text: _answers(given["answer"], known), ()),
        words=read("words", _words, ""),
        code=read("code", lambda text: _topic(text, known), None),
        read=read("read", _one_of(READINGS, _("Responses are read or unread, not “%s”.")), ""),
        seen=read("seen", _one_of(SIGHTINGS, _("Texts seem to hold personal data or not: “%s” is neither.")), ""),
        standing=read("standing", _one_of(STANDINGS, _("Responses are held, rejected or released, not “%s”.")), ""),
    )
    if found.since and found.until and found.until < found.since:
        errors.append(_("The last day is before the first, so that no response can fit."))
    return Parsed(found, tuple(errors))


def _shown(text: str) -> str:
    return clean(text)[0][:40]


def _day(text: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text) if DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None or not 1900 <= day.year < 3000:
        raise _Wrong(_("“%s” is no date. Write the year, the month and the day, such as 2026-03-31.") % _shown(text))
    return day


def _one_of(values: Any, message: str) -> Callable[[str], str]:
    def accept(text: str) -> str:
        if text not in values:
            raise _Wrong(message % _shown(text))
        return text

    return accept


def _choice(text: str, known: Known) -> Choice:
    numbers = CHOICE.fullmatch(text)
    choice = Choice(int(numbers[1]), int(numbers[2])) if numbers else None
    if choice is None or not choice.is_known(known.questions):
        raise _Wrong(_("No question has the answer “%s”.") % _shown(text))
    return choice


def _area(text: str, known: Known) -> Choice:
    choice = _choice(text, known)
    if known.questions[choice.question].kind != AREA.name:
        raise _Wrong(_("“%s” is no area.") % _shown(text))
    return choice


def _answers(texts: Sequence[str], known: Known) -> tuple[Choice, ...]:
    chosen = tuple(dict.fromkeys(_choice(text.strip(), known) for text in texts if text.strip()))
    if len(chosen) > MOST_ANSWERS:
        raise _Wrong(_("Choose no more than %(most)d answers.") % {"most": MOST_ANSWERS})
    return chosen


def _theme(text: str, known: Known) -> int:
    number = int(text) if NUMBER.fullmatch(text) else None
    if number not in known.themes:
        raise _Wrong(_("No question of this consultation belongs to the theme “%s”.") % _shown(text))
    return int(text)


def _topic(text: str, known: Known) -> Topic:
    numbers = TOPIC.fullmatch(text)
    topic = Topic(int(numbers[1]), int(numbers[2])) if numbers else None
    if topic is None or topic.question not in known.codes:
        raise _Wrong(_("No question is coded by “%s”.") % _shown(text))
    if topic.code and topic.code not in known.codes[topic.question]:
        raise _Wrong(_("No question is coded by “%s”.") % _shown(text))
    return topic


def _words(text: str) -> str:
    kept = clean(text)[0].strip()
    if len(kept) > LONGEST:
        raise _Wrong(_("Search for %(most)d characters or fewer.") % {"most": LONGEST})
    return kept
