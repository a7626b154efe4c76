"""The demonstration's plan beside its pages: partners, indicators and actions by lasting keys, and the working groups."""

import datetime as dt
from decimal import Decimal
from typing import Any, TypeVar

from django.utils import timezone
from wagtail.models import Locale

from consultation.models import Theme
from home.demo import plan_texts, texts
from home.demo.adding import add, find
from home.demo.blocks import Raw, block, body, key
from home.models import (
    Action,
    Indicator,
    IndicatorValue,
    Partner,
    PartnersPage,
    PlanPage,
    StandardPage,
    SupportingPartner,
    ThemePage,
    WorkingGroupMember,
    WorkingGroupPage,
)
from home.models.record import PlanRecord

R = TypeVar("R", bound=PlanRecord)

# What is translated, in an order that puts what others mean first.
RECORDS: tuple[tuple[type[PlanRecord], str], ...] = (
    *((Partner, f"partner/{text.key}") for text in plan_texts.PARTNERS),
    *(
        (model, f"theme/{theme}/{name}/{number}")
        for theme, records in plan_texts.THEMES.items()
        for model, name, listed in ((Indicator, "indicator", records.indicators), (Action, "action", records.actions))
        for number in range(1, len(listed) + 1)
    ),
)


def dates() -> dict[str, dt.date]:
    """A plan that is near its fourth year, whose statement came in time and whose review is under way."""
    published = months(timezone.localdate(), -44).replace(day=1)
    return {"published_on": published, "statement_on": months(published, 23)}


def add_all(plan: PlanPage) -> None:
    """Add what is missing below the plan, and its records."""
    add(plan, PartnersPage, "plan/partners", title="Partners", summary=plan_texts.PARTNERS_SUMMARY)
    partners = {text.key: _partner(text) for text in plan_texts.PARTNERS}
    for text in texts.THEMES:
        records, page = plan_texts.THEMES[text.key], find(f"theme/{text.key}")
        theme = Theme.objects.get(key=key(f"theme/{text.key}"))
        for number, indicator in enumerate(records.indicators, 1):
            _indicator(f"theme/{text.key}/indicator/{number}", theme, number, indicator)
        for number, action in enumerate(records.actions, 1):
            _action(f"theme/{text.key}/action/{number}", theme, action, partners)
        if isinstance(page, ThemePage):
            _group(page, text, records.group, partners)


def add_reading(plan: PlanPage) -> None:
    """Add the plan as a page to read, and to the plan's documents where the plan is new."""
    read = add(
        plan,
        StandardPage,
        "plan/read",
        title=plan_texts.READ_TITLE,
        summary=plan_texts.READ_SUMMARY,
        body=body("plan/read", *plan_texts.READ_BODY),
    )
    if plan.latest_revision is not None and plan.revisions.count() == 1 and not plan.papers:
        plan.papers = [_paper(plan_texts.READ_TITLE, read.pk, "plan/papers")]
        plan.save_revision().publish()


def _paper(title: str, page: int, name: str) -> Raw:
    return block(
        "paper",
        {"title": title, "kind": "document", "page": page, "address": "", "document": None, "language": ""},
        name,
    )


def record(model: type[R], name: str) -> R | None:
    """The record of that name in the site's own language, if it is there."""
    manager: Any = model._default_manager
    found: R | None = manager.filter(translation_key=key(name), locale=Locale.get_default()).first()
    return found


def _add(model: type[R], name: str, /, **fields: Any) -> R:
    found = record(model, name)
    if found is not None:
        return found
    new: R = model(translation_key=key(name), locale=Locale.get_default(), **fields)
    new.save()
    new.save_revision().publish()
    return new


def _partner(text: plan_texts.PartnerText) -> Partner:
    until = timezone.localdate() - dt.timedelta(days=text.ended) if text.ended else None
    return _add(
        Partner,
        f"partner/{text.key}",
        name=text.name,
        sector=text.sector,
        description=text.description,
        until=until,
    )


def _indicator(name: str, theme: Theme, number: int, text: plan_texts.IndicatorText) -> Indicator:
    first = timezone.localdate().year - len(text.values)
    values = [IndicatorValue(year=first + place, value=Decimal(value)) for place, value in enumerate(text.values)]
    return _add(
        Indicator,
        name,
        title=text.title,
        theme=theme,
        position=number,
        wanted=text.wanted,
        unit=text.unit,
        note=text.note,
        source=plan_texts.EXAMPLE_FIGURES if text.values else "",
        values=values,
    )


def _action(name: str, theme: Theme, text: plan_texts.ActionText, partners: dict[str, Partner]) -> Action:
    today = timezone.localdate()
    begins, due = (months(today, number).replace(day=1) if number is not None else None for number in text.months)
    return _add(
        Action,
        name,
        title=text.title,
        theme=theme,
        lead=partners[text.lead],
        begins=begins,
        due=due,
        status=text.status,
        status_on=today - dt.timedelta(days=12),
        status_note=text.note,
        supporting=[SupportingPartner(partner=partners[partner]) for partner in text.supporting],
    )


def _group(
    page: ThemePage, text: texts.ThemeText, group: plan_texts.GroupText, partners: dict[str, Partner]
) -> WorkingGroupPage:
    name = f"theme/{text.key}/group"
    today = timezone.localdate()
    meetings = [
        block("meeting", {"date": str(today + dt.timedelta(days=days)), "place": place, "papers": []}, f"{name}/{days}")
        for days, place in plan_texts.MEETINGS
    ]
    return add(
        page,
        WorkingGroupPage,
        name,
        title=group.title,
        summary=plan_texts.GROUP_SUMMARY,
        purpose=plan_texts.GROUP_PURPOSE,
        terms=plan_texts.GROUP_TERMS,
        meetings=meetings,
        baseline=plan_texts.GROUP_BASELINE,
        report=plan_texts.GROUP_REPORT,
        priorities=body(f"{name}/priorities", *(("priority", priority) for priority in group.priorities)),
        outcomes=body(f"{name}/outcomes", *(("outcome", outcome) for outcome in text.outcomes)),
        members=[WorkingGroupMember(partner=partners[partner]) for partner in group.members],
    )


def months(day: dt.date, number: int) -> dt.date:
    """As many months later, or earlier; on the last days of a month, the 28th."""
    year, month = divmod(day.year * 12 + day.month - 1 + number, 12)
    return dt.date(year, month + 1, min(day.day, 28))
