"""Personal data goes when its time has come: all of it, once, in steps, and no figure moves."""

import csv
import datetime as dt
import io
import uuid
from dataclasses import replace

import pytest
from django.core.management import call_command
from django.utils import timezone

from consultation import apart, changes, csv_files, exports, fold, instrument, ledger, outbox, retention, summary
from consultation.answers import Answers
from consultation.columns import Form
from consultation.instants import begin_of, months_after
from consultation.models import (
    AnswerWords,
    Batch,
    Channel,
    Consultation,
    Correction,
    Decision,
    Download,
    DownloadEnd,
    Draft,
    Entry,
    EqualityAnswers,
    EqualityLink,
    Export,
    Handling,
    KeptCount,
    Level,
    Message,
    ReadMark,
    Reason,
    Redaction,
    Response,
    RetentionRun,
    Suspicion,
)
from consultation.recount import check, recount
from consultation.tick import Faults
from tests.factories import make_source

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
GIVEN = [
    Answers({1: 3, 2: [1, 2], 3: 41, 5: True}, {(1, 3): "by boat", (5, 0): "Ring me: 028 9012 3456"}),
    Answers({1: 1, 2: None, 3: "12.5"}),
    Answers({1: 1, 2: [5], 3: None}),
]


def submit(consultation, given=GIVEN[0], **options):
    asked = instrument.current(consultation, "en")
    answers = given.asked_by(asked)
    return ledger.submit(consultation, uuid.uuid4(), consultation.published, "en", Channel.WEB, answers, **options)


def close(consultation, until=None, **promise):
    """Let it have closed, with personal data kept until a day: by default, today."""
    now = timezone.now()
    until = until or timezone.localdate()
    Consultation.objects.filter(pk=consultation.pk).update(
        opens_at=now - 90 * DAY, closes_at=now - 30 * DAY, kept_until=until, **promise
    )
    consultation.refresh_from_db()


def flag(consultation, make_consultation, *blocks):
    """Publish it again with questions whose answers may name somebody."""
    sections = tuple(
        replace(section, items=tuple(replace(item, personal=item.id in blocks) for item in section.items))
        for section in make_source().sections
    )
    return make_consultation(key=consultation.key, sections=sections)


def run(consultation, **options):
    faults = Faults()
    fold.fold(consultation)
    stripped = retention.strip_due(faults, **options)
    assert not faults.number
    return stripped


def figures(consultation):
    """Officers' figures, the same as the recount and as the tally."""
    counted = recount(consultation)
    assert summary.live_counts(consultation) == counted
    assert check(consultation) == []
    return counted


@pytest.fixture
def sent(consultation):
    return [submit(consultation, given) for given in GIVEN]


# When


@pytest.mark.parametrize(
    ("now", "is_due"),
    [
        # In British Summer Time a day begins at 23:00 UTC, on 25 October it ends, and the next one begins at midnight.
        (dt.datetime(2027, 10, 24, 22, 59, 59, tzinfo=dt.UTC), False),
        (dt.datetime(2027, 10, 24, 23, 0, tzinfo=dt.UTC), True),
    ],
)
def test_the_day_begins_where_the_site_is(now, is_due):
    consultation = Consultation(closes_at=dt.datetime(2027, 3, 1, tzinfo=dt.UTC), kept_until=dt.date(2027, 10, 25))

    assert (retention.due(consultation, now) is not None) == is_due


@pytest.mark.parametrize("now", [dt.datetime(2027, 10, 31, hour, 30, tzinfo=dt.UTC) for hour in (0, 1)])
def test_in_the_night_when_summer_time_ends_nothing_is_due_twice_or_early(now):
    """Half past one comes twice; what is kept until that Sunday has been due since its midnight."""
    sunday = Consultation(closes_at=now - 90 * DAY, kept_until=dt.date(2027, 10, 31))
    monday = Consultation(closes_at=now - 90 * DAY, kept_until=dt.date(2027, 11, 1))

    assert retention.due(sunday, now) == retention.Due(None)
    assert retention.due(monday, now) is None


def test_the_first_instant_of_the_day_after_summer_time_is_an_hour_later():
    consultation = Consultation(closes_at=dt.datetime(2027, 3, 1, tzinfo=dt.UTC), kept_until=dt.date(2027, 11, 1))

    assert retention.due(consultation, dt.datetime(2027, 10, 31, 23, 59, tzinfo=dt.UTC)) is None
    assert retention.due(consultation, dt.datetime(2027, 11, 1, tzinfo=dt.UTC)) is not None


