"""Records of the plan, as its editors publish them."""

import datetime as dt
from typing import Any

from django.test import Client
from wagtail.models import Locale

from consultation.models import Theme
from home.models import Action, HomePage, Indicator, IndicatorValue, Partner, PlanPage, SupportingPartner, ThemePage


def publish(record: Any) -> Any:
    """Save a page or a record and put it live."""
    record.save_revision().publish()
    record.refresh_from_db()
    return record


def _publish_new(record: Any, language: str) -> Any:
    record.locale = Locale.objects.get(language_code=language)
    record.save()
    return publish(record)


def make_theme(number: int = 1, title: str = "Green places") -> ThemePage:
    """Publish the page of a theme below the plan, which is made where it is missing."""
    plan = PlanPage.objects.filter(locale__language_code="en").first()
    if plan is None:
        plan = PlanPage(title="The plan", slug="plan")
        HomePage.objects.get(locale__language_code="en").add_child(instance=plan)
        publish(plan)
    theme = ThemePage(title=title, slug=f"theme-{number}", number=number)
    plan.refresh_from_db()
    plan.add_child(instance=theme)
    return publish(theme)


def record_of(theme: ThemePage) -> Theme:
    """What the plan's records belong to."""
    return Theme.objects.get(key=theme.translation_key)


def make_partner(name: str = "Demo Trust", language: str = "en", **fields: Any) -> Partner:
    """Publish a partner."""
    return _publish_new(Partner(**{"name": name, "sector": "health"} | fields), language)


def make_indicator(theme: ThemePage, *values: tuple[int, Any], language: str = "en", **fields: Any) -> Indicator:
    """Publish an indicator with its values by year."""
    rows = [IndicatorValue(year=year, value=value) for year, value in values]
    given = {"title": "Trees in streets", "theme": record_of(theme), "unit": "trees"} | fields
    return _publish_new(Indicator(values=rows, **given), language)


def make_action(theme: ThemePage, *supporting: Partner, language: str = "en", **fields: Any) -> Action:
    """Publish an action."""
    rows = [SupportingPartner(partner=partner, sort_order=place) for place, partner in enumerate(supporting)]
    given = {"title": "Plant trees", "theme": record_of(theme), "status_on": dt.date(2026, 3, 1)} | fields
    return _publish_new(Action(supporting=rows, **given), language)


def text_of(visitor: Client, page: Any) -> str:
    """What everybody reads on a page."""
    shown = visitor.get(page.url)
    assert shown.status_code == 200, shown.status_code
    return shown.content.decode()
