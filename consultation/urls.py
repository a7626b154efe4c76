"""Answering, outside the page tree and outside the languages' prefixes: one path for all languages of a consultation.

The cookie that finds a draft has that path, so changing the language midway keeps every answer.
"""

from django.urls import path, register_converter
from django.urls.converters import IntConverter

from consultation.views import answering

app_name = "answering"


class IdConverter(IntConverter):
    """A number that fits every database: SQLite fails with a larger one, and Python itself from 4,300 digits on."""

    regex = "[0-9]{1,18}"


register_converter(IdConverter, "id")

STEP = "<id:consultation_id>/<slug:language>/"

urlpatterns = [
    path(STEP, answering.start, name="start"),
    path(f"{STEP}<id:number>/", answering.section, name="section"),
    path(f"{STEP}later/", answering.later, name="later"),
    path(f"{STEP}return/<slug:secret>/", answering.back, name="return"),
    path(f"{STEP}check/", answering.check, name="check"),
    path(f"{STEP}equality/", answering.equality, name="equality"),
    path(f"{STEP}done/", answering.done, name="done"),
    path(f"{STEP}receipt/", answering.receipt, name="receipt"),
    path(f"{STEP}correct/", answering.correct, name="correct"),
    path(f"{STEP}keep/", answering.keep, name="keep"),
    path(f"{STEP}withdraw/", answering.withdraw, name="withdraw"),
    path(f"{STEP}again/", answering.again, name="again"),
]
