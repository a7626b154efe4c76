"""What somebody who approves has to know."""

from typing import Any

from django import template
from wagtail.models import TaskState
from wagtail_localize.models import Translation

from home import submitting
from home.behind import Behind
from home.models.approval import Translations

register = template.Library()


@register.simple_tag
def languages_behind(task_state: TaskState) -> list[Behind]:
    """The languages that lack some of the texts that are about to be published."""
    return Translations.languages(task_state)


@register.simple_tag(takes_context=True)
def way_to_approval(context: template.Context, translation: Translation, record: Any) -> str:
    """Where this person sends a translation for approval; empty where they cannot."""
    user = context["request"].user
    return submitting.address(translation) if submitting.may_submit(user, record) else ""
