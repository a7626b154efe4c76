"""What the frame of every page shows. Each part costs nothing where a template does not use it."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import F, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, override
from wagtail.models import Page, Site

from consultation.access import is_public
from home import stylesheet
from home.models import SiteLook


@dataclass(frozen=True)
class Navigation:
    """The addresses that stand around every page."""

    home: str
    menu: list[Page]
    footer: list[Page]


def chrome(request: HttpRequest) -> dict[str, Any]:
    """Give templates `look`, the site's settings, `stylesheet`, and `navigation` in the current language.

    The languages of a page are the page's own: `page.translations`.
    """
    return {
        "look": SimpleLazyObject(lambda: SiteLook.for_request(request)),
        "stylesheet": SimpleLazyObject(lambda: stylesheet.address(request)),
        "navigation": SimpleLazyObject(lambda: _navigation(request)),
    }


def _navigation(request: HttpRequest) -> Navigation:
    """Read menu and footer in one query; the site's roots come from Wagtail's cache.

    What stands at the foot is needed in every language: where a page is not translated, the original's link stays.
    """
    site = Site.find_for_request(request)
    roots = {root.language_code: root for root in Site.get_site_root_paths() if site and root.site_id == site.pk}
    root = roots.get(get_language() or "") or next(iter(roots.values()), None)
    if root is None:
        return Navigation("/", [], [])
    original = roots.get(settings.LANGUAGE_CODE, root)
    menu = Q(depth=3, show_in_menus=True, url_path__startswith=root.root_path)
    footer = Q(standardpage__in_footer=True)
    inside = Q(url_path__startswith=root.root_path) | Q(url_path__startswith=original.root_path)
    pages = list(
        Page.objects.live()
        .filter(menu | (footer & inside), is_public())
        .annotate(in_footer=F("standardpage__in_footer"))
        .select_related("locale")
        .order_by("path")
    )
    here = {page.translation_key for page in pages if page.url_path.startswith(root.root_path)}
    with override(root.language_code):
        home = reverse("wagtail_serve", args=[""])
    return Navigation(
        home,
        [p for p in pages if p.depth == 3 and p.show_in_menus and p.url_path.startswith(root.root_path)],
        [p for p in pages if p.in_footer and (p.url_path.startswith(root.root_path) or p.translation_key not in here)],
    )
