"""Options that are records: the themes and the areas that there are today, and what can be offered beside them.

An option's id is the record's translation key, so that a record keeps its answers whatever becomes of its name.
"""

from collections.abc import Mapping

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultation.kinds import AREA, DECLINED, KINDS, OUTSIDE, THEME_CHOICE, UNSURE
from consultation.models import Area, Consultation, Option, Question, Theme

KINDS_OF_RECORDS = tuple(name for name, kind in KINDS.items() if kind.beside)
WORDS = {UNSURE: _("Not sure"), OUTSIDE: _("Outside the borough"), DECLINED: _("Prefer not to say")}


def offered(kind: str) -> dict[str, str]:
    """The name of each record of today by its key, in their order, in the site's own language."""
    if kind == THEME_CHOICE.name:
        return {str(theme.key): theme.name for theme in Theme.objects.filter(retired_at=None)}
    if kind == AREA.name:
        today = timezone.localdate()
        return {str(area.translation_key): area.name for area in areas() if area.is_offered(today)}
    return {}


def areas() -> QuerySet[Area]:
    """Every area once, in order: in the site's own language."""
    return Area.objects.filter(locale__language_code=settings.LANGUAGE_CODE)


def beside(kind: str, stored: Mapping[str, object]) -> list[str]:
    """What a question offers beside the records, by the settings that its editor stored: all, unless said otherwise."""
    return [name for name in KINDS[kind].beside if stored.get(name) is not False]


def asked_by(consultation: Consultation) -> QuerySet[Question]:
    """The questions of a consultation that have records to choose from, and are still asked."""
    asked = consultation.questions.filter(kind__in=KINDS_OF_RECORDS, retired_at=None)
    return asked.prefetch_related("options")


def last_offered(question: Question) -> list[Option]:
    """What a question offered when it was last published, in order."""
    options = [option for option in question.options.all() if option.retired_at is None]
    return sorted(options, key=lambda option: option.position)


def is_outdated(consultation: Consultation) -> bool:
    """Whether it offers other records than those of today, or in another order."""
    return any(
        [option.item for option in last_offered(question) if option.item not in KINDS[question.kind].beside]
        != list(offered(question.kind))
        for question in asked_by(consultation)
    )
