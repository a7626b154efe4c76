"""What coders find is their own, what counts follows from it exactly, and both go where the words go."""

import csv
import datetime as dt
import io
import uuid

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consultation import changes, codebook, coding, csv_copy, csv_files, csv_long, frames, ledger
from consultation.answers import Answers
from consultation.coding import Gone, Place, differ, settled
from consultation.columns import Form
from consultation.frames import InUse
from consultation.models import (
    AnswerWords,
    Application,
    Channel,
    Code,
    CodedAs,
    CodedQuestion,
    CodedText,
    CodeFrame,
    Coding,
    Level,
    Redaction,
    Response,
)
from consultation.source import SourceItem, SourceSection
from tests.coding import codes_of, make_frame, place, write
from tests.factories import make_consultation_page, make_source

pytestmark = pytest.mark.django_db

SETS = st.frozensets(st.sampled_from([1, 2, 3]))


@pytest.fixture
def frame(consultation):
    return make_frame(consultation)


@pytest.fixture
def coders(django_user_model):
    return [django_user_model.objects.create_user(name) for name in ("first", "second")]


def counts(response, question=5, option=0):
    """The names of what counts; None where nothing was read."""
    text = CodedText.objects.filter(response=response, question=question, option=option).first()
    return None if text is None else sorted(row.code.name for row in text.codes.select_related("code"))


# What counts


@given(found=st.lists(SETS, max_size=4), decided=st.none() | SETS)
def test_what_counts_is_what_all_found_unless_somebody_decided(found, decided):
    counted = settled(found, decided)

    if decided is not None:
        assert counted == decided
    elif not found:
        assert counted is None
    else:
        assert counted == {code for code in (1, 2, 3) if all(code in one for one in found)}
    if len(found) == 1 and decided is None:
        assert counted == found[0]
    assert differ(found) == any(one != found[0] for one in found)


def test_one_coder_counts_alone_two_where_they_agree_and_a_decision_after_all(consultation, frame, coders):
    response, (first, second) = write(consultation), coders
    buses, trees, litter = (code.pk for code in codes_of(frame))
    assert counts(response) is None

    coding.read(frame, place(response), [buses, trees], first)
    assert counts(response) == ["Buses", "Trees"]
    coding.read(frame, place(response), [trees, litter], second)
    assert counts(response) == ["Trees"]
    coding.decide(frame, place(response), [trees, litter], first)
    assert counts(response) == ["Litter", "Trees"]
    coding.read(frame, place(response), [buses], first)
    assert counts(response) == ["Litter", "Trees"]
    coding.undecide(frame, place(response))
    assert counts(response) == []
    coding.take_back(frame, place(response), second)
    assert counts(response) == ["Buses"]
    coding.take_back(frame, place(response), first)
    assert counts(response) is None


def test_read_and_nothing_fits_is_not_the_same_as_not_read(consultation, frame, officer):
    read, unread = write(consultation), write(consultation)

    coding.read(frame, place(read), [], officer)

    assert (counts(read), counts(unread)) == ([], None)
    rows = coding.texts(frame).filter(~coding.read_by()).values_list("response", flat=True)
    assert list(rows) == [unread.pk]


def test_codes_of_another_frame_are_not_applied(consultation, frame, officer):
    response, other = write(consultation), make_frame(consultation, 4, name="Parks")

    coding.read(frame, place(response), [codes_of(other)[0].pk, codes_of(frame)[0].pk], officer)

    assert counts(response) == ["Buses"]


@pytest.mark.parametrize(
    "wrong", [lambda r: Place(r.pk, 4, 0), lambda r: Place(r.pk, 5, 1), lambda r: Place(r.pk + 1, 5, 0)]
)
def test_only_a_text_of_the_frames_questions_is_coded(consultation, frame, officer, wrong):
    response = write(consultation)

    with pytest.raises(Gone):
        coding.read(frame, wrong(response), [], officer)

    assert not Coding.objects.exists()


def test_the_text_of_letters_is_coded_like_any_other(consultation, officer):
    letters = make_frame(consultation, 0, 5)
    response = write(consultation)
    AnswerWords.objects.create(response=response, question=0, option=0, text="Dear council")

    coding.read(letters, place(response, 0), [codes_of(letters)[1].pk], officer)

    assert counts(response, 0) == ["Trees"]
    assert coding.texts(letters).count() == 2


