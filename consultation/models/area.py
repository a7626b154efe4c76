"""The areas of the borough."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from wagtail.models import TranslatableMixin
from wagtail_localize.fields import SynchronizedField, TranslatableField


class Area(TranslatableMixin, models.Model):
    """An area in one language; the same area in other languages has the same translation key.

    The one in the site's own language is the area; the others are only read for its names. Answers hang on the options
    that compile makes of an area, never on this row: it can be deleted.
    """

    name = models.CharField(_("name"), max_length=255)
    position = models.PositiveSmallIntegerField(
        _("place"),
        default=1,
        help_text=_("Areas stand in this order. Those with the same number, in that of their making."),
    )
    since = models.DateField(
        _("from"), null=True, blank=True, help_text=_("The first day on which it can be chosen. Empty: at once.")
    )
    until = models.DateField(
        _("until"),
        null=True,
        blank=True,
        help_text=_("The last day on which it can be chosen. What was answered before stays. Empty: for good."),
    )

    translatable_fields = [
        TranslatableField("name"),
        *(SynchronizedField(name, overridable=False) for name in ("position", "since", "until")),
    ]

    class Meta(TranslatableMixin.Meta):
        ordering = ["position", "pk"]
        verbose_name = _("area")
        verbose_name_plural = _("areas")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with all that follows from it, or not at all."""
        with transaction.atomic():
            super().save(*args, **kwargs)

    def clean(self) -> None:
        """Refuse dates that leave no day, and a name that another area has on the same days."""
        super().clean()
        if self.since and self.until and self.until < self.since:
            raise ValidationError({"until": _("The last day must not be before the first.")})
        namesakes = Area.objects.filter(locale_id=self.locale_id, name__iexact=self.name).exclude(pk=self.pk)
        if any(self._meets(other) for other in namesakes):
            raise ValidationError({"name": _("Another area has this name on the same days.")})

    def _meets(self, other: "Area") -> bool:
        first = max(self.since or dt.date.min, other.since or dt.date.min)
        return first <= min(self.until or dt.date.max, other.until or dt.date.max)

    def is_offered(self, day: dt.date) -> bool:
        """Whether it can be chosen on a day."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)
