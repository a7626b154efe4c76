"""The officers' area, registered below the admin's root."""

from django.urls import path

from consultation.models import Format
from consultation.views import downloading, held, lists, officers, quoting, report, responses, segments, trail

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
    path("<int:pk>/responses/<int:number>/quote/<int:question>/<int:option>/", quoting.propose, name="propose"),
    path("quotes/", quoting.QuoteList.as_view(), name="quotes"),
    path("quotes/results/", quoting.QuoteList.as_view(results_only=True), name="quotes_results"),
    path("quotes/<int:pk>/", quoting.quote, name="quote"),
    path("find/", responses.find, name="find"),
    path("handled/", trail.TrailReport.as_view(), name="trail"),
    path("handled/results/", trail.TrailReport.as_view(results_only=True), name="trail_results"),
    path("<int:pk>/downloads/", downloading.overview, name="offers"),
    path("<int:pk>/responses.csv", downloading.responses, {"format": Format.CSV}, name="download"),
    path("<int:pk>/responses.xlsx", downloading.responses, {"format": Format.XLSX}, name="download_xlsx"),
    path("<int:pk>/responses.ods", downloading.responses, {"format": Format.ODS}, name="download_ods"),
    path("<int:pk>/prepare/<str:format>/", downloading.prepare, name="prepare"),
    path("exports/<int:pk>/", downloading.export, name="export"),
    path("exports/<int:pk>/file/", downloading.export_file, name="export_file"),
    path("<int:pk>/figures.zip", downloading.figures, {"format": Format.ZIP}, name="figures"),
    path("<int:pk>/figures.xlsx", downloading.figures, {"format": Format.XLSX}, name="figures_xlsx"),
    path("<int:pk>/figures.ods", downloading.figures, {"format": Format.ODS}, name="figures_ods"),
    path("<int:pk>/package.zip", downloading.package, name="package"),
    path("ideas.csv", downloading.ideas, name="ideas"),
    path("downloads/", report.DownloadsReport.as_view(), name="downloads"),
    path("downloads/results/", report.DownloadsReport.as_view(results_only=True), name="downloads_results"),
    path("themes/", lists.ThemeList.as_view(), name="themes"),
    path("themes/<int:pk>/", officers.theme, name="theme"),
]
