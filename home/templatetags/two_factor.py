"""What the pages of the second factor say to whom."""

from django import template
from django.conf import settings

from config.two_factor import is_needed

register = template.Library()


@register.simple_tag(takes_context=True)
def is_two_factor_needed(context: template.Context) -> bool:
    """Whether this person gets into the admin only with a second factor."""
    return bool(settings.REQUIRE_TWO_FACTOR) and is_needed(context["request"].user)