def test_what_stands_beside_another_is_coded_by_itself(consultation, officer):
    wishes = make_frame(consultation, 2)
    response = write(consultation, q2_4="A tram")

    coding.read(wishes, place(response, 2, 4), [codes_of(wishes)[0].pk], officer)

    assert counts(response, 2, 4) == ["Buses"]


# Where the words go


@pytest.mark.parametrize("change", ["withdraw", "erase"])
def test_what_was_coded_goes_with_what_is_taken_back(consultation, frame, officer, change):
    response = write(consultation)
    coding.read(frame, place(response), [codes_of(frame)[0].pk], officer)

    getattr(changes, change)(response)

    assert not any(model.objects.exists() for model in (Coding, Application, CodedText, CodedAs))
    with pytest.raises(Gone):
        coding.read(frame, place(response), [], officer)


def test_a_corrected_text_is_not_read(consultation, frame, officer):
    response = write(consultation)
    coding.read(frame, place(response), [codes_of(frame)[0].pk], officer)

    given = Answers({1: 2, 5: True}, {(5, 0): "Fewer trees"})
    new = changes.correct(response, uuid.uuid4(), consultation.published, "en", given)

    assert (counts(response), counts(new)) == (None, None)
    assert [row.response_id for row in coding.texts(frame).filter(~coding.read_by())] == [new.pk]


def test_retention_keeps_what_counts_and_not_who_found_it_or_when(consultation, frame, officer):
    read, unread = write(consultation), write(consultation)
    coding.read(frame, place(read), [codes_of(frame)[0].pk], officer)

    for _ in range(2):
        changes.anonymise(consultation, timezone.now() + dt.timedelta(1))

        assert (counts(read), counts(unread)) == (["Buses"], None)
        assert not Coding.objects.exists()
        assert not Application.objects.exists()
    fields = {field.name for model in (CodedText, CodedAs) for field in model._meta.get_fields()}
    assert fields == {"id", "response", "question", "option", "codes", "text", "code"}


def test_holding_and_redacting_change_no_code(consultation, frame, officer):
    response = write(consultation)
    coding.read(frame, place(response), [codes_of(frame)[0].pk], officer)

    changes.hold(response)
    Redaction.objects.create(response=response, question=5, text="[…]", name="officer")
    changes.release(response)

    assert counts(response) == ["Buses"]


def test_who_coded_stays_known_when_the_user_is_deleted(consultation, frame, officer):
    response = write(consultation)
    coding.read(frame, place(response), [], officer)

    officer.delete()

    assert Coding.objects.get().name == "officer"


# Several at once


def test_a_code_is_applied_to_several_and_taken_away_again(consultation, frame, officer):
    responses = [write(consultation) for _ in range(3)]
    buses, trees, _litter = (code.pk for code in codes_of(frame))
    coding.read(frame, place(responses[0]), [buses], officer)

    applied = coding.apply(frame, [place(one) for one in responses], trees, officer)

    assert applied == (3, 0)
    assert [counts(one) for one in responses] == [["Buses", "Trees"], ["Trees"], ["Trees"]]
    assert not Coding.objects.filter(decides=True).exists()
    assert coding.apply(frame, [place(one) for one in responses], trees, officer) == (0, 0)
    assert coding.apply(frame, [place(responses[0])], trees, officer, away=True) == (1, 0)
    assert counts(responses[0]) == ["Buses"]


def test_nobody_changes_what_another_found_but_decides_and_a_quarrel_waits(consultation, frame, coders):
    theirs, quarrel, unread = (write(consultation) for _ in range(3))
    (first, second), (buses, trees, _litter) = coders, (code.pk for code in codes_of(frame))
    coding.read(frame, place(theirs), [buses], first)
    coding.read(frame, place(quarrel), [buses], first)
    coding.read(frame, place(quarrel), [trees], second)

    applied = coding.apply(frame, [place(theirs), place(quarrel), Place(0, 5, 0)], trees, second)

    assert applied == (1, 1)
    assert counts(theirs) == ["Buses", "Trees"]
    assert coding.found_in([place(theirs)])[place(theirs)].by_coder == {"first": {buses}}
    assert counts(quarrel) == []
    assert coding.apply(frame, [place(unread)], trees, first, away=True) == (0, 0)
    assert counts(unread) is None


