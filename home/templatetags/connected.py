"""The figures of the themes, and what templates say about figures and files."""

import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import template
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.formats import number_format

from consultation.disclosure import STAR
from home import figure as drawing
from home import social

register = template.Library()


@register.inclusion_tag("_figure.html")
def figure(number: int) -> dict[str, Any]:
    """Draw the figure of the theme of that number. It decorates, so screen readers pass over it."""
    return {"figure": drawing.draw(number), "size": drawing.SIZE}


@register.filter
def hue(number: int) -> str:
    """The class that gives a theme its colours."""
    return f"theme-{drawing.hue(number)}"


@register.filter
def starred(summaries: list[Any]) -> bool:
    """Whether any published figure of these summaries is a star, which then has to be explained."""
    return any(
        STAR in (summary.received, question.answered, *(bar.figure for bar in question.bars))
        for summary in summaries
        for question in summary.questions
    )


@register.simple_tag
def social_picture(page: Any, look: Any) -> social.Picture | None:
    """The picture that social networks show of a page."""
    return social.picture(page, look)


@register.filter
def social_locale(code: str) -> str:
    """A language as social networks write it."""
    return social.locale(code)


@register.filter
def led_to(led: Mapping[uuid.UUID, list[Any]], action: uuid.UUID) -> list[Any]:
    """The outcomes that led to an action, by its translation key: for home/_led.html."""
    return led.get(action, [])


@register.filter
def language_name(code: str) -> str:
    """A language's name in itself."""
    return str(dict(settings.LANGUAGES).get(code, code))


@register.filter
def kind_and_size(document: Any) -> str:
    """A document's type and size, such as "PDF, 1.2 MB"."""
    size = document.get_file_size()
    return ", ".join(filter(None, [document.file_extension.upper(), filesizeformat(size) if size else ""]))


@register.filter
def number(figure: Decimal) -> str:
    """A figure as the reader's language writes it: 12,400.5 or 12 400,5."""
    return str(number_format(figure, use_l10n=True, force_grouping=True))
