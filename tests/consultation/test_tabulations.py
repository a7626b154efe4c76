"""What takes too long to wait for is counted by tick, kept, and found by whoever asks the same."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.utils import timezone

from consultation import changes, crosstab, summary, tabulations, tasks
from consultation.models import Channel, Response, Tabulation
from consultation.tick import Faults
from tests.consultation.test_comparison import answer

pytestmark = pytest.mark.django_db(transaction=True)

QUESTION = "crosstab/?question=2&across=1"
FILTER = "?channel=web"


@pytest.fixture
def many(consultation, monkeypatch):
    """More responses than are counted at once."""
    monkeypatch.setattr(tabulations, "LARGE", 4)
    monkeypatch.setattr(crosstab, "BATCH", 2)
    answer(consultation, *[{1: n % 2 + 1, 2: [n % 3 + 1]} for n in range(6)])
    return consultation


def address(consultation, rest=""):
    return f"/admin/consultations/{consultation.pk}/{rest}"


def text(page):
    return " ".join(page.content.decode().split())


@pytest.mark.parametrize(("rest", "shown"), [(QUESTION, "figures--compared"), (FILTER, "figure-question")])
def test_a_large_table_is_asked_for_counted_and_kept(many, officer_client, rest, shown):
    offered = text(officer_client.get(address(many, rest)))
    assert "Count them" in offered and shown not in offered and not Tabulation.objects.exists()

    asked = officer_client.post(address(many, f"tabulate/?{rest.partition('?')[2]}"))
    assert asked["Location"] == address(many, rest)
    waiting = officer_client.get(asked["Location"])
    assert waiting["Refresh"] == "5" and "waits for its turn" in text(waiting)
    assert "Refresh" not in officer_client.get(f"{asked['Location']}&stay")

    call_command("tick")
    done = officer_client.get(asked["Location"])
    assert shown in text(done) and "Refresh" not in done
    last = Response.objects.last().pk
    assert f"as of response {last}." in text(done) and "Newer ones" not in text(done)

    answer(many, {1: 1, 2: [1]})
    assert "Newer ones are not in it." in text(officer_client.get(asked["Location"]))
    officer_client.post(address(many, f"tabulate/?{rest.partition('?')[2]}"))
    call_command("tick")
    assert "Newer ones" not in text(officer_client.get(asked["Location"]))


def test_what_is_kept_is_what_would_be_counted_at_once(many, officer):
    asked = tabulations.ask(officer, many, "", 2, 1)

    assert tabulations.make_due() == 1

    asked.refresh_from_db()
    assert tabulations.cells(asked) == crosstab.cells(many, 2, 1)[0]
    assert (asked.state, asked.done, asked.total) == ("done", 6, 6)


def test_progress_is_noted_while_it_is_counted(many, officer, monkeypatch):
    asked, seen = tabulations.ask(officer, many, "", 2, 1), []
    heard = tasks.heard
    monkeypatch.setattr(tasks, "heard", lambda task, done: (heard(task, done=done), seen.append(done)))

    tabulations.make_due()

    assert seen == [2, 4, 6]
    assert Tabulation.objects.get(pk=asked.pk).percent == 99


def test_who_asks_again_gets_the_same_one_and_another_filter_another(many, officer):
    first = tabulations.ask(officer, many, "", 2, 1)

    assert tabulations.ask(officer, many, "", 2, 1) == first
    assert tabulations.ask(officer, many, "channel=web", 2, 1) != first


def test_one_that_fails_is_tried_three_times_and_the_page_says_so(many, officer, officer_client, monkeypatch):
    monkeypatch.setattr(crosstab, "pairs", lambda *args: 1 / 0)
    tabulations.ask(officer, many, "", 2, 1)

    faults = Faults()
    assert tabulations.make_due(faults) == 0

    assert faults.number == 3
    assert "tried three times" in text(officer_client.get(address(many, QUESTION)))


def test_a_filter_that_cannot_be_read_any_more_counts_nothing(many, officer):
    asked = tabulations.ask(officer, many, "channel=pigeon")

    tabulations.make_due(Faults())

    asked.refresh_from_db()
    assert (asked.state, asked.cells) == ("failed", [])


def test_one_that_was_killed_is_made_by_another_and_old_ones_go(many, officer):
    asked = tabulations.ask(officer, many, "", 2, 1)
    silent = timezone.now() - tasks.SILENT - dt.timedelta(seconds=1)
    Tabulation.objects.filter(pk=asked.pk).update(state="running", attempts=1, seen_at=silent)

    assert tabulations.make_due() == 1

    Tabulation.objects.update(seen_at=timezone.now() - tabulations.KEPT - dt.timedelta(seconds=1))
    assert tabulations.find(many, "", 2, 1) is None
    tabulations.make_due()
    assert not Tabulation.objects.exists()


def test_what_is_counted_is_of_one_instant(many, officer, monkeypatch):
    """What is taken back while it is counted is in all of it or in none."""
    asked, noted = tabulations.ask(officer, many, "", 2, 1), []
    heard = tasks.heard

    def take_back(task, done):
        heard(task, done=done)
        if not noted:
            noted.append(done)
            changes.withdraw(Response.objects.last())

    monkeypatch.setattr(tasks, "heard", take_back)
    tabulations.make_due()

    asked.refresh_from_db()
    cells = tabulations.cells(asked)
    assert cells[crosstab.Cell(0, 0)].n == 6
    assert summary.of_consultation(many).received == 5


def test_figures_kept_with_other_questions_to_compare_by_are_counted_anew(many, officer, officer_client):
    tabulations.ask(officer, many, "channel=web")
    tabulations.make_due()
    assert "figure-question" in text(officer_client.get(address(many, FILTER)))

    type(many).objects.filter(pk=many.pk).update(segments=[1])

    assert "figure-question" not in text(officer_client.get(address(many, FILTER)))


def test_nobody_can_have_words_searched_whom_the_filter_does_not_let(many, officer, officer_client):
    officer.groups.set(type(officer.groups.first()).objects.filter(name="Officers (analysis)"))

    officer_client.post(address(many, "tabulate/?words=park"))

    assert not Tabulation.objects.exists()


def test_small_ones_are_not_counted_beside_the_page(consultation, officer_client):
    answer(consultation, {1: 1, 2: [1]}, channel=Channel.WEB)

    officer_client.post(address(consultation, "tabulate/?question=2&across=1"))

    assert not Tabulation.objects.exists()
    assert "figures--compared" in text(officer_client.get(address(consultation, QUESTION)))
