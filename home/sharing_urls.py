"""Sharing an idea, outside the page tree and outside the languages' prefixes, as answering is."""

from django.urls import path

from home import sharing

app_name = "sharing"

urlpatterns = [
    path("<slug:language>/", sharing.idea, name="idea"),
    path("<slug:language>/<slug:reference>/", sharing.sent, name="sent"),
]
