"""The moderators' area, registered below the admin's root."""

from django.urls import path

from consultation.views import moderating

app_name = "ideas"

urlpatterns = [
    path("", moderating.IdeaList.as_view(), name="index"),
    path("results/", moderating.IdeaList.as_view(results_only=True), name="index_results"),
    path("<int:pk>/", moderating.idea, name="idea"),
    path("<int:pk>/erase/", moderating.erase, name="erase"),
]