@pytest.mark.parametrize("months", [1, 2, 12, 24])
@pytest.mark.parametrize("today", [dt.date(2027, 1, 1), dt.date(2027, 3, 31), dt.date(2028, 2, 29)])
def test_where_nothing_closes_nobody_waits_longer_than_the_months_that_were_promised(months, today):
    consultation = Consultation(closes_at=None, kept_months=months)
    now = begin_of(today) + dt.timedelta(hours=12)

    found = retention.due(consultation, now)

    assert found.before > begin_of(months_after(today, -months))
    assert found.before <= begin_of(months_after(today.replace(day=1), 1 - months))


def test_what_promised_no_day_is_left_alone(consultation, sent):
    assert retention.due(consultation) is None
    assert run(consultation) == 0
    assert AnswerWords.objects.count() == 2


def test_the_day_before_nothing_goes(consultation, sent):
    close(consultation, timezone.localdate() + DAY)

    assert run(consultation) == 0
    assert not RetentionRun.objects.exists()


def test_a_date_that_comes_while_it_is_open_takes_what_was_sent_before_it(consultation, sent):
    Response.objects.filter(pk=sent[0].pk).update(received_at=timezone.now() - 3 * DAY)
    Consultation.objects.filter(pk=consultation.pk).update(kept_until=timezone.localdate())

    assert run(consultation) == 1
    assert Response.objects.get(pk=sent[1].pk).reference == sent[1].reference


def test_where_nothing_closes_each_goes_in_its_time(consultation, sent):
    Response.objects.filter(pk=sent[0].pk).update(received_at=timezone.now() - 100 * DAY)
    Consultation.objects.filter(pk=consultation.pk).update(closes_at=None, kept_months=2)

    assert run(consultation) == 1
    assert run(consultation) == 0
    assert [row.reference is None for row in Response.objects.order_by("pk")] == [True, False, False]

    assert run(consultation, now=timezone.now() + 70 * DAY) == 2


# What goes


@pytest.fixture
def laden(consultation, officer, sent):
    """Responses with everything that hangs on one."""
    close(consultation)
    Redaction.objects.create(response=sent[0], question=5, text="Ring me: […]", by=officer, name="officer")
    ReadMark.objects.create(response=sent[0], by=officer, name="officer")
    Handling.objects.create(response=sent[0], act="viewed", by=officer, name="officer", hour=timezone.now())
    batch = Batch.objects.create(
        consultation=consultation, source="keyed", name="Forms of the Harts", channel="paper", language="en"
    )
    Entry.objects.create(response=sent[1], batch=batch, number=1, operator="officer")
    draft = Draft.objects.create(
        consultation=consultation,
        key=sent[0].key,
        sends=sent[0].key,
        secret="s",
        version=consultation.published,
        sent_at=timezone.now(),
    )
    outbox.Message.objects.create(draft=draft, to="a@example.org", subject="Your answers", body="…", language="en")
    return changes.correct(sent[2], uuid.uuid4(), consultation.published, "en", Answers({1: 2}))


def test_everything_goes_that_could_tell_who_it_was(consultation, laden):
    before = figures(consultation)

    assert run(consultation) == 4

    for model in (AnswerWords, Redaction, Entry, Correction, Draft, Message):
        assert not model.objects.exists(), model
    assert set(Response.objects.values_list("reference", flat=True)) == {None}
    assert {timezone.localtime(row.received_at).time() for row in Response.objects.all()} == {dt.time()}
    assert Batch.objects.get().name == str(Batch.objects.get().pk)
    assert ReadMark.objects.count() == Handling.objects.count() == 1
    assert figures(consultation) == before


def test_the_day_stays_on_which_it_came(consultation, sent):
    """Half past midnight in summer is the evening before in UTC."""
    night = dt.datetime(2026, 7, 1, 0, 30, tzinfo=timezone.get_default_timezone())
    Response.objects.update(received_at=night)
    close(consultation)

    run(consultation)

    assert {timezone.localdate(row.received_at) for row in Response.objects.all()} == {dt.date(2026, 7, 1)}


def test_files_with_personal_data_go_too_and_others_stay(consultation, sent, officer, tmp_path, settings):
    close(consultation)
    common = {"by": officer, "consultation": consultation, "holds": "responses", "format": "xlsx", "total": 3}
    full = Export.objects.create(level=Level.FULL, state="waiting", language="en", form="labels", **common)
    other = Export.objects.create(level=Level.ANALYSIS, state="waiting", language="en", form="labels", **common)
    for export in (full, other):
        exports.make(export)
    full.refresh_from_db()

    run(consultation)

    assert list(Export.objects.values_list("pk", flat=True)) == [other.pk]
    assert not exports.storage().exists(full.file)


