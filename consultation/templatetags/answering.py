"""Words in a language: a page's own go in as they are, a fallback's are marked. And images, with theirs."""

from django import template
from django.template.context import Context
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from wagtail.images import get_image_model
from wagtail.images.models import SourceImageIOError

from consultation.forms import Words
from consultation.questionnaire import Text

register = template.Library()

SIZE = "max-1200x900"


@register.simple_tag(takes_context=True)
def words(context: Context, text: Text) -> SafeString:
    """Write a wording; where it is not in the page's language, say which it is in."""
    if text.language and text.language != context["offer"].language:
        return format_html('<span lang="{}">{}</span>', text.language, text.text)
    return conditional_escape(text.text)


@register.simple_tag(takes_context=True)
def picture(context: Context, item: Words) -> SafeString:
    """Write an image with what it shows; what it shows alone where the image is gone."""
    image = get_image_model().objects.filter(pk=item.image).first()
    try:
        rendition = image.get_rendition(SIZE) if image else None
    except SourceImageIOError:
        rendition = None
    if rendition is None:
        return format_html("<p>{}</p>", words(context, item.body)) if item.body.text else SafeString("")
    attributes = {"alt": item.body.text, "class": "picture"}
    if item.body.language and item.body.language != context["offer"].language:
        attributes["lang"] = item.body.language
    written: SafeString = rendition.img_tag(attributes)
    return written
