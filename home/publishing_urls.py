"""Where it is said what a publication would change, below /admin/publish/."""

from django.urls import path

from home import publishing

app_name = "publishing"
urlpatterns = [path("<int:page_id>/<int:revision_id>/", publishing.confirm, name="confirm")]
