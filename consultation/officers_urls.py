"""The officers' area, registered below the admin's root."""

from django.urls import path

from consultation.views import held, lists, officers, responses, segments, trail

app_name = "consultations"

urlpatterns = [
    path("", lists.ConsultationList.as_view(), name="index"),
    path("results/", lists.ConsultationList.as_view(results_only=True), name="index_results"),
    path("<int:pk>/", officers.consultation, name="consultation"),
    path("<int:pk>/compare/", segments.segments, name="segments"),
    path("<int:pk>/held/", held.held, name="held"),
    path("<int:pk>/responses/", responses.responses, name="responses"),
    path("<int:pk>/responses/<int:number>/", responses.response, name="response"),
    path("<int:pk>/responses/<int:number>/copy.json", responses.own_copy, name="own_copy"),
    path("<int:pk>/responses/<int:number>/redact/<int:question>/<int:option>/", responses.redact, name="redact"),
    path("<int:pk>/responses/<int:number>/erase/", responses.erase, name="erase"),
    path("<int:pk>/responses.csv", officers.download, name="download"),
    path("<int:pk>/package.zip", officers.package, name="package"),
    path("find/", responses.find, name="find"),
    path("ideas.csv", officers.ideas_file, name="ideas"),
    path("handled/", trail.TrailReport.as_view(), name="trail"),
    path("handled/results/", trail.TrailReport.as_view(results_only=True), name="trail_results"),
    path("themes/", lists.ThemeList.as_view(), name="themes"),
    path("themes/<int:pk>/", officers.theme, name="theme"),
]
