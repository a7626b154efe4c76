"""The page, below Reports."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from consultation.access import may_see_state, require
from home.state.line import State
from home.state.report import lines, worst


@require_safe
@never_cache
def state(request: HttpRequest) -> HttpResponse:
    """Each line with what to do, the worst first."""
    require(may_see_state(request))
    found, title = lines(), _("State of the site")
    context = {
        "header_title": title,
        "header_icon": "cog",
        "page_title": title,
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": "", "label": title},
        ],
        "lines": found,
        "is_fine": worst(found) == State.FINE,
        "faults": sum(line.state == State.FAULT for line in found),
        "attentions": sum(line.state == State.ATTENTION for line in found),
        "now": timezone.now(),
    }
    return render(request, "home/state/page.html", context)
