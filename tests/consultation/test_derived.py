"""Links hold when the site's key is changed, as long as the old one is named."""

import uuid

import pytest
from django.conf import settings

from consultation import derived, drafts, subscribers
from consultation.models import Draft, Subscriber

NEW = "another-key-of-the-site"


@pytest.fixture
def changed_key(settings):
    """The site's key is another from now on, and the old one is named."""

    def change(*, old_is_known: bool) -> None:
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY] if old_is_known else []
        settings.SECRET_KEY = NEW

    return change


def test_a_secret_is_told_again_and_a_new_key_makes_another(changed_key):
    key = uuid.uuid4()
    secret = derived.new("salt", key)
    stored = derived.hash_secret(secret)

    changed_key(old_is_known=True)

    assert derived.again("salt", key, stored) == secret != derived.new("salt", key)
    assert derived.again("another salt", key, stored) is None
    settings.SECRET_KEY_FALLBACKS = []
    assert derived.again("salt", key, stored) is None


@pytest.mark.django_db
def test_a_form_that_was_sent_before_and_after_the_key_was_changed_opens_one_draft(consultation, changed_key):
    key = uuid.uuid4()
    draft, secret = drafts.begin(consultation, key)

    changed_key(old_is_known=True)
    again, told = drafts.begin(consultation, key)

    assert (again.pk, told) == (draft.pk, secret)
    assert drafts.find(consultation, told) == draft
    assert Draft.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("old_is_known", [True, False])
def test_the_links_of_a_later_e_mail_open_the_address_after_the_key_was_changed(
    consultation, changed_key, old_is_known
):
    subscribers.ask(consultation, "somebody@example.org", "en", "https://plan.example.org", "A plan")
    before = Subscriber.objects.get()
    first = subscribers._secret(before)

    changed_key(old_is_known=old_is_known)
    later = subscribers._secret(Subscriber.objects.get())

    assert subscribers.find(consultation.pk, later) == before
    assert (later == first) == old_is_known
