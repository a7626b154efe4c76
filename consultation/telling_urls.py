"""Being told the outcome: apart from the addresses of answering, so that no cookie of answers comes along."""

from django.urls import path

import consultation.urls  # noqa: F401  the converter "id"
from consultation.views import telling

app_name = "telling"

STEP = "<id:consultation_id>/<slug:language>/"

urlpatterns = [
    path(STEP, telling.ask, name="ask"),
    path(f"{STEP}confirm/<slug:secret>/", telling.confirm, name="confirm"),
    path(f"{STEP}stop/<slug:secret>/", telling.stop, name="stop"),
]
