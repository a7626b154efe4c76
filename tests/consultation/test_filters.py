"""One filter acts alike on list, figures and file; it is read from an address, written back, and said in words."""

import csv
import datetime as dt
import io
import uuid
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.http import QueryDict
from django.utils import timezone, translation
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from consultation import changes, csv_copy, csv_long, filters, fold, ledger, summary
from consultation.answers import Answers
from consultation.columns import Form
from consultation.filters import Choice, Filter, Known
from consultation.kinds import ASKED
from consultation.models import Channel, ReadMark, Reason, Response, Suspicion, Theme
from consultation.recount import Cell, recount
from consultation.source import SourceItem, SourceOption, SourceSection
from consultation.summary import EVERY
from tests.factories import THEMES, make_source

pytestmark = pytest.mark.django_db

LONDON = ZoneInfo("Europe/London")
DAYS = [dt.date(2026, 3, 28) + dt.timedelta(n) for n in range(4)]  # summer time begins on the second
INSTANTS = [
    dt.datetime.combine(day, time, LONDON)
    for day in DAYS
    for time in (dt.time(0, 0), dt.time(0, 30), dt.time(23, 59, 59, 999_999))
]
TEXTS = ["More trees", "no TREES, 100 %", "under_score", "Crann\nnua", "a \\ b", "it's “here”", "1.2"]
SOUGHT = ["tree", "TREES", "100 %", "_", "%", "\\", "'", "nua", "zzz", "“here”", "1"]


@pytest.fixture
def every_way(make_consultation):
    """The one consultation with an area and a ranking beside. Numbers: 6 area, 7 ranking."""
    options = tuple(SourceOption(name, name) for name in ("north", "south", "east"))
    where = SourceSection(
        id="where",
        title="Where",
        introduction="",
        items=(
            SourceItem(id="area", kind="area", label="Where do you live?", options=options),
            SourceItem(id="first", kind="ranking", label="What first?", options=options, limit=3),
        ),
    )
    return make_consultation(sections=(*make_source().sections, where))


def known_of(consultation):
    return replace(filters.known(consultation), languages=("en", "ga"))  # ga: as if it were published in Irish


RESPONSES = st.fixed_dictionaries(
    {
        1: st.sampled_from([1, 2, 3]),
        2: st.sampled_from([None, [1], [1, 2], [4], [5]]),
        3: st.sampled_from([None, 1, 2, 41, "1.5"]),
        6: st.sampled_from([None, 1, 2]),
        7: st.sampled_from([None, [1], [2, 1], [3, 1, 2]]),
    },
    optional={4: st.sampled_from([None, True]), 5: st.sampled_from([None, True])},
)
PEOPLE = st.tuples(
    RESPONSES,
    st.sampled_from(TEXTS),
    st.sampled_from(Channel),
    st.sampled_from(["en", "ga"]),
    st.sampled_from(INSTANTS),
    st.booleans(),  # read
    st.sampled_from(["counted", "counted", "held", "rejected", "released", "withdrawn"]),
)
CHOICES = st.builds(Choice, st.sampled_from([1, 2, 7]), st.sampled_from([1, 2, 3]))


@st.composite
def filter_of(draw, themes):
    """Any filter that can be read from an address."""

    def some(strategy, empty):
        return draw(st.just(empty) | strategy)

    since, until = some(st.sampled_from(DAYS), None), some(st.sampled_from(DAYS), None)
    if since and until and until < since:
        since, until = until, since
    return Filter(
        since,
        until,
        some(st.sampled_from(Channel.values), ""),
        some(st.sampled_from(["en", "ga"]), ""),
        some(st.builds(Choice, st.just(6), st.sampled_from([1, 2, 3])), None),
        some(st.sampled_from(themes), None),
        tuple(dict.fromkeys(draw(st.lists(CHOICES, max_size=3) | st.just([])))),
        some(st.sampled_from(SOUGHT), ""),
        some(st.sampled_from(["read", "unread"]), ""),
        some(st.sampled_from(["held", "rejected", "released"]), ""),
    )


