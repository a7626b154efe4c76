"""How long personal data is kept: what administrators set for all consultations, and what one of them promises."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from consultation.instants import begin_of, months_after
from consultation.life import NOTICE
from consultation.models import Consultation, Response

if TYPE_CHECKING:
    from home.models.life import Life

MONTHS = [MinValueValidator(1), MaxValueValidator(120)]
Promise = tuple[dt.date | None, int | None]  # until a day; for months after each response


@register_setting(icon="history")
class PersonalData(BaseGenericSetting):
    """For how long personal data is kept where a consultation's page says nothing else."""

    months_after_closing = models.PositiveSmallIntegerField(
        _("months after closing"),
        default=12,
        validators=MONTHS,
        help_text=_("For consultations whose page gives no day of its own."),
    )
    months_open = models.PositiveSmallIntegerField(
        _("months where nothing closes"),
        default=12,
        validators=MONTHS,
        help_text=_("For forms without a closing date. Counted from each response."),
    )

    panels = [
        HelpPanel(
            _(
                "After that time what people wrote and what could tell who they are is deleted, by itself. Figures "
                "stay. A change goes for what is published from now on; nobody’s data is kept longer than they were "
                "told."
            )
        ),
        FieldPanel("months_after_closing"),
        FieldPanel("months_open"),
    ]

    class Meta:
        verbose_name = _("personal data")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


def promised(page: "Life", now: dt.datetime | None = None) -> Promise:
    """What publishing a page would promise, whatever was promised before: never a day that has passed. One query."""
    if page.kept_until and page.closes_at:
        return page.kept_until, None
    months = PersonalData.load()
    if not page.closes_at:
        return None, months.months_open
    last = max(page.closes_at, now or timezone.now())
    return months_after(timezone.localdate(last), months.months_after_closing), None


def faults(page: "Life", given: dict[str, Any]) -> dict[str, Any]:
    """What is wrong with the day on which personal data goes, and with a closing date after it, by field."""
    record = Consultation.objects.filter(key=page.translation_key).first()
    until, closes_at = given.get("kept_until"), given.get("closes_at")
    before = record.kept_until if record else None
    answered = record is not None and Response.objects.filter(consultation=record).exists()
    if before and answered and closes_at and closes_at > begin_of(before):
        said = _("People were told that what they wrote is deleted on %(day)s: it has to close before.")
        return {"closes_at": said % {"day": date_format(before, "DATE_FORMAT")}}
    if not until:
        return {}
    if not closes_at:
        return {"kept_until": _("Leave this empty for a form without a closing date: each response has its own time.")}
    if begin_of(until) < closes_at:
        return {"kept_until": _("It can’t be deleted before it closes.")}
    if before and answered and until > before:
        said = _("People have answered, and were told %(day)s. It can be an earlier day, and no later one.")
        return {"kept_until": said % {"day": date_format(before, "DATE_FORMAT")}}
    if until != before and until < timezone.localdate() + NOTICE:
        said = _("What is deleted never comes back, so give a day at least %(days)d days from now.")
        return {"kept_until": said % {"days": NOTICE.days}}
    return {}
