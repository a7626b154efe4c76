"""A translation on its way to a second person, which wagtail-localize knows only how to publish."""

from typing import Any

from django.db import transaction
from django.utils.text import slugify
from wagtail.coreutils import find_available_slug
from wagtail.models import Page, Revision
from wagtail_localize.models import Translation, TranslationLog


@transaction.atomic
def submit(translation: Translation, user: Any) -> None:
    """Make a draft of the words as they are now, and begin the approval, or go on where changes were requested."""
    draft = save(translation, user).as_object()
    state = draft.current_workflow_state
    if state is not None and state.status == state.STATUS_NEEDS_CHANGES:
        state.resume(user)
    else:
        draft.get_workflow().start(draft, user)


def save(translation: Translation, user: Any) -> Revision:
    """The words as a revision, and no more.

    wagtail-localize's own way to save a draft writes the words into the row that readers see, too.
    """
    draft = translation.source.get_ephemeral_translated_instance(translation.target_locale, fallback=True)
    if isinstance(draft, Page):
        draft.slug = find_available_slug(draft.get_parent(), slugify(draft.slug), ignore_page_id=draft.pk)
    revision = draft.save_revision(user=user, log_action=True)
    TranslationLog.objects.create(source=translation.source, locale=translation.target_locale, revision=revision)
    return revision