def fits(person, chosen, themes):
    """The same filter, written as simply as can be."""
    values, text, channel, language, received_at, is_read, standing = person
    states = {"": ("counted", "released"), "held": ("held",), "rejected": ("rejected",), "released": ("released",)}
    day = received_at.astimezone(LONDON).date()
    written = [text] if True in (values.get(4), values.get(5)) else []

    def chose(choice):
        value = values.get(choice.question)
        return choice.option in (value if isinstance(value, list) else [value])

    return all(
        [
            standing in states[chosen.standing],
            chosen.since is None or day >= chosen.since,
            chosen.until is None or day <= chosen.until,
            chosen.channel in ("", channel),
            chosen.language in ("", language),
            chosen.area is None or chose(chosen.area),
            chosen.theme is None or any(values.get(number) is not None for number in themes[chosen.theme]),
            all(chose(choice) for choice in chosen.answers),
            any(chosen.words.lower() in words.lower() for words in written) or not chosen.words,
            chosen.read in ("", "read" if is_read else "unread"),
        ]
    )


def store(consultation, officer, person):
    """Store one of PEOPLE as it came."""
    values, text, channel, language, received_at, is_read, standing = person
    words = {(number, 0): text for number in (4, 5) if values.get(number)}
    suspected = standing in ("held", "rejected", "released")
    response = ledger.submit(
        consultation,
        uuid.uuid4(),
        consultation.published,
        language,
        channel,
        Answers(values, words),
        reasons=[Reason.TRAP] if suspected else (),
    )
    Response.objects.filter(pk=response.pk).update(received_at=received_at)
    if is_read:
        ReadMark.objects.create(response=response, by=officer, name="officer")
    change = {"rejected": changes.reject, "released": changes.release, "withdrawn": changes.withdraw}.get(standing)
    if change:
        change(response)
    response.refresh_from_db()
    return response


def in_list(consultation, known, chosen):
    return set(consultation.responses.filter(chosen.condition(known)).values_list("reference", flat=True))


def in_file(file):
    return [row["reference"] for row in csv.DictReader(io.StringIO(b"".join(file).decode()))]


def received(consultation, where):
    return summary.summarise(summary.read(consultation, where=where)).received


PHASES = [Phase.explicit, Phase.generate]
ANY = settings(max_examples=12, phases=PHASES, deadline=None, suppress_health_check=list(HealthCheck))


@ANY
@given(data=st.data())
def test_list_figures_and_files_hold_what_a_plain_filter_leaves(every_way, officer, data):
    themes = {Theme.objects.get(key=key).pk: numbers for key, numbers in zip(THEMES, ((1, 2), (4, 5)), strict=True)}
    known = known_of(every_way)
    Response.objects.all().delete()
    people = data.draw(st.lists(PEOPLE, min_size=3, max_size=8))
    stored = [(person, store(every_way, officer, person)) for person in people]
    if data.draw(st.booleans()):
        fold.fold(every_way)

    for chosen in data.draw(st.lists(filter_of(list(themes)), min_size=4, max_size=6)):
        fitting = {response.reference for person, response in stored if fits(person, chosen, themes)}
        where = chosen.condition(known)
        among = Response.objects.filter(where)

        assert in_list(every_way, known, chosen) == fitting, chosen
        counted = set() if chosen.standing in ("held", "rejected") else fitting
        assert received(every_way, where) == len(counted)
        assert set(in_file(csv_copy.portable(every_way, "en", Form.KEYS, among=among))) == counted
        assert set(in_file(csv_copy.responses(every_way, "en", Form.KEYS, among=among))) == counted
        assert set(in_file(csv_long.responses(every_way, "en", Form.KEYS, among=among))) == counted
        parsed = filters.parse(dict(QueryDict(chosen.query()).lists()), known)
        assert (parsed.filter, parsed.errors) == (chosen, ())
        assert bool(chosen.said(known)) == (chosen != filters.EVERY)


def test_a_filter_that_forgets_a_part_is_found(every_way, officer, monkeypatch):
    monkeypatch.setitem(filters.Chosen.templates, connection.vendor, "(1 = 1)")

    with pytest.raises(AssertionError):
        test_list_figures_and_files_hold_what_a_plain_filter_leaves(every_way, officer)


@pytest.fixture
def answered(every_way, officer):
    """Ten people: five chose the bus, two of them on paper."""
    for n in range(10):
        values = {1: 1 + n % 2, 2: [1, 2], 3: n, 5: True}
        channel = Channel.PAPER if n in (1, 3) else Channel.WEB
        store(every_way, officer, (values, TEXTS[n % 7], channel, "en", INSTANTS[n], False, "counted"))
    fold.fold(every_way)
    return every_way


