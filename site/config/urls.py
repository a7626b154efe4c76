"""Every address of the site.

Answering and the staff's areas have their own files in consultation, ideas and indicators in home, signing in here.
"""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from config import media, metrics, probes
from home import calendars, stylesheet
from home.feeds import NewsFeed
from home.search import search
from home.sitemap import robots, site_map

urlpatterns: list[URLPattern | URLResolver] = [
    # Answered by config.probes.ProbesMiddleware, before anything else; here so that nothing else takes their addresses.
    path("healthz", probes.healthz, name="healthz"),
    path("readyz", probes.readyz, name="readyz"),
    path("metrics", metrics.show, name="metrics"),
    # Before Wagtail's own, which ask for a password alone.
    path("admin/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("admin/", include(wagtailadmin_urls)),
    path("account/", include("config.account_urls")),
    path("documents/", include(wagtaildocs_urls)),
    path("answer/", include("consultation.urls")),
    path("paper/", include("home.paper_urls")),
    path("results/", include("consultation.results_urls")),
    path("tell/", include("consultation.telling_urls")),
    path("ideas/", include("home.sharing_urls")),
    path("indicators/", include("home.indicator_urls")),
    path("look/<slug:asked>.css", stylesheet.show, name="stylesheet"),
    path("sitemap.xml", site_map, name="site_map"),
    path("robots.txt", robots, name="robots"),
]

if settings.SERVE_MEDIA:  # on a machine of one's own, and out of a bucket; a folder is the proxy's
    urlpatterns += [path("media/<path:path>", media.show)]

# The language stands in every page's address, the default one included, so that a link always means one text.
urlpatterns += i18n_patterns(
    path("events.ics", calendars.coming_events, name="events_calendar"),
    path("events/<uuid:key>.ics", calendars.event, name="event_calendar"),
    path("news.atom", NewsFeed(), name="news_feed"),
    path("search/", search, name="search"),
    path("_util/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("", include(wagtail_urls)),
)

handler400 = "config.errors.bad_request"
handler403 = "config.errors.permission_denied"
handler404 = "config.errors.page_not_found"
handler429 = "config.errors.too_many_requests"
handler500 = "config.errors.server_error"
