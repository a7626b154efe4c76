"""What waits to be done, by tick or by staff."""

import datetime as dt

from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultation import backlog, schedule
from consultation.backlog import Tasks
from consultation.models import Export, Tabulation, Upload
from home.state.line import Found, attention, fault, fine

SOON, LATE = dt.timedelta(minutes=3), dt.timedelta(minutes=20)  # of responses that are not folded
MAIL_SOON, MAIL_LATE = dt.timedelta(minutes=30), dt.timedelta(hours=6)
TASK_LATE = dt.timedelta(minutes=30)
DECIDED = dt.timedelta(days=7)  # within which an officer should have looked


def _older(than: dt.timedelta, oldest: dt.datetime | None) -> bool:
    return oldest is not None and timezone.now() - oldest > than


def folding() -> Found:
    """Responses that the stored counts do not include yet."""
    found = backlog.tail()
    if found.oldest is None:
        return fine(_("Every response is counted"))
    said = ngettext("At most %(n)d response waits", "At most %(n)d responses wait", found.number)
    figure = said % {"n": found.number} + ", " + _("the oldest for %(time)s") % {"time": timesince(found.oldest)}
    advice = _("Is tick running, and what does its log say? Officers see exact figures all the same, public ones wait.")
    if _older(LATE, found.oldest):
        return fault(figure, advice, found.oldest)
    return attention(figure, advice, found.oldest) if _older(SOON, found.oldest) else fine(figure, found.oldest)


def outbox() -> Found:
    """E-mails that were promised."""
    found = backlog.mail()
    parts = []
    if found.number:
        parts.append(ngettext("%(n)d waits", "%(n)d wait", found.number) % {"n": found.number})
    if found.oldest:
        parts.append(_("the oldest for %(time)s") % {"time": timesince(found.oldest)})
    if found.given_up:
        parts.append(_("%(n)d given up in the last 90 days") % {"n": found.given_up})
    figure = ", ".join(parts) or _("None waits")
    advice = _("Is the mail server there, and are its name and password right? After two days an e-mail is given up.")
    if _older(MAIL_LATE, found.oldest):
        return fault(figure, advice, found.oldest)
    return attention(figure, advice, found.oldest) if _older(MAIL_SOON, found.oldest) else fine(figure, found.oldest)


def exports() -> Found:
    """Large downloads that are being made."""
    return _tasks(backlog.tasks(Export))


def uploads() -> Found:
    """Spreadsheets that are being read."""
    return _tasks(backlog.tasks(Upload))


def tabulations() -> Found:
    """Large tables that are being counted."""
    return _tasks(backlog.tasks(Tabulation))


def _tasks(found: Tasks) -> Found:
    parts = []
    if found.number:
        parts.append(ngettext("%(n)d is being made", "%(n)d are being made", found.number) % {"n": found.number})
    if found.stuck:
        parts.append(_("%(n)d without a sign of life") % {"n": found.stuck})
    if found.failed:
        parts.append(_("%(n)d failed in the last day") % {"n": found.failed})
    figure = ", ".join(parts) if found.number or found.failed else _("None waits")
    advice = _(
        "Is tick running? One that was broken off is begun again, three times at most; the log says what failed."
    )
    if found.stuck and _older(TASK_LATE, found.oldest):
        return fault(figure, advice, found.oldest)
    if found.stuck or found.failed:
        return attention(figure, advice, found.oldest)
    return fine(figure, found.oldest)


def scheduled() -> Found:
    """Pages whose time came and that were not published or taken back."""
    pages = list(schedule.late().only("title")[:5])
    if not pages:
        return fine(_("Nothing is late"))
    figure = _("Late: %(titles)s") % {"titles": ", ".join(page.title for page in pages)}
    return fault(figure, _("Open each, cancel its schedule and publish it: what is wrong is said then."))


def retention() -> Found:
    """Personal data whose time has come."""
    found = backlog.stripping()
    parts = []
    if found.running:
        said = ngettext("%(n)d deletion goes on", "%(n)d deletions go on", found.running)
        parts.append(said % {"n": found.running})
    if found.due:
        parts.append(ngettext("%(n)d is due", "%(n)d are due", found.due) % {"n": found.due})
    if found.coming:
        said = ngettext("%(n)d in the next month", "%(n)d in the next month", found.coming)
        parts.append(said % {"n": found.coming})
    figure = ", ".join(parts) or _("Nothing is due")
    advice = _("Is tick running? People were promised that their words are deleted on that day.")
    if found.overdue or _older(dt.timedelta(days=1), found.since):
        return fault(figure, advice, found.since)
    return attention(figure, advice, found.since) if found.due else fine(figure, found.since)


def held() -> Found:
    """Responses that wait for an officer's decision."""
    found = backlog.held()
    if found.oldest is None:
        return fine(_("None waits"))
    figure = ngettext("%(n)d waits", "%(n)d wait", found.number) % {"n": found.number}
    if _older(DECIDED, found.oldest):
        return attention(figure, _("Ask an officer to decide on them: until then they do not count."), found.oldest)
    return fine(figure, found.oldest)