def test_filtered_figures_are_those_of_a_consultation_that_only_these_people_answered(answered):
    known = known_of(answered)
    bus = Filter(answers=(Choice(1, 2),), channel="paper")

    figures = summary.summarise(summary.read(answered, where=bus.condition(known)))

    first, wishes = figures.questions[:2]
    assert (figures.received, [bar.n for bar in first.bars], first.asked) == (2, [0, 2, 0], 2)
    assert [bar.n for bar in wishes.bars] == [2, 2, 0, 0, 0]
    assert figures.questions[2].mean == 2
    answered.responses.exclude(bus.condition(known)).delete()
    assert {c: n for c, n in recount(answered).items() if not c.segment} == {
        c: n for c, n in summary.read(answered, where=bus.condition(known)).cells.items() if not c.segment
    }


def test_without_a_condition_the_tally_is_read_and_not_the_ledger(answered):
    reading = summary.read(answered, where=EVERY)

    assert reading.folded == 10
    assert summary.read(answered, where=Filter().condition(Known())).cells[Cell(0, ASKED)].n == 10
    assert summary.read(answered, where=Filter().condition(Known())).folded == 0


def test_a_filter_is_said_in_words(every_way):
    known = known_of(every_way)
    first, last = dt.date(2026, 3, 1), dt.date(2026, 3, 7)

    assert Filter(first, last, "paper", answers=(Choice(1, 2),)).said(known) == (
        "Received from 1 March 2026 to 7 March 2026; on paper; answered “By bus” to question 1"
    )
    assert Filter(first, first).said(known) == "Received on 1 March 2026"
    assert Filter(since=first).said(known) == "Received from 1 March 2026 on"
    assert Filter(until=last, language="ga").said(known) == "Received until 7 March 2026; in Irish"
    area = Filter(area=Choice(6, 1), theme=Theme.objects.get(name="Green places").pk, read="unread")
    assert area.said(known) == "Area “north”; with an answer about “Green places”; not read yet"
    assert Filter(words="trees", standing="held").said(known) == ("“trees” in what was written; held, so in no figure")
    assert Filter().said(known) == ""


@pytest.mark.parametrize("channel", Channel)
def test_every_channel_can_be_said(channel):
    with translation.override("en"):
        assert Filter(channel=channel.value).said(Known())


BAD = {
    "since": "2026-13-01",
    "until": "tomorrow",
    "channel": "pigeon",
    "written_in": "xx",
    "area": "1.2",
    "theme": "99999999",
    "answer": "1.77",
    "words": "x" * 201,
    "code": "5.1",
    "read": "maybe",
    "standing": "sitting",
    "seen": "unseen",
}


@pytest.mark.parametrize(("name", "value"), BAD.items())
def test_what_can_not_be_read_is_said_and_never_guessed(every_way, name, value):
    parsed = filters.parse({name: [value]}, known_of(every_way))

    assert parsed.filter == Filter()
    assert len(parsed.errors) == 1


def test_every_part_has_a_bad_value_above():
    assert set(BAD) == set(filters.NAMES)


def test_days_in_the_wrong_order_and_too_many_answers_are_said(every_way):
    known = known_of(every_way)

    backwards = filters.parse({"since": ["2026-03-02"], "until": ["2026-03-01"]}, known)
    many = filters.parse({"answer": ["1.1", "1.2", "2.1", "2.2"]}, known)

    assert backwards.errors == ("The last day is before the first, so that no response can fit.",)
    assert many.errors == ("Choose no more than 3 answers.",)


@given(st.dictionaries(st.sampled_from(filters.NAMES), st.lists(st.text(), max_size=4)))
def test_whatever_an_address_holds_is_read_or_refused_in_words(raw):
    parsed = filters.parse(raw, Known())

    assert all(parsed.errors)
    again = filters.parse(dict(QueryDict(parsed.filter.query()).lists()), Known())
    assert again.filter == parsed.filter


def test_a_reference_is_found_however_it_is_typed(answered):
    reference = answered.responses.first().reference

    found = in_list(answered, known_of(answered), Filter(words=reference.lower()))

    assert found == {reference}
    assert Filter(words=reference).said(known_of(answered)) == f"Reference {reference}"


def test_a_response_that_was_held_and_released_can_be_told_from_the_others(answered, officer):
    person = ({1: 1}, "", Channel.WEB, "en", timezone.now(), False, "released")
    released = store(answered, officer, person)

    assert in_list(answered, known_of(answered), Filter(standing="released")) == {released.reference}
    assert Suspicion.objects.filter(response=released).exists()
