"""Ideas in the domain: sent once, shown once they were read, counted, and the addresses forgotten."""

import datetime as dt
import uuid
from collections import Counter
from contextlib import suppress

import pytest
import time_machine
from django.db import connection, models
from django.utils import timezone

from consultation import ideas
from consultation.ideas import Sent
from consultation.models import Idea, IdeaAddress
from consultation.tick import forget_drafts
from tests.consultation.test_races import WRITERS, in_parallel
from tests.factories import make_themes
from tests.ideas import make_idea

SENT = Sent("More trees", None, "en", "ada@example.org", "https://plan.example.org/en/ideas/")


@pytest.fixture
def keys_may_repeat(transactional_db):
    """Take the unique key away, and put it back once the doubles are gone."""
    unique, free = Idea._meta.get_field("key"), models.UUIDField()
    free.set_attributes_from_name("key")
    free.model = Idea
    with connection.schema_editor() as editor:
        editor.alter_field(Idea, unique, free)
    yield
    Idea.objects.all().delete()
    with connection.schema_editor() as editor:
        editor.alter_field(Idea, free, unique)


KEYS = 40


def send_all_at_once():
    """Each key by every writer at the same time; how often each is stored."""
    keys = [key for key in (uuid.uuid4() for _ in range(KEYS)) for _ in range(WRITERS)]
    in_parallel(send, keys)
    return Counter(Idea.objects.values_list("key", flat=True))


def send(key):
    with suppress(Idea.MultipleObjectsReturned):  # where nothing keeps a key from repeating
        ideas.submit(key, SENT)


def test_without_the_unique_key_a_double_click_would_count_twice(keys_may_repeat):
    most = max(send_all_at_once().values())

    # SQLite has one writer at a time, who looks and inserts in one transaction.
    assert (most > 1) == (connection.vendor == "postgresql")


def test_what_is_sent_many_times_at_once_counts_once(transactional_db):
    stored = send_all_at_once()

    assert (len(stored), set(stored.values())) == (KEYS, {1})
    assert IdeaAddress.objects.count() == KEYS
    assert {idea.steps.count() for idea in Idea.objects.all()} == {1}


@pytest.mark.django_db
def test_what_nobody_has_read_or_what_is_not_to_be_shown_is_not_listed():
    (theme, _other) = make_themes()
    for moderated in Idea.Moderation:
        make_idea(str(moderated), moderated, theme=theme)

    assert [idea.text for idea in ideas.shown()] == ["shown"]
    assert ideas.numbers() == {theme.pk: 1}


@pytest.mark.django_db
def test_officers_figures_count_what_was_read_and_what_was_not_but_no_refused_one():
    (theme, other) = make_themes()
    make_idea(theme=theme, moderated=Idea.Moderation.NEW)
    make_idea(theme=theme)
    make_idea(theme=theme, moderated=Idea.Moderation.NOT_SHOWN)
    make_idea(theme=other)
    taken = make_idea(theme=theme)
    Idea.objects.filter(pk=taken.pk).update(status=Idea.Status.TAKEN)

    standing = ideas.standing(theme)

    assert [n for _status, n in standing.by_status] == [2, 0, 1, 0]
    assert (standing.total, standing.unread, standing.not_shown) == (3, 1, 1)


@pytest.mark.django_db
def test_an_address_is_forgotten_after_a_year_and_the_idea_stays():
    ideas.submit(uuid.uuid4(), SENT)

    with time_machine.travel(timezone.now() + dt.timedelta(days=364)):
        forget_drafts()
        assert IdeaAddress.objects.exists()
    with time_machine.travel(timezone.now() + dt.timedelta(days=366)):
        forget_drafts()

    assert not IdeaAddress.objects.exists()
    assert Idea.objects.count() == 1
