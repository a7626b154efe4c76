"""Giving back the file that a translator filled in: as in wagtail-localize, which fails on some files that are none."""

from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail_localize.models import Translation
from wagtail_localize.views import edit_translation


@require_POST
def upload(request: HttpRequest, translation_id: int) -> HttpResponseBase:
    """Take all of a file or nothing of it, and say what is wrong with one that was not downloaded here."""
    try:
        with transaction.atomic():
            taken: HttpResponseBase = edit_translation.upload_pofile(request, translation_id)
            return taken
    except KeyError:  # no file was chosen, or its header does not say which translation it is
        messages.error(
            request,
            _(
                "Nothing was taken from it: please choose the file that was downloaded on this page, with the "
                "translations filled in. Its first lines say which translation it belongs to, and have to stay."
            ),
        )
        translation = Translation.objects.get(pk=translation_id)
        return redirect(get_valid_next_url_from_request(request) or translation.get_target_instance_edit_url())
