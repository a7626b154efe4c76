"""The calendar files of events: one of each, and one of all that are coming, to subscribe to. Their addresses stay."""

import uuid
from collections.abc import Iterable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail.models import Site
from wagtail.rich_text import get_text_for_indexing

from consultation.access import is_kept_from
from home.calendar_file import Entry, calendar
from home.models import EventPage, SiteLook
from home.models.event_list import coming

MOST = 500  # events in one file


@require_safe
def coming_events(request: HttpRequest) -> HttpResponse:
    """All that are not over, cancelled ones among them: a calendar that has them must learn of it."""
    name = SiteLook.for_request(request).name
    return _file(request, _("%(site)s: events") % {"site": name}, coming(str(get_language()))[:MOST], "events")


@require_safe
def event(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """One event, over or not: in the language of the address, or else in the site's own."""
    pages = EventPage.objects.live().filter(translation_key=key, alias_of=None).select_related("locale")
    found = {page.locale.language_code: page for page in pages if not is_kept_from(request, page)}
    page = found.get(str(get_language())) or found.get(settings.LANGUAGE_CODE)
    if page is None:
        raise Http404
    return _file(request, page.title, [page], page.slug)


def _file(request: HttpRequest, name: str, pages: Iterable[EventPage], slug: str) -> HttpResponse:
    site = Site.find_for_request(request)
    host = site.hostname if site else request.get_host()
    content = calendar(name, [entry(page, host) for page in pages])
    file = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    file["Content-Disposition"] = str(content_disposition_header(True, f"{slug}.ics"))
    file["X-Robots-Tag"] = "noindex"
    return file


def entry(page: EventPage, host: str) -> Entry:
    """An event as a calendar shows it."""
    reason = page.cancelled_reason.strip() if page.cancelled else ""
    booking = get_text_for_indexing(page.booking).strip()
    parts = [reason, page.summary, booking, page.access.strip(), page.online_url]
    lines = [page.place, *page.address.splitlines()]
    return Entry(
        uid=f"{page.translation_key}@{host}",
        changed=page.last_published_at or page.begins_at,
        begins=page.begins_at,
        ends=page.ends_at,
        title=_("Cancelled: %(title)s") % {"title": page.title} if page.cancelled else page.title,
        url=str(page.full_url or ""),
        description="\n\n".join(part for part in parts if part),
        place=", ".join(line.strip() for line in lines if line.strip()),
        contact=page.contact_email,
        cancelled=page.cancelled,
    )
