"""Published results, outside the page tree: their addresses stay, whatever becomes of the consultation's page."""

from django.urls import path

from consultation.urls import IdConverter  # noqa: F401  registers "id"
from consultation.views import results

app_name = "results"

EDITION = "<id:consultation_id>/<slug:language>/"

urlpatterns = [
    path(EDITION, results.newest, name="newest"),
    path(f"{EDITION}<id:number>/", results.version, name="version"),
    path(f"{EDITION}<id:number>/<str:name>", results.file, name="file"),
]
