"""The form to print, outside the page tree and outside the languages' prefixes, as answering is."""

from django.urls import path

from consultation import urls  # noqa: F401  registers the converter
from home import paper

app_name = "paper"

urlpatterns = [
    path("<id:consultation_id>/<slug:language>/", paper.form, name="form"),
]