# Codes


def test_a_code_keeps_its_key_when_it_is_renamed_and_the_same_name_is_the_same_code(frame):
    code = frames.new_code(frame, "Café & bar")
    assert (code.key, code.shortcut) == ("cafe-bar", "4")
    code.name = "Places to eat"
    code.save()

    again = frames.new_code(frame, "Cafe bar")

    assert (again.key, again.shortcut) == ("cafe-bar-2", "5")
    assert frames.new_code(frame, "PLACES to eat").pk == code.pk
    assert frames.new_code(frame, "дерева").key == "code"
    frames.retire(code)
    assert frames.new_code(frame, "Places to eat").retired_at is None


def test_there_are_as_many_codes_as_wanted_and_keys_of_the_keyboard_until_none_is_left(frame):
    for n in range(50):
        frames.new_code(frame, f"Code {n}")

    shortcuts = [code.shortcut for code in codes_of(frame)]
    assert shortcuts[:35] == list(frames.SHORTCUTS)
    assert set(shortcuts[35:]) == {""}
    assert "n" not in frames.SHORTCUTS


def test_merging_leaves_each_text_with_one_code_and_agreement_where_there_was_none(consultation, frame, coders):
    (first, second), (buses, trees, litter) = coders, codes_of(frame)
    both, either, old = (write(consultation) for _ in range(3))
    coding.read(frame, place(both), [buses.pk, trees.pk], first)
    coding.read(frame, place(either), [buses.pk], first)
    coding.read(frame, place(either), [trees.pk], second)
    coding.read(frame, place(old), [buses.pk], first)
    changes.anonymise(consultation, timezone.now() - dt.timedelta(1))
    Response.objects.filter(pk=old.pk).update(received_at=timezone.now() - dt.timedelta(9))
    changes.anonymise(consultation, timezone.now() - dt.timedelta(1))
    assert counts(either) == []
    Code.objects.filter(pk=litter.pk).update(parent=buses)

    frames.merge(buses, trees)

    assert [counts(one) for one in (both, either, old)] == [["Trees"]] * 3
    assert [code.name for code in codes_of(frame)] == ["Trees", "Litter"]
    assert Code.objects.get(name="Litter").parent == trees
    assert_right(frame)


def test_only_a_code_that_nothing_hangs_on_is_deleted(consultation, frame, officer):
    buses, trees, litter = codes_of(frame)
    coding.read(frame, place(write(consultation)), [buses.pk], officer)
    Code.objects.filter(pk=litter.pk).update(parent=trees)

    for used in (buses, trees):
        with pytest.raises(InUse):
            frames.delete(used)
    frames.delete(litter)
    frames.delete(trees)

    assert codes_of(frame) == [buses]


def test_a_retired_code_keeps_what_has_it_and_frees_its_key(consultation, frame, officer):
    buses = codes_of(frame)[0]
    response = write(consultation)
    coding.read(frame, place(response), [buses.pk], officer)

    frames.retire(buses)

    assert counts(response) == ["Buses"]
    assert frames.new_code(frame, "Trams").shortcut == "1"
    frames.restore(buses)
    assert buses.shortcut == "4"


# The sample


def test_the_sample_of_a_second_coder_is_a_fixed_share_that_only_grows(consultation, frame):
    version = consultation.published
    rows = Response.objects.bulk_create(
        Response(consultation=consultation, key=uuid.uuid4(), version=version, language="en", channel="web", answers={})
        for _ in range(1_000)
    )
    AnswerWords.objects.bulk_create(AnswerWords(response=row, question=5, text="Trees") for row in rows)

    def sample(share):
        return set(coding.texts(frame).filter(coding.sampled(share)).values_list("response", flat=True))

    assert sample(0) == set()
    assert sample(20) == sample(20)
    assert 150 <= len(sample(20)) <= 250
    assert sample(20) < sample(50)
    assert len(sample(100)) == 1_000
    halves = [len([pk for pk in sample(20) if pk % 2 == n]) for n in (0, 1)]
    assert min(halves) > 50


# The same, whatever happens


