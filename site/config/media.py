"""Pictures at /media/, out of whatever storage has them; where it is a folder, in production the proxy does it."""

import posixpath

from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

DAY = 24 * 60 * 60
DOCUMENTS = "documents/"  # they may be restricted: Wagtail serves them at /documents/, where that is asked


@require_safe
def show(request: HttpRequest, path: str) -> HttpResponseBase:
    """A picture. Its name changes with its content."""
    # Only the plain spelling of a path: any other could lead to a document beside the question whether it does.
    if path != posixpath.normpath(path) or "\\" in path or path.startswith(("/", DOCUMENTS)):
        raise Http404
    try:
        file = FileResponse(default_storage.open(path))
    except (FileNotFoundError, IsADirectoryError, SuspiciousOperation):
        raise Http404 from None
    file["Cache-Control"] = f"public, max-age={DAY}"
    return file
