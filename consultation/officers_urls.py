"""The officers' area, registered below the admin's root."""

from django.urls import path

from consultation.views import officers

app_name = "consultations"

urlpatterns = [
    path("", officers.index, name="index"),
    path("<int:pk>/", officers.consultation, name="consultation"),
    path("<int:pk>/responses.csv", officers.download, name="download"),
    path("themes/<int:pk>/", officers.theme, name="theme"),
]
