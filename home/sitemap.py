"""What search engines are told: every page that everybody may read, in each language, and what to leave alone.

Published results have pages outside the tree.
"""

from collections import defaultdict
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe
from wagtail.contrib.sitemaps import Sitemap
from wagtail.contrib.sitemaps.views import sitemap
from wagtail.models import Page, Site

from consultation import results
from consultation.access import is_public
from consultation.models import ResultEdition

LEFT_ALONE = ("/admin/", "/answer/", "/paper/")


class PagesOfEveryLanguage(Sitemap):
    """Wagtail's own has the pages below the site's root, which are those of one language."""

    def items(self) -> Any:
        """The live pages of the site. An alias repeats another page's text and is no page of its own."""
        site = self.get_wagtail_site()
        inside = Q(pk__in=[])
        for root in Site.get_site_root_paths():
            if root.site_id == site.pk:
                inside |= Q(url_path__startswith=root.root_path)
        live = Page.objects.live().filter(inside, is_public(), alias_of=None)
        return live.select_related("locale").order_by("path")

    def _urls(self, page: Any, protocol: str, domain: str) -> list[dict[str, Any]]:
        """One page of the map. Two queries, and what the paginator counts."""
        shown = list(self.paginator.page(page).object_list)
        languages: defaultdict[object, list[dict[str, str]]] = defaultdict(list)
        for item in self.items().filter(translation_key__in={item.translation_key for item in shown}):
            alternate = {"lang_code": item.locale.language_code, "location": self.location(item)}
            languages[item.translation_key].append(alternate)
        return [
            {
                "item": item,
                "location": self.location(item),
                "lastmod": self.lastmod(item),
                "alternates": languages[item.translation_key] if len(languages[item.translation_key]) > 1 else [],
            }
            for item in shown
        ]


class Results(PagesOfEveryLanguage):
    """The last published results of each consultation whose leading page is in the map, in each of their languages."""

    def items(self) -> Any:
        """The editions. Three queries."""
        editions = list(results.editions())
        keys = {edition.result.consultation.key for edition in editions}
        public = (
            super().items().filter(translation_key__in=keys).values_list("translation_key", "locale__language_code")
        )
        leading = set(public) if keys else set()
        found = ((edition.result.consultation, edition) for edition in editions)
        return [edition for consultation, edition in found if (consultation.key, consultation.language) in leading]

    def _urls(self, page: Any, protocol: str, domain: str) -> list[dict[str, Any]]:
        """One page of the map."""
        languages: defaultdict[int, list[dict[str, str]]] = defaultdict(list)
        shown = list(self.paginator.page(page).object_list)
        for edition in shown:
            languages[edition.result_id].append({"lang_code": edition.language, "location": self.location(edition)})
        return [
            {
                "item": edition,
                "location": self.location(edition),
                "lastmod": edition.result.published_at,
                "alternates": languages[edition.result_id] if len(languages[edition.result_id]) > 1 else [],
            }
            for edition in shown
        ]

    def location(self, edition: ResultEdition) -> str:
        """Its page below the site's address."""
        result = edition.result
        path = reverse("results:version", args=[result.consultation_id, edition.language, result.number])
        return f"{self.get_wagtail_site().root_url}{path}"


@require_safe
def site_map(request: HttpRequest) -> HttpResponse:
    """The map of the site."""
    shown: HttpResponse = sitemap(request, {"pages": PagesOfEveryLanguage, "results": Results})
    return shown


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Where the map is, and what is nobody's to find by searching."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in LEFT_ALONE), ""]
    lines.append(f"Sitemap: {request.build_absolute_uri(reverse('site_map'))}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
