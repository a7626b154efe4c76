"""The figures of an indicator as a file, outside the page tree: an indicator is a record and has no page of its own."""

from django.urls import path

from home import indicator_file

app_name = "indicators"

urlpatterns = [
    path("<slug:language>/<uuid:key>.csv", indicator_file.download, name="csv"),
]