def assert_right(frame):
    """Work out by hand from the findings what has to count, and compare."""
    found, decided = {}, {}
    for row in Coding.objects.filter(response__consultation=frame.consultation_id):
        where = row.response_id, row.question, row.option
        applied = frozenset(Application.objects.filter(coding=row).values_list("code", flat=True))
        if row.decides:
            decided[where] = applied
        else:
            found.setdefault(where, []).append(applied)
    wanted = {where: settled(found.get(where, []), decided.get(where)) for where in found.keys() | decided.keys()}
    counted = {
        (t.response_id, t.question, t.option): {c.code_id for c in t.codes.all()} for t in CodedText.objects.all()
    }
    kept = {where: codes for where, codes in counted.items() if AnswerWords.objects.filter(response=where[0]).exists()}
    assert kept == wanted


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["read", "read", "decide", "undecide", "take_back", "apply", "away", "merge", "withdraw"]),
        st.integers(0, 2),  # response
        st.frozensets(st.integers(0, 2)),  # codes
        st.booleans(),  # who
    ),
    max_size=14,
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_what_counts_follows_from_what_was_found_whatever_is_done(consultation, steps):
    CodedText.objects.all().delete()
    Coding.objects.all().delete()
    CodeFrame.objects.all().delete()
    frame, responses = make_frame(consultation), [write(consultation) for _ in range(3)]
    users = [get_user_model().objects.get_or_create(username=name)[0] for name in ("first", "second")]
    for step, number, chosen, who in steps:
        codes = [code.pk for code in codes_of(frame)]
        picked = [codes[n] for n in chosen if n < len(codes)]
        where, user = place(responses[number]), users[who]
        try:
            if step in ("read", "decide"):
                getattr(coding, step)(frame, where, picked, user)
            elif step == "undecide":
                coding.undecide(frame, where)
            elif step == "take_back":
                coding.take_back(frame, where, user)
            elif step == "merge" and len(codes) > 2:
                frames.merge(*codes_of(frame)[:2])
            elif step in ("apply", "away") and picked:
                coding.apply(frame, [place(one) for one in responses], picked[0], user, away=step == "away")
            elif step == "withdraw":
                changes.withdraw(responses[number])
        except (Gone, changes.NotPossible):
            pass
        assert_right(frame)


def test_what_was_not_written_down_is_found(consultation, frame, officer):
    coding.read(frame, place(write(consultation)), [codes_of(frame)[0].pk], officer)
    CodedAs.objects.all().delete()

    with pytest.raises(AssertionError):
        assert_right(frame)


# Files


def table(parts):
    return list(csv.DictReader(io.StringIO(b"".join(parts).decode())))


@pytest.fixture
def coded(consultation, frame, officer):
    """Three: coded twice over, coded as nothing, and not coded."""
    beside = CodedQuestion.objects.create(consultation=consultation, frame=frame, question=2)
    assert beside.begun_at is None
    rows = [write(consultation, q2_4="A tram"), write(consultation), write(consultation)]
    buses, trees, litter = (code.pk for code in codes_of(frame))
    coding.read(frame, place(rows[0]), [trees, buses], officer)
    coding.read(frame, place(rows[0], 2, 4), [litter], officer)
    coding.read(frame, place(rows[1]), [], officer)
    return consultation


def test_each_coded_question_has_a_column_behind_all_others(coded):
    rows = table(csv_copy.portable(coded, "en", Form.LABELS))
    keyed = table(csv_copy.portable(coded, "en", Form.KEYS))

    assert [row["5. What should change there? – codes"] for row in rows] == ["Buses; Trees", "(none)", ""]
    assert list(keyed[0])[-2:] == ["q5.text.codes", "q2.text.codes"]
    assert [row["q5.text.codes"] for row in keyed] == ["buses; trees", "(none)", ""]
    assert [row["q2.text.codes"] for row in keyed] == ["litter", "", ""]


def test_a_frame_without_a_finding_changes_no_byte(consultation):
    write(consultation)
    files = [csv_copy.portable, csv_long.responses]
    before = [b"".join(file(consultation, "en", Form.LABELS)) for file in files]

    make_frame(consultation)

    assert [b"".join(file(consultation, "en", Form.LABELS)) for file in files] == before


