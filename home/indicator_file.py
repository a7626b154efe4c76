"""The values of an indicator as a CSV file that everybody may have: its header stays the same in every language."""

import uuid
from collections.abc import Iterator

from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from consultation.columns import guard
from consultation.csv_files import chunks, write
from home.models import Indicator
from home.models.plan_listing import has_page
from home.models.record import put_in_words

HEADER = ["year", "period", "value", "unit"]


def rows(indicator: Indicator) -> Iterator[list[str]]:
    """Header and values, the earliest first; what editors wrote is safe in a spreadsheet."""
    yield HEADER
    unit = guard(str(indicator.words["unit"]))
    for value in indicator.series:
        yield [str(value.year), guard(value.period), str(value.figure), unit]


@require_safe
def download(request: HttpRequest, language: str, key: uuid.UUID) -> StreamingHttpResponse:
    """Send the file, with the unit in a reader's words. What no theme's page shows is not there."""
    indicator = Indicator.shown().filter(translation_key=key).select_related("theme").first()
    if indicator is None or not indicator.series or not has_page(indicator.theme, language):
        raise Http404
    put_in_words([indicator], language)
    name = slugify(indicator.title)[:60] or "indicator"
    return StreamingHttpResponse(
        chunks(write(rows(indicator))),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )
