"""What staff decide about an idea, and what follows: a dated step, an entry in the log, an e-mail after the commit."""

import re

import pytest
from django.db import transaction
from wagtail.models import ModelLogEntry

from consultation import moderation, outbox
from consultation.models import Idea, IdeaAddress, IdeaStep, Message
from tests.factories import make_themes
from tests.ideas import decide, make_idea

pytestmark = pytest.mark.django_db

WITH_GROUP, TAKEN, NOT_TAKEN = Idea.Status.WITH_GROUP, Idea.Status.TAKEN, Idea.Status.NOT_TAKEN
PAGE = "https://plan.example.org/en/ideas/"


@pytest.fixture
def told():
    """An idea whose sender wants to be told."""
    return make_idea("Plant more trees\nby the river", email="ada@example.org", page=PAGE)


def steps(idea):
    return list(idea.steps.order_by("pk").values_list("status", "note"))


def test_each_status_is_a_dated_step_with_its_note(editor):
    idea = make_idea()

    decide(idea, editor, status=WITH_GROUP, note="The group meets in May.")
    decide(idea, editor, status=NOT_TAKEN, note="There is one already.")

    assert steps(idea) == [
        ("received", ""),
        ("with-group", "The group meets in May."),
        ("not-taken", "There is one already."),
    ]


def test_another_note_to_the_same_status_takes_the_place_of_the_first_and_is_no_news(editor, told):
    decide(told, editor, status=WITH_GROUP, note="The group meats in May.")
    Message.objects.all().delete()

    assert decide(told, editor, note="The group meets in May.") == ["note"]

    assert steps(told)[1:] == [("with-group", "The group meets in May.")]
    assert not Message.objects.exists()


def test_what_was_written_stays_whatever_is_shown_instead(editor):
    idea = make_idea("Write to me: ada@example.org")

    decide(idea, editor, shown_text="Write to me: […]")

    idea.refresh_from_db()
    assert (idea.text, idea.public_text) == ("Write to me: ada@example.org", "Write to me: […]")


def test_what_was_decided_on_an_older_view_is_refused(editor):
    idea = make_idea()
    decide(idea, editor, theme=make_themes()[0])

    with pytest.raises(moderation.Meanwhile):
        stands = {name: getattr(idea, name) for name in moderation.FIELDS}
        moderation.decide(idea.pk, idea.revision, moderation.Decision(**stands | {"status": TAKEN}, note=""), editor)

    assert steps(idea) == [("received", "")]


def test_the_log_says_who_did_what_and_not_what_was_written(editor):
    idea = make_idea("A secret of Ada's")

    decide(idea, editor, moderation="not-shown", reason="Names Ada.", shown_text="A secret of […]")

    entry = ModelLogEntry.objects.get()
    assert (entry.action, entry.user, entry.label) == (moderation.MODERATE, editor, idea.reference)
    assert entry.data["moderation"] == ["shown", "not-shown"]
    assert not {"Ada", "secret"} & set(re.findall(r"\w+", repr(entry.data)))
    assert str(entry.message) == "Idea moderated"


def test_saving_without_a_change_leaves_no_trace(editor):
    assert decide(make_idea(), editor) == []
    assert not ModelLogEntry.objects.exists()


def test_who_gave_an_address_is_told_of_a_new_status_and_nobody_else(editor, told):
    quiet = make_idea("Fewer cars")
    for idea in (told, quiet):
        decide(idea, editor, status=WITH_GROUP, note="The group meets in May.")

    (letter,) = Message.objects.all()
    assert letter.to == "ada@example.org"
    assert letter.subject == f"Your idea {told.reference}: With the working group"
    assert "    The group meets in May." in letter.body
    assert "    Plant more trees\n    by the river" in letter.body
    assert PAGE in letter.body


def test_nothing_is_sent_while_nothing_but_showing_is_decided(editor, told):
    decide(told, editor, moderation="not-shown", reason="An advertisement.")

    assert not Message.objects.exists()


@pytest.mark.parametrize("final", [TAKEN, NOT_TAKEN])
def test_the_last_letter_says_so_and_the_address_is_gone(editor, told, final):
    decide(told, editor, status=WITH_GROUP)
    assert IdeaAddress.objects.exists()

    decide(told, editor, status=final, note="As you said.")

    assert "This is the last e-mail about it" in Message.objects.last().body
    assert "last e-mail" not in Message.objects.first().body
    assert not IdeaAddress.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_letter_leaves_through_a_mail_server_after_the_commit_alone(editor, mail_server):
    told = make_idea(email="ada@example.org", page=PAGE)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        decide(told, editor, status=WITH_GROUP)
        1 / 0  # noqa: B018
    assert outbox.send_due() == 0
    assert IdeaStep.objects.count() == 1

    decide(told, editor, status=WITH_GROUP, note="Zażółć 🌳")
    assert mail_server.accepted == []
    assert outbox.send_due() == 1

    (letter,) = mail_server.accepted
    assert letter["To"] == "ada@example.org"
    assert "Zażółć 🌳" in letter.get_content()


def test_a_letter_speaks_the_language_of_the_idea(editor):
    told = make_idea("Więcej drzew", language="pl", email="ada@example.org", page=PAGE)

    decide(told, editor, status=WITH_GROUP)

    assert Message.objects.get().language == "pl"


def test_an_erased_idea_leaves_its_reference_in_the_log_and_nothing_else(editor, told):
    decide(told, editor, status=WITH_GROUP)

    moderation.erase(told.pk, editor)

    assert not Idea.objects.exists() and not IdeaStep.objects.exists() and not IdeaAddress.objects.exists()
    entry = ModelLogEntry.objects.get(action=moderation.ERASE)
    assert (entry.label, entry.deleted) == (told.reference, True)
    assert "trees" not in repr(ModelLogEntry.objects.values())


def test_an_erased_idea_is_in_no_letter_that_still_waits_and_no_other_letter_goes_with_it(editor, told):
    other = make_idea("Fewer cars", email="bob@example.org", page=PAGE)
    for idea in (told, other):
        decide(idea, editor, status=WITH_GROUP)
    outbox.put("eve@example.org", "Written before letters knew their idea", "More trees", "en")

    moderation.erase(told.pk, editor)

    assert {letter.to for letter in Message.objects.all()} == {"bob@example.org", "eve@example.org"}
