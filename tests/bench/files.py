"""The lines of the table about downloads."""

from statistics import median

from django.db import connection
from wagtail.models import Page

from consultation.models import Consultation
from tests.bench.data import KINDS
from tests.bench.downloads import Download, apart
from tests.bench.lines import Line, step

# The same answers as wagtail.contrib.forms keeps them: the words of each choice, under the name of the field.
SUBMISSIONS = """
    INSERT INTO wagtailforms_formsubmission (page_id, submit_time, form_data)
    SELECT %s, r.received_at, jsonb_object_agg('question_' || lpad(g.key, 2, '0'), CASE
        WHEN g.value = 'null' THEN g.value
        WHEN g.key::int = ANY(%s) THEN to_jsonb('Option ' || g.value::text || ' of question ' || g.key)
        WHEN jsonb_typeof(g.value) = 'array' THEN (SELECT jsonb_agg('Option ' || o || ' of question ' || g.key)
            FROM jsonb_array_elements_text(g.value) o)
        WHEN g.value = 'true' THEN to_jsonb((SELECT text FROM consultation_answerwords w
            WHERE w.response_id = r.id AND w.question = g.key::int))
        ELSE g.value END)
    FROM (SELECT * FROM consultation_response WHERE consultation_id = %s ORDER BY id LIMIT %s) r,
         jsonb_each(r.answers) g
    GROUP BY r.id, r.received_at ORDER BY r.id
"""


def downloads(
    many: Consultation, few: Consultation, n: int, submissions: int, large: Consultation, most: int
) -> list[Line]:
    """Write each file three times in turn; many holds n responses, few a tenth of them; large, the most, once."""
    with step(f"downloads of {n:,} responses"):
        page = Page.objects.get(depth=1).pk
        singles = [place for place, kind in enumerate(KINDS, 1) if kind == "single"]
        with connection.cursor() as cursor:
            cursor.execute(SUBMISSIONS, [page, singles, many.pk, submissions])
        runs = [
            (
                apart("site", many.pk),
                apart("portable", many.pk),
                apart("copy", many.pk),
                apart("wagtail", page),
                apart("site", few.pk),
            )
            for _ in range(3)
        ]
    site, portable, copy, wagtail, less = (list(column) for column in zip(*runs, strict=True))
    rate, name = rates(site), f"wagtail.contrib.forms at {submissions:,}"
    with step(f"a download of {most:,} responses"):
        growth = apart("site", large.pk).grown - grown(less)
    first = median(run.first for run in site)
    return [
        Line(f"CSV of {n:,}", rate, "rows/s", rates(copy), "raw COPY", "≥", 0.35),
        Line(f"CSV of {n:,}, portable writer", rates(portable), "rows/s", rates(copy), "raw COPY", "≥", 0.15),
        Line(f"CSV of {n:,}", rate, "rows/s", rates(wagtail), name, "≥", 7),
        Line(f"memory of a CSV, {n // 10:,} to {most:,}", growth, "MB more", sense="≤", bound=20),
        Line(f"memory of a CSV of {n:,}", grown(site), "MB", grown(wagtail), name),
        Line("first byte of a CSV", first, "s", sense="≤", bound=0.2),
    ]


def rates(runs: list[Download]) -> float:
    """The median of rows a second."""
    return median(run.rate for run in runs)


def grown(runs: list[Download]) -> float:
    """The median of MB above what the process had before."""
    return median(run.grown for run in runs)
