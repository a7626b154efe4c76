"""Two views of wagtail-localize that would publish for somebody who may not: the same, and they ask first."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from wagtail.models import Page
from wagtail.snippets.permissions import get_permission_name
from wagtail_localize.views.convert import convert_to_alias
from wagtail_localize.views.update_translations import UpdateTranslationsForm, UpdateTranslationsView


def may_publish(user: Any, record: Any) -> bool:
    """Whether this person may publish it alone."""
    if isinstance(record, Page):
        return bool(record.permissions_for_user(user).can_publish())
    return bool(user.has_perm(get_permission_name("publish", type(record))))


class UpdateTranslations(UpdateTranslationsView):
    """Bring translations up to the original; only who may publish each of them gets to publish them along with it."""

    def get_form(self) -> UpdateTranslationsForm:
        """The form, with its one choice taken away where it is not theirs."""
        form = super().get_form()
        translations = self.object.translations.filter(enabled=True)
        if not all(may_publish(self.request.user, one.get_target_instance()) for one in translations):
            publish = form.fields["publish_translations"]
            publish.disabled, publish.initial = True, False
            publish.help_text = _("Send each translation for approval instead, from its own page.")
        return form


def convert(request: HttpRequest, page_id: int) -> HttpResponseBase:
    """Make a translation an alias again. It shows at once what its original shows, so it takes the right to publish."""
    if not may_publish(request.user, get_object_or_404(Page, pk=page_id)):
        raise PermissionDenied
    page: HttpResponseBase = convert_to_alias(request, page_id)
    return page
