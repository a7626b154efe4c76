"""The reports of what has to be looked after, below /admin/reports/."""

from django.urls import path

from home.keeping_views import OverdueReport, ReviewsReport, TranslationsReport

app_name = "keeping"
urlpatterns = [
    path("reviews/", ReviewsReport.as_view(), name="reviews"),
    path("reviews/results/", ReviewsReport.as_view(results_only=True), name="reviews_results"),
    path("to-translate/", TranslationsReport.as_view(), name="translations"),
    path("to-translate/results/", TranslationsReport.as_view(results_only=True), name="translations_results"),
    path("overdue/", OverdueReport.as_view(), name="overdue"),
    path("overdue/results/", OverdueReport.as_view(results_only=True), name="overdue_results"),
]
