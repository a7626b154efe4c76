"""Sending translations for approval, registered below the admin's root."""

from django.urls import path

from home import submitting

app_name = "submitting"

urlpatterns = [path("<int:translation_id>/", submitting.submit, name="submit")]
