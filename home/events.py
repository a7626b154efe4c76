"""An event is at one time and in one place, whatever language somebody reads about it in."""

from django.utils import timezone

from home.models.event import FACTS, EventPage, original_of

COLUMNS = [EventPage._meta.get_field(name).attname for name in FACTS]


def share_facts(page: EventPage) -> None:
    """Give the translations of a page that went live its facts, or a translation those of its original.

    wagtail-localize does so only when somebody synchronises the two, and with what the original was by then.
    """
    translations = EventPage.objects.filter(translation_key=page.translation_key, alias_of=None).exclude(pk=page.pk)
    original = page if page.is_source else original_of(page)
    if original is None:
        return
    facts = {column: getattr(original, column) for column in COLUMNS}
    for other in translations if page.is_source else [page]:
        if any(getattr(other, column) != fact for column, fact in facts.items()):
            # What readers see changes now, and calendars that people subscribed to go by it.
            changed = {"last_published_at": timezone.now()} if other.live else {}
            for column, value in (facts | changed).items():
                setattr(other, column, value)
            other.save(clean=False, update_fields=[*FACTS, *changed])
