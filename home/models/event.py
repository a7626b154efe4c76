"""Events."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable, Page
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from consultation.access import is_public
from consultation.models import Theme
from consultation.questionnaire import Text
from home.models.base import BasePage
from home.models.blocks import BodyBlock
from home.models.theme_links import theme_links

# What is one for all languages: nobody should stand before a closed door because a translation is late.
FACTS = ("begins_at", "ends_at", "place", "address", "online_url", "contact_email", "consultation", "cancelled")


class EventPage(BasePage):
    """One event. Its facts are those of the page in the site's own language; home/events.py keeps translations so."""

    begins_at = models.DateTimeField(_("begins"), help_text=_("UK time."))
    ends_at = models.DateTimeField(_("ends"), help_text=_("UK time. From then on it stands among the past events."))
    place = models.CharField(
        _("place"),
        max_length=255,
        blank=True,
        default="",
        help_text=_("What the place is called. Leave empty for an event that is only online."),
    )
    address = models.TextField(
        _("address"),
        blank=True,
        default="",
        help_text=_("As on a letter, with the postcode. The same in all languages."),
    )
    access = models.TextField(
        _("access"),
        blank=True,
        default="",
        help_text=_(
            "What people who want to come need to know: step-free entrance, hearing loop, sign language interpreter, "
            "toilets, a quiet room, parking, the nearest bus stop; and whom to tell what else they need."
        ),
    )
    online_url = models.URLField(
        _("address on the web"), blank=True, default="", help_text=_("Where people can follow it or take part online.")
    )
    booking = RichTextField(
        _("how to book"),
        blank=True,
        default="",
        features=["bold", "link", "ul"],
        help_text=_("Say so, too, where nobody needs to book."),
    )
    contact_email = models.EmailField(
        _("contact e-mail"),
        blank=True,
        default="",
        help_text=_("Whom to ask about this event. An office's address, not a person's."),
    )
    consultation = models.ForeignKey(
        "home.ConsultationPage",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("consultation"),
        help_text=_("The event stands on its start page, and the consultation on the event's."),
    )
    cancelled = models.BooleanField(
        _("cancelled"),
        default=False,
        help_text=_("It stays in the lists, marked as cancelled, and calendars that people subscribed to say so."),
    )
    cancelled_reason = models.TextField(
        _("why it is cancelled, and what people can do instead"), blank=True, default=""
    )
    body = StreamField(BodyBlock(), blank=True, verbose_name=_("body"))

    override_translatable_fields = [SynchronizedField(name, overridable=False) for name in FACTS]
    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel([FieldPanel("cancelled"), FieldPanel("cancelled_reason")], heading=_("Cancel")),
        FieldRowPanel([FieldPanel("begins_at"), FieldPanel("ends_at")], heading=_("When")),
        MultiFieldPanel(
            [FieldPanel("place"), FieldPanel("address"), FieldPanel("access"), FieldPanel("online_url")],
            heading=_("Where"),
        ),
        MultiFieldPanel([FieldPanel("booking"), FieldPanel("contact_email")], heading=_("Taking part")),
        FieldPanel("body"),
        FieldPanel("consultation"),
        InlinePanel("themes", heading=_("Themes"), label=_("Theme"), max_num=6),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("place"),
        index.SearchField("address"),
        index.SearchField("access"),
        index.SearchField("body"),
    ]
    exclude_fields_in_copy = ["cancelled", "cancelled_reason"]
    parent_page_types = ["home.EventsPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")

    def clean(self) -> None:
        """Refuse an event that ends before it begins, one that is nowhere, and a cancellation without a reason."""
        super().clean()
        faults = {}
        if self.begins_at and self.ends_at and self.ends_at <= self.begins_at:
            faults["ends_at"] = _("It must end after it begins.")
        if not self.place.strip() and not self.online_url:
            faults["place"] = _("Say where it is: a place, an address on the web, or both.")
        if self.cancelled and not self.cancelled_reason.strip() and original_of(self) is None:
            faults["cancelled_reason"] = _("Say to everybody why it is cancelled.")
        if faults:
            raise ValidationError(faults)

    @property
    def is_past(self) -> bool:
        """Whether it is over."""
        return self.ends_at <= timezone.now()

    @property
    def days(self) -> tuple[dt.date, dt.date]:
        """Its first and its last day, here."""
        return timezone.localdate(self.begins_at), timezone.localdate(self.ends_at)

    @property
    def calendar_address(self) -> str:
        """Where its calendar file is; it stays when the page is moved."""
        return reverse("event_calendar", args=[self.translation_key])

    @cached_property
    def reason(self) -> Text:
        """Why it is cancelled: in the words of the original where nobody has translated them yet."""
        own, original = self.cancelled_reason, original_of(self)
        if original is None or own.strip() not in ("", original.cancelled_reason.strip()):
            return Text(own, self.lang)
        return Text(original.cancelled_reason, original.locale.language_code)

    def linked_consultation(self) -> Page | None:
        """The page of the consultation that it belongs to, in this page's language or else as it was chosen."""
        if self.consultation_id is None:
            return None
        key = Page.objects.filter(pk=self.consultation_id).values("translation_key")
        live = Page.objects.live().filter(is_public(), translation_key__in=key, alias_of=None).select_related("locale")
        found = {page.locale.language_code: page for page in live}
        page = found.get(self.lang) or next((page for page in found.values() if page.pk == self.consultation_id), None)
        return page.specific if page else None

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the themes and the consultation that it belongs to."""
        themes = [link.theme for link in self.themes.select_related("theme")]
        return {
            **super().get_context(request, *args, **kwargs),
            "themes": theme_links(themes, self.lang).values(),
            "linked": self.linked_consultation(),
        }


def original_of(page: EventPage) -> EventPage | None:
    """The live page in the site's own language that this one is a translation of."""
    live = EventPage.objects.live().filter(translation_key=page.translation_key, alias_of=None).exclude(pk=page.pk)
    return next((other for other in live.select_related("locale") if other.is_source), None)


class EventTheme(Orderable):
    """A theme that an event belongs to. wagtail-localize copies these rows as they are to every translation."""

    page = ParentalKey(EventPage, on_delete=models.CASCADE, related_name="themes")
    theme = models.ForeignKey(Theme, models.CASCADE, related_name="+", verbose_name=_("theme"))

    panels = [FieldPanel("theme")]

    class Meta(Orderable.Meta):
        verbose_name = _("theme of an event")
        verbose_name_plural = _("themes of events")

    def __str__(self) -> str:
        return str(self.theme)
