"""Words in a language: a page's own go in as they are, a fallback's are marked."""

from django import template
from django.template.context import Context
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from consultation.questionnaire import Text

register = template.Library()


@register.simple_tag(takes_context=True)
def words(context: Context, text: Text) -> SafeString:
    """Write a wording; where it is not in the page's language, say which it is in."""
    if text.language and text.language != context["offer"].language:
        return format_html('<span lang="{}">{}</span>', text.language, text.text)
    return conditional_escape(text.text)
