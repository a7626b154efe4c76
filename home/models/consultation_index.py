"""The list of consultations."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from consultation.models import State
from home.copy_form import DraftCopyForm
from home.models.base import BasePage
from home.models.listing import consultations


class ConsultationIndexPage(BasePage):
    """All consultations, by where they are in their life."""

    copy_form_class = DraftCopyForm
    parent_page_types = ["home.HomePage"]
    subpage_types = ["home.ConsultationPage"]
    show_in_menus_default = True

    class Meta:
        verbose_name = _("list of consultations")
        verbose_name_plural = _("lists of consultations")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the consultations of each state."""
        entries = consultations(self.lang)
        return {
            **super().get_context(request, *args, **kwargs),
            **{state.value: [entry for entry in entries if entry.state == state] for state in State},
        }
