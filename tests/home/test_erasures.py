"""What a backup brings back and was erased since is erased again."""

import uuid

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from consultation import changes, ledger
from consultation.answers import Answers
from consultation.models import AnswerWords, Channel, Handling, Response
from consultation.recount import check
from home import erasures

State = Response.State


def answer(consultation):
    given = Answers({1: 1, 2: None, 3: 41, 4: True, 5: None}, {(4, 0): "Wallace Park"})
    return ledger.submit(consultation, uuid.uuid4(), consultation.published, "en", Channel.WEB, given)


def test_what_was_erased_and_taken_back_after_a_backup_is_so_again_and_nothing_else(consultation, tmp_path, capsys):
    erased, withdrawn, stays = (answer(consultation) for _ in range(3))
    later = uuid.uuid4()
    listed = tmp_path / "erased.txt"
    listed.write_text(f"erased {erased.key}\nwithdrawn {withdrawn.key}\nerased {later}\n")

    call_command("erase_again", listed)

    states = dict(Response.objects.values_list("pk", "state"))
    assert states == {erased.pk: State.ERASED, withdrawn.pk: State.WITHDRAWN, stays.pk: State.COUNTED}
    assert list(AnswerWords.objects.values_list("response_id", flat=True)) == [stays.pk]
    assert list(Handling.objects.values_list("response_id", "act", "name")) == [(erased.pk, "erased", "erase_again")]
    assert check(consultation) == []
    assert "2 responses" in capsys.readouterr().out


def test_the_list_of_a_newer_database_is_what_an_older_one_reads(consultation):
    erased, _stays = answer(consultation), answer(consultation)
    changes.erase(erased)

    listed = list(erasures.erasures())

    assert listed == [f"erased {erased.key}"]
    assert erasures.repeat(listed) == 0  # it is so already


@pytest.mark.parametrize("has_the_first_correction", [False, True])
@pytest.mark.parametrize("state", [State.ERASED, State.WITHDRAWN])
def test_what_was_corrected_before_it_went_comes_back_from_no_older_backup(
    consultation, state, has_the_first_correction
):
    first, stays = answer(consultation), answer(consultation)
    kept = correct(first) if has_the_first_correction else first
    with transaction.atomic():  # what happened after the backup
        newest = correct(kept if has_the_first_correction else correct(first))
        erasures.GONE[state](newest)
        listed = list(erasures.erasures())
        transaction.set_rollback(True)
    assert len(listed) == 3

    erasures.repeat(listed)

    kept.refresh_from_db()
    assert kept.state == state
    assert not AnswerWords.objects.exclude(response=stays).exists()
    assert check(consultation) == []
    assert set(Response.objects.filter(state=State.COUNTED)) == {stays}


def correct(response):
    given = Answers({1: 1, 2: None, 3: 41, 4: True, 5: None}, {(4, 0): "Wallace Park, the old part"})
    return changes.correct(response, uuid.uuid4(), response.version, "en", given)


def test_nothing_is_erased_by_a_file_that_is_no_such_list(consultation, tmp_path):
    answered = answer(consultation)
    listed = tmp_path / "list.txt"
    listed.write_text(f"erased {answered.key}\ncounted {answered.key}\n")

    with pytest.raises(CommandError):
        call_command("erase_again", listed)

    answered.refresh_from_db()
    assert answered.state == State.COUNTED
