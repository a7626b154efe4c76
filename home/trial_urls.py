"""Trying forms out, registered below the admin's root."""

from django.urls import path

from home import trial

app_name = "trial"

urlpatterns = [
    path("<int:page_id>/", trial.start, name="start"),
    path("<int:page_id>/<int:number>/", trial.section, name="section"),
    path("<int:page_id>/check/", trial.check, name="check"),
    path("<int:page_id>/equality/", trial.equality, name="equality"),
    path("<int:page_id>/done/", trial.done, name="done"),
]
