"""What follows when a page goes live, stops being live, is translated, or is deleted."""

from typing import Any

from django.db.models import ProtectedError
from django.db.models.signals import post_delete, post_save, pre_delete
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.signals import page_published, page_unpublished
from wagtail_localize.models import Translation

from consultation.kinds import AREA, THEME_CHOICE
from consultation.models import Area, Consultation, Response, Theme
from consultation.tick import due
from home import publication
from home.events import share_facts
from home.following import follow, follow_the_day
from home.models import ConsultationPage, EventPage, ThemePage
from home.translating import fill_in, from_wordings


def take_effect(instance: ConsultationPage | EventPage | ThemePage, **kwargs: Any) -> None:
    """Make a page's publication count.

    The signal also comes for pages that are only scheduled and for aliases, which hold another language's text; it
    comes without publish() for copies that go live at once. What counts is what the database holds.
    """
    page = type(instance).objects.select_related("locale").get(pk=instance.pk)
    if page.live and page.alias_of_id is None:
        if isinstance(page, ThemePage):
            publication.name_theme(page)
            follow(THEME_CHOICE.name)
        elif isinstance(page, EventPage):
            share_facts(page)
        else:
            publication.compile_page(page)


def retire_theme(instance: ThemePage, **kwargs: Any) -> None:
    """Take a theme whose page has gone out of the lists that editors choose from. Its answers stay."""
    if instance.is_source:
        Theme.objects.filter(key=instance.translation_key, retired_at=None).update(retired_at=timezone.now())


def theme_has_gone(instance: ThemePage, **kwargs: Any) -> None:
    """Offer neither its theme nor its name in its language any more, where people choose a theme."""
    follow(THEME_CHOICE.name)


def area_has_changed(instance: Area, raw: bool = False, **kwargs: Any) -> None:
    """Offer the areas as they are now, where people choose one."""
    if not raw:
        follow(AREA.name)


def the_day_has_come(**kwargs: Any) -> None:
    """Offer what begins today, and no longer what ended."""
    follow_the_day()


def offer_what_was_published(instance: Translation, created: bool, raw: bool, **kwargs: Any) -> None:
    """Give a consultation's new translation the words that were published before: an earlier one may be deleted."""
    record = Consultation.objects.filter(key=instance.source.object_id).first() if created and not raw else None
    if record is not None and record.language == instance.source.locale.language_code:
        fill_in(instance, from_wordings(record, instance.target_locale))


def refuse_last_page(instance: ConsultationPage, **kwargs: Any) -> None:
    """Undo the deletion of an answered consultation's last page.

    It runs after the rows have gone, because before that two pages deleted together would each see the other.
    """
    if ConsultationPage.objects.filter(translation_key=instance.translation_key).exists():
        return
    record = Consultation.objects.filter(key=instance.translation_key).first()
    if record is not None and Response.objects.filter(consultation=record).exists():
        message = _("“%(title)s” has answers, so its last page can't be deleted. Unpublish it instead.")
        raise ProtectedError(message % {"title": record.title}, {record})


def connect() -> None:
    """Connect all of it."""
    for model in (ConsultationPage, EventPage, ThemePage):
        page_published.connect(take_effect, sender=model, dispatch_uid=f"take_effect_{model.__name__}")
    post_save.connect(offer_what_was_published, sender=Translation, dispatch_uid="offer_what_was_published")
    page_unpublished.connect(retire_theme, sender=ThemePage, dispatch_uid="retire_theme_unpublished")
    page_unpublished.connect(theme_has_gone, sender=ThemePage, dispatch_uid="theme_has_gone_unpublished")
    pre_delete.connect(retire_theme, sender=ThemePage, dispatch_uid="retire_theme_deleted")
    post_delete.connect(theme_has_gone, sender=ThemePage, dispatch_uid="theme_has_gone_deleted")
    post_save.connect(area_has_changed, sender=Area, dispatch_uid="area_has_changed")
    post_delete.connect(area_has_changed, sender=Area, dispatch_uid="area_was_deleted")
    due.connect(the_day_has_come, dispatch_uid="the_day_has_come")
    post_delete.connect(refuse_last_page, sender=ConsultationPage, dispatch_uid="refuse_last_page")
