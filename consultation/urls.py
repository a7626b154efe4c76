"""Answering, outside the page tree and outside the languages' prefixes: one path for all languages of a consultation.

The cookie that finds a draft has that path, so changing the language midway keeps every answer.
"""

from django.urls import path

from consultation.views import answering

app_name = "answering"

urlpatterns = [
    path("<int:consultation_id>/<slug:language>/", answering.start, name="start"),
    path("<int:consultation_id>/<slug:language>/<int:number>/", answering.section, name="section"),
    path("<int:consultation_id>/<slug:language>/check/", answering.check, name="check"),
    path("<int:consultation_id>/<slug:language>/done/", answering.done, name="done"),
    path("<int:consultation_id>/<slug:language>/again/", answering.again, name="again"),
]
