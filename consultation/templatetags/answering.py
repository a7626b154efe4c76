"""Words in a language: those in the page's go in as they are, others are marked. And images, with theirs.

The page's language is the active one.
"""

import datetime as dt

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from wagtail.images import get_image_model
from wagtail.images.models import SourceImageIOError

from consultation import audience
from consultation.forms import Words
from consultation.instants import in_words
from consultation.questionnaire import Condition, Questionnaire, Text

register = template.Library()

SIZE = "max-1200x900"


def _is_marked(text: Text) -> bool:
    """Whether it is in another language than the page; a figure is in none."""
    is_elsewhere = bool(text.language) and text.language != get_language()
    return is_elsewhere and any(character.isalpha() for character in text.text)


@register.simple_tag
def lang(text: Text) -> SafeString:
    """Write the attribute of an element that holds a wording alone."""
    return format_html('lang="{}"', text.language) if _is_marked(text) else SafeString("")


@register.simple_tag
def words(text: Text) -> SafeString:
    """Write a wording; where it is not in the page's language, say which it is in."""
    if _is_marked(text):
        return format_html('<span lang="{}">{}</span>', text.language, text.text)
    return conditional_escape(text.text)


@register.filter
def instant(when: dt.datetime) -> str:
    """Write an instant with its zone."""
    return in_words(when)


@register.simple_tag
def asked_of(questionnaire: Questionnaire, condition: Condition | None) -> str:
    """Say whom a section or a question is asked of; empty: of everybody."""
    questions = {question.number: question for question in questionnaire.questions}
    return audience.by_wording((condition,) if condition else (), questions)


@register.simple_tag
def picture(item: Words) -> SafeString:
    """Write an image with what it shows; what it shows alone where the image is gone."""
    image = get_image_model().objects.filter(pk=item.image).first()
    try:
        rendition = image.get_rendition(SIZE) if image else None
    except SourceImageIOError:
        rendition = None
    if rendition is None:
        return format_html("<p>{}</p>", words(item.body)) if item.body.text else SafeString("")
    attributes = {"alt": item.body.text, "class": "picture"}
    if _is_marked(item.body):
        attributes["lang"] = item.body.language
    written: SafeString = rendition.img_tag(attributes)
    return written