def test_a_file_that_was_being_made_when_the_day_came_is_not_kept(consultation, sent, officer, monkeypatch):
    export = Export.objects.create(
        by=officer,
        consultation=consultation,
        holds="responses",
        format="xlsx",
        total=3,
        level=Level.FULL,
        language="en",
        form="labels",
    )
    parts = exports.Contents.parts

    def slow(self, rows, **options):
        yield from parts(self, rows, **options)
        exports.forget_full(consultation)

    monkeypatch.setattr(exports.Contents, "parts", slow)
    before = set(exports._files())
    exports.make(export)

    assert not Export.objects.exists()
    assert set(exports._files()) <= before


def test_what_is_held_is_stripped_and_can_still_be_counted(consultation):
    held = submit(consultation, reasons=[Reason.TRAP])
    close(consultation)

    assert run(consultation) == 1

    assert Suspicion.objects.count() == 1
    changes.release(held)
    assert figures(consultation)[0, 0, "", ""].n == 1


def test_the_columns_of_the_file_stay_and_the_words_are_empty(consultation, sent):
    header, first = _file(consultation)[:2]
    assert "by boat" in first
    close(consultation)

    run(consultation)

    after, stripped = _file(consultation)[:2]
    assert after == header
    assert "by boat" not in stripped
    assert "3" in stripped[header.index("q1")]


def _file(consultation):
    lines = csv_files.lines(consultation, "en", Form.KEYS, Level.FULL)
    return list(csv.reader(io.StringIO("".join(lines))))


# Questions with personal data


FLAGGED = ("main-way", "age", "ideas")  # one of a choice, a number, a text


@pytest.mark.parametrize("folded", [True, False])
@pytest.mark.parametrize("segments", [[], [1]])
def test_answers_to_questions_with_personal_data_go_and_no_figure_moves(
    consultation, make_consultation, folded, segments
):
    consultation = flag(consultation, make_consultation, *FLAGGED)
    for given in GIVEN:
        submit(consultation, given)
    fold.choose_segments(consultation, segments)
    submit(consultation, GIVEN[1])
    if folded:
        fold.fold(consultation)
    before = figures(consultation)
    keys = list(Response.objects.values_list("pk", flat=True))

    assert changes.strip(consultation, keys) == 4
    assert changes.strip(consultation, keys) == 0

    for row in Response.objects.all():
        assert not row.answers.keys() & {"1", "3", "5"}
        assert "2" in row.answers
    assert KeptCount.objects.exists()
    assert figures(consultation) == before
    fold.fold(consultation)
    assert figures(consultation) == before
    fold.rebuild(consultation)
    assert figures(consultation) == before


def test_counts_that_are_kept_stay_right_when_other_segments_are_chosen(consultation, make_consultation):
    consultation = flag(consultation, make_consultation, "main-way")
    for given in GIVEN:
        submit(consultation, given)
    fold.choose_segments(consultation, [1])
    before = figures(consultation)
    changes.strip(consultation, list(Response.objects.values_list("pk", flat=True)))

    fold.choose_segments(consultation, [])
    assert not [cell for cell in figures(consultation) if cell.segment == "q1"]

    fold.choose_segments(consultation, [1])
    assert figures(consultation) == before


def test_a_response_that_is_erased_after_it_was_stripped_is_taken_out_exactly(consultation, make_consultation):
    consultation = flag(consultation, make_consultation, "age")
    stored = submit(consultation)
    submit(consultation, GIVEN[1])
    close(consultation)
    run(consultation)

    changes.erase(stored)

    assert figures(consultation)[0, 0, "", ""].n == 1


def test_counts_that_are_not_kept_are_missed(consultation, make_consultation, monkeypatch):
    consultation = flag(consultation, make_consultation, "age")
    submit(consultation)
    fold.fold(consultation)
    monkeypatch.setattr(changes, "_lost", lambda before, after: {})

    changes.strip(consultation, list(Response.objects.values_list("pk", flat=True)))

    assert check(consultation)


# Runs


def test_done_again_it_does_nothing_and_says_so_once(consultation, sent):
    close(consultation)

    assert [run(consultation) for _ in range(3)] == [3, 0, 0]

    logged = RetentionRun.objects.get()
    assert (logged.responses, logged.before) == (3, None)
    assert logged.ended_at is not None


def test_killed_in_between_it_goes_on_where_it_was(consultation, sent, monkeypatch):
    close(consultation)
    fold.fold(consultation)
    monkeypatch.setattr(retention, "STEP", 1)
    before = figures(consultation)

    assert retention.step(consultation) == 1
    assert figures(consultation) == before
    monkeypatch.setattr(changes.beside, "delete", _killed)
    with pytest.raises(KeyboardInterrupt):
        retention.step(consultation)
    monkeypatch.undo()

    assert RetentionRun.objects.get().responses == 1
    assert run(consultation) == 2
    assert RetentionRun.objects.get().responses == 3
    assert figures(consultation) == before
    assert not AnswerWords.objects.exists()


