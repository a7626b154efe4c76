"""Whoever does them, and however it ends: each task is done once, or it says that it failed."""

import datetime as dt

import pytest
from django.utils import timezone

from consultation import tabulations, tasks
from consultation.models import Tabulation
from consultation.tick import Faults

pytestmark = pytest.mark.django_db
State = Tabulation.State


@pytest.fixture
def task(consultation, officer):
    return tabulations.ask(officer, consultation, "", 1)


def now(task):
    task.refresh_from_db()
    return task.state, task.attempts


def done(task):
    Tabulation.objects.filter(pk=task.pk).update(state=State.DONE)


def test_only_one_of_two_takes_it(task):
    mine, yours = Tabulation.objects.get(), Tabulation.objects.get()

    assert tasks.take(mine) == task
    assert tasks.take(yours) is None
    assert now(task) == (State.RUNNING, 1)


def test_one_that_fails_does_not_keep_the_next_from_being_done(consultation, officer, task):
    next_one, faults = tabulations.ask(officer, consultation, "", 2), Faults()

    def do(task):
        with tasks.doing(task):
            if task.question == 1:
                raise ValueError
            done(task)

    assert tasks.do_due(Tabulation, do, faults) == 1
    assert (now(task), now(next_one)) == ((State.FAILED, 3), (State.DONE, 1))
    assert faults.names == [f"tabulation {task.pk}"] * 3


def test_the_oldest_is_done_first(consultation, officer, task):
    tabulations.ask(officer, consultation, "", 2)
    order = []

    tasks.do_due(Tabulation, lambda task: (order.append(task.question), done(task)))

    assert order == [1, 2]


def test_a_disk_that_is_full_is_no_attempt_until_it_has_been_so_for_long(task):
    def do(task):
        with tasks.doing(task, until=task.asked_at + dt.timedelta(hours=1)):
            raise OSError

    assert tasks.do_due(Tabulation, do, Faults()) == 0
    assert now(task) == (State.WAITING, 0)
    assert timezone.now() < task.seen_at  # not before

    Tabulation.objects.update(asked_at=timezone.now() - dt.timedelta(hours=2), seen_at=timezone.now())
    tasks.do_due(Tabulation, do, Faults())
    assert now(task) == (State.FAILED, 0)


@pytest.mark.parametrize(("attempts", "state"), [(1, State.DONE), (3, State.FAILED)])
def test_who_is_not_heard_of_any_more_is_replaced_until_it_was_tried_three_times(task, attempts, state):
    Tabulation.objects.update(state=State.RUNNING, attempts=attempts)
    assert tasks.do_due(Tabulation, done) == 0
    Tabulation.objects.update(seen_at=timezone.now() - tasks.SILENT - dt.timedelta(seconds=1))

    tasks.do_due(Tabulation, done)

    assert now(task)[0] == state


def test_who_was_given_up_and_then_fails_takes_nothing_from_whoever_did_it(task):
    taken = tasks.take(task)

    with pytest.raises(ValueError, match="late"), tasks.doing(taken):
        done(task)  # by another
        raise ValueError("late")

    assert now(task) == (State.DONE, 1)
