"""A note on the admin's first page: what was scheduled and did not happen."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from wagtail.admin.ui.components import Component

from consultation import schedule


class LatePanel(Component):
    """The pages whose time came and went, for those who can edit them; without any, nothing is shown."""

    name = "late"
    order = 90  # above Wagtail's own
    template_name = "consultation/late.html"

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def get_context_data(self, parent_context: Mapping[str, Any] | None) -> dict[str, Any]:
        """Those pages."""
        pages = [page for page in schedule.late() if page.permissions_for_user(self.request.user).can_edit()]
        return {"pages": pages}