def _killed(*args):
    raise KeyboardInterrupt


def test_one_round_takes_some_steps_and_the_next_one_goes_on(consultation, sent, monkeypatch):
    close(consultation)
    monkeypatch.setattr(retention, "STEP", 1)
    monkeypatch.setattr(retention, "MOST", 2)

    assert [run(consultation) for _ in range(3)] == [2, 1, 0]


def test_what_is_brought_in_after_the_day_goes_as_well(consultation, sent):
    close(consultation)
    run(consultation)
    old = ledger.Imported(
        uuid.uuid4(), "", "en", Channel.PAPER, timezone.now() - 60 * DAY, Answers({5: True}, {(5, 0): "Late"})
    )
    ledger.import_responses(consultation, consultation.published, [old])

    assert run(consultation) == 1
    assert not AnswerWords.objects.exists()
    assert RetentionRun.objects.count() == 2


def test_one_consultation_that_fails_does_not_keep_the_others(consultation, sent, make_consultation, monkeypatch):
    other = make_consultation()
    submit(other)
    for each in (consultation, other):
        close(each)
        fold.fold(each)
    strip = changes.strip

    def fail(found, keys):
        if found.pk == consultation.pk:
            raise RuntimeError
        return strip(found, keys)

    monkeypatch.setattr(changes, "strip", fail)
    faults = Faults()

    assert retention.strip_due(faults) == 1
    assert faults.number == 1


def test_tick_does_it(consultation, sent, capsys):
    close(consultation)

    call_command("tick")

    assert "3 responses stripped of personal data" in capsys.readouterr().out


def test_the_queries_of_a_step_are_as_many_for_one_as_for_many(consultation, django_assert_max_num_queries):
    for _ in range(2):
        submit(consultation)
    keys = list(Response.objects.values_list("pk", flat=True))
    with django_assert_max_num_queries(24):
        changes.strip(consultation, keys[:1])
    for _ in range(30):
        submit(consultation)
    with django_assert_max_num_queries(24):
        changes.strip(consultation, list(Response.objects.values_list("pk", flat=True)))


# Equality answers


def test_equality_answers_are_cut_in_steps_and_mixed_at_the_end(consultation, monkeypatch):
    for number in range(5):
        submit(consultation, equality={"age": f"from{number}"})
    close(consultation)
    before = set(EqualityAnswers.objects.values_list("pk", flat=True))
    monkeypatch.setattr(retention, "STEP", 2)
    monkeypatch.setattr(apart, "STEP", 2)

    assert run(consultation) == 5

    assert not EqualityLink.objects.exists()
    assert not before & set(EqualityAnswers.objects.values_list("pk", flat=True))
    assert sorted(row.answers["age"] for row in EqualityAnswers.objects.all()) == [f"from{n}" for n in range(5)]
    assert RetentionRun.objects.get().mixed == apart.LAST


# What staff did


def test_what_staff_did_is_kept_for_its_time_and_then_forgotten(consultation, sent, officer):
    said = {"response": sent[0], "by": officer, "name": "officer"}
    Handling.objects.create(act="viewed", hour=timezone.now(), **said)
    Decision.objects.create(verdict="released", **said)
    ReadMark.objects.create(**said)
    download = Download.objects.create(
        by=officer, name="officer", consultation=consultation, holds="responses", level="full", format="csv"
    )
    DownloadEnd.objects.create(download=download, complete=True, rows=3)

    for months, kept in ((retention.TRAIL - 1, True), (retention.TRAIL + 1, False)):
        for _twice in range(2):
            retention.forget_staff(now=begin_of(months_after(timezone.localdate(), months)))
        assert Handling.objects.exists() == Decision.objects.exists() == kept
        assert (ReadMark.objects.get().name == "officer") == kept
    assert Download.objects.exists()

    retention.forget_staff(now=begin_of(months_after(timezone.localdate(), retention.DOWNLOADS + 1)))
    assert not Download.objects.exists()
    assert not DownloadEnd.objects.exists()


def test_a_download_can_still_not_be_deleted_in_any_other_way(consultation, officer):
    download = Download.objects.create(
        by=officer, name="officer", consultation=consultation, holds="responses", level="full", format="csv"
    )

    with pytest.raises(TypeError):
        Download.objects.all().delete()
    with pytest.raises(TypeError):
        download.delete()
