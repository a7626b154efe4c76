"""What has to be looked after: pages to look at again, translations that are behind, what is overdue.

Only what the one who asks may edit, each list in as many queries for fifty rows as for one.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.models import Page
from wagtail.permissions import policy_registry

from consultation import overview
from consultation.models import OUTCOME_WITHIN, Consultation, State
from home.models import Action, ConsultationPage, HomePage
from home.models.base import BasePage
from home.models.staleness import TranslationState, states

YEAR = dt.timedelta(days=365)


def editable(user: Any) -> QuerySet[Page]:
    """The pages that somebody may edit; of aliases there is nothing to edit."""
    policy = policy_registry.get_by_type(Page)
    pages: QuerySet[Page] = policy.instances_user_has_permission_for(user, "change").filter(alias_of=None, depth__gt=1)
    return pages


def _originals(user: Any) -> QuerySet[Page]:
    """Those among them that are live and no translation."""
    own = Page.objects.filter(
        translation_key=OuterRef("translation_key"), locale__language_code=settings.LANGUAGE_CODE, alias_of=None
    )
    is_original = Q(locale__language_code=settings.LANGUAGE_CODE) | ~Exists(own)
    pages: QuerySet[Page] = editable(user).filter(is_original, live=True).select_related("locale", "content_type")
    return pages


@dataclass(frozen=True)
class Review:
    """A page to look at again."""

    page: Page
    day: dt.date  # on which it was to be looked at, or on which somebody last saved it
    is_set: bool

    @property
    def title(self) -> str:
        """What the page is called, as a draft may already say."""
        return str(self.page.get_admin_display_title())

    @property
    def url(self) -> str:
        """Where it is edited."""
        return reverse("wagtailadmin_pages:edit", args=[self.page.pk])

    @property
    def type(self) -> str:
        """What sort of page it is."""
        return str(self.page.page_type_display_name)

    @property
    def why(self) -> str:
        """Why it is in the list."""
        return _("Its review date has come") if self.is_set else _("Nobody has saved it for a year")


def reviews(user: Any) -> list[Review]:
    """The pages whose review date has come, and those without one that nobody has saved for a year; oldest first."""
    today = timezone.localdate()
    kinds = [model for model in apps.get_models() if issubclass(model, BasePage)]
    pages = _originals(user).annotate(
        review=Coalesce(*(F(f"{kind._meta.model_name}__review_on") for kind in kinds)),
        saved=TruncDate(Coalesce("latest_revision_created_at", "last_published_at", "first_published_at")),
    )
    due = pages.filter(Q(review__lte=today) | Q(review=None, saved__lt=today - YEAR))
    found = [Review(page, page.review or page.saved, page.review is not None) for page in due]
    return sorted(found, key=lambda review: (review.day, review.title))


@dataclass(frozen=True)
class Lag:
    """A page whose translation is missing, not complete or behind."""

    original: Page
    code: str
    state: TranslationState | None  # None: there is none

    @property
    def title(self) -> str:
        """What the original is called."""
        return str(self.original.get_admin_display_title())

    @property
    def language(self) -> str:
        """The language's name in itself."""
        return str(dict(settings.LANGUAGES).get(self.code, self.code))

    @property
    def missing(self) -> int | None:
        """How many texts are not translated, where somebody counts them."""
        return self.state.missing if self.state and self.state.is_synced else None

    @property
    def what(self) -> str:
        """What is left to do."""
        if self.state is None:
            return _("Not translated")
        return _("The original was published since") if self.state.is_behind else _("Not complete")

    @property
    def url(self) -> str:
        """Where it is translated."""
        if self.state is None:
            return reverse("wagtail_localize:submit_page_translation", args=[self.original.pk])
        return self.state.edit_url

    @property
    def is_begun(self) -> bool:
        """Whether there is a translation."""
        return self.state is not None


def lags(user: Any) -> list[Lag]:
    """What is left to translate, by page, in each language that has a home page."""
    originals = list(_originals(user).filter(locale__language_code=settings.LANGUAGE_CODE).order_by("path"))
    homes = HomePage.objects.live().filter(alias_of=None).values_list("locale__language_code", flat=True)
    live = set(homes)
    offered = [code for code, _name in settings.LANGUAGES if code in live and code != settings.LANGUAGE_CODE]
    found = {(state.original.pk, state.code): state for state in states(originals)}
    return [
        Lag(page, code, state)
        for page in originals
        for code in offered
        if (state := found.get((page.pk, code))) is None or not state.is_complete
    ]


@dataclass(frozen=True)
class Overdue:
    """Something whose day has passed."""

    title: str
    what: str
    day: dt.date
    url: str


def overdue(user: Any) -> list[Overdue]:
    """Actions that are not done, consultations of which nobody has said what came of them; the oldest first."""
    return sorted([*_late_actions(user), *_late_outcomes(user)], key=lambda row: (row.day, row.title))


def _late_actions(user: Any) -> Iterator[Overdue]:
    if not user.has_perm("home.change_action"):
        return
    late = Action.objects.filter(locale__language_code=settings.LANGUAGE_CODE, due__lt=timezone.localdate(), live=True)
    finder = AdminURLFinder(user)
    for action in late.exclude(status__in=Action.FINISHED):
        if action.due:
            what = _("An action of the plan is neither done nor stopped")
            yield Overdue(str(action), what, action.due, finder.get_edit_url(action) or "")


def _late_outcomes(user: Any) -> Iterator[Overdue]:
    now, today = timezone.now(), timezone.localdate()
    over = Consultation.objects.filter(overview.is_in(State.CLOSED, now))
    late = over.filter(Q(closes_at__lte=now - OUTCOME_WITHIN) | Q(outcome_due__lt=today))
    pages = {(page.translation_key, page.locale.language_code): page for page in _consultations(user)}
    for record in late:
        page = pages.get((record.key, record.language))
        if page is None or record.closes_at is None:
            continue
        closed = timezone.localdate(record.closes_at + OUTCOME_WITHIN)
        promised = record.outcome_due
        if promised and promised < today:
            what, day = _("The day on which the outcome was expected has passed"), promised
        else:
            what, day = _("It closed more than twelve weeks ago and has no outcome"), closed
        yield Overdue(record.title, what, day, reverse("wagtailadmin_pages:edit", args=[page.pk]))


def _consultations(user: Any) -> QuerySet[ConsultationPage]:
    pages: QuerySet[ConsultationPage] = ConsultationPage.objects.filter(
        pk__in=editable(user).values("pk")
    ).select_related("locale")
    return pages


def opening_within(user: Any, soon: dt.timedelta) -> list[ConsultationPage]:
    """The consultations that open soon, in the language that leads."""
    now = timezone.now()
    pages = _consultations(user).filter(
        locale__language_code=settings.LANGUAGE_CODE, opens_at__gt=now, opens_at__lte=now + soon, halt=""
    )
    return list(pages)