def test_a_column_stays_when_what_was_coded_is_gone(coded):
    for response in coded.responses.all():
        changes.erase(response)

    header = next(csv_files.lines(coded, "en", Form.KEYS)).strip().split(",")

    assert header[-2:] == ["q5.text.codes", "q2.text.codes"]


def test_the_long_file_has_a_row_for_each_code_and_the_codebook_a_line(coded):
    rows = [row for row in table(csv_long.responses(coded, "en", Form.LABELS)) if ":" in row["option"]]

    assert [(row["row"], row["question"], row["option"], row["option_label"], row["value"]) for row in rows] == [
        ("1", "q2", "code:litter", "Litter", ""),
        ("1", "q5", "code:buses", "Buses", ""),
        ("1", "q5", "code:trees", "Trees", ""),
        ("2", "q5", ":codes", "", "(none)"),
    ]
    lines = {(line.question, line.option): line for line in codebook.lines(coded, "en")}
    assert {(row["question"], row["option"]) for row in rows} <= lines.keys()
    assert (lines["q5", ":codes"].n, lines["q5", "code:buses"].n, lines["q5", "code:litter"].n) == ("2", "1", "0")
    assert lines["q5", ":codes"].column == "q5.text.codes"


def test_the_codes_of_a_question_with_personal_data_are_in_the_full_file_alone(make_consultation, officer):
    item = SourceItem(id="about", kind="long_text", label="About you", personal=True)
    section = SourceSection(id="more", title="More", introduction="", items=(item,))
    consultation = make_consultation(sections=(*make_source().sections, section))
    frame = make_frame(consultation, 6)
    given = Answers({1: 2, 6: True}, {(6, 0): "Somebody"})
    response = ledger.submit(consultation, uuid.uuid4(), consultation.published, "en", Channel.WEB, given)
    coding.read(frame, place(response, 6), [codes_of(frame)[0].pk], officer)

    analysis = [table(file(consultation, "en", Form.KEYS)) for file in (csv_copy.portable, csv_long.responses)]
    full = [table(file(consultation, "en", Form.KEYS, Level.FULL)) for file in (csv_copy.portable, csv_long.responses)]

    assert "q6.text.codes" not in analysis[0][0]
    assert not any(row["question"] == "q6" for row in analysis[1])
    assert full[0][0]["q6.text.codes"] == "buses"
    assert any(row["option"] == "code:buses" for row in full[1])
    assert not any(row[0] == "q6" for row in codebook.rows(consultation, "en", Level.ANALYSIS))


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL only: it writes the file by itself")
@pytest.mark.parametrize("form", Form)
def test_both_writers_give_the_same_bytes_of_codes(consultation, officer, form):
    frame = make_frame(consultation, 5, 2)
    hostile = [frames.new_code(frame, name) for name in ("=1+1", "'x", "a \\ b", 'say "x"', "ż, ó", "{0} %s")]
    for n in range(20):
        response = write(consultation, "=2" if n % 3 else "", q2_4="-A tram")
        chosen = [code.pk for m, code in enumerate([*hostile, *codes_of(frame)]) if (n + m) % 4 == 0 and n % 5]
        for where in ([place(response)] if n % 3 else []) + ([place(response, 2, 4)] if n % 2 else []):
            coding.read(frame, where, chosen, officer)

    copied = b"".join(csv_copy.copied(consultation, "en", form, Level.FULL))

    assert copied == b"".join(csv_copy.portable(consultation, "en", form, Level.FULL))
    assert b"(none)" in copied
    assert copied.count(b"; ") > 10


def test_a_package_with_codes_can_be_brought_in_again_without_them(tmp_path, officer):
    consultation = make_consultation_page().consultation
    frame = make_frame(consultation, 4)
    given = Answers({1: 2, 4: True}, {(4, 0): "More trees"})
    response = ledger.submit(consultation, uuid.uuid4(), consultation.published, "en", Channel.WEB, given)
    coding.read(frame, place(response, 4), [codes_of(frame)[0].pk], officer)

    said = io.StringIO()
    call_command("export_package", str(consultation.pk), str(tmp_path / "package"), stdout=said)
    changes.erase(response)  # its reference is free
    call_command("import_package", str(tmp_path / "package"), "--dry-run", stdout=said)

    assert "q4.text.codes" in (tmp_path / "package" / "responses.csv").read_text()
