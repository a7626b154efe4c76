"""The lines of the table about downloads."""

from collections.abc import Mapping, Sequence
from statistics import median

from django.db import connection
from wagtail.models import Page

from consultation.models import Consultation
from tests.bench.data import KINDS
from tests.bench.downloads import Download, apart
from tests.bench.lines import Line, step

MANY = 500_000  # responses of which one file is enough
GOAL_FROM = 100_000  # below it, starting a process is much of what is measured
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


def downloads(sizes: Mapping[int, Consultation], n: int, submissions: int) -> list[Line]:
    """Write each file in turn with what it is compared with. sizes: consultations by how many responses they hold.

    n: the one of them that wagtail.contrib.forms is given as many submissions as.
    """
    copies_of_wagtail(sizes[n], submissions)
    lines = [line for size, consultation in sizes.items() for line in of_size(consultation, size)]
    return lines + beside_wagtail(sizes[n], n, submissions) + spreadsheets(sizes, n) + growth(sizes)


def copies_of_wagtail(consultation: Consultation, n: int) -> None:
    """Give the root page of the tree n submissions that say what the responses of the consultation do."""
    singles = [place for place, kind in enumerate(KINDS, 1) if kind == "single"]
    with step(f"{n:,} submissions of wagtail.contrib.forms"), connection.cursor() as cursor:
        cursor.execute(SUBMISSIONS, [root(), singles, consultation.pk, n])


def root() -> int:
    """The page that the submissions hang on."""
    return Page.objects.get(depth=1).pk


def in_turn(names: Sequence[str], keys: Sequence[int], times: int) -> list[list[Download]]:
    """The runs of each writer, all of them in turn so that what else the machine does meets each."""
    rounds = [[apart(name, key) for name, key in zip(names, keys, strict=True)] for _ in range(times)]
    return [list(runs) for runs in zip(*rounds, strict=True)]


def of_size(consultation: Consultation, n: int) -> list[Line]:
    """Both writers against a raw COPY of the same rows."""
    with step(f"files of {n:,} responses"):
        key = consultation.pk
        site, portable, copy = in_turn(["site", "portable", "copy"], [key] * 3, 3 if n < MANY else 1)
    first = median(run.first for run in site)
    goal = ("≥", 0.35) if n >= GOAL_FROM else ()
    return [
        Line(f"CSV of {n:,}", rates(site), "rows/s", rates(copy), "raw COPY", *goal),
        Line(f"CSV of {n:,}, portable writer", rates(portable), "rows/s", rates(copy), "raw COPY", "≥", 0.15),
        Line(f"first byte of a CSV of {n:,}", first, "s", sense="≤", bound=0.2),
    ]


def beside_wagtail(consultation: Consultation, n: int, submissions: int) -> list[Line]:
    """The same answers, as Wagtail's own forms write them."""
    with step(f"files of {n:,} beside those of wagtail.contrib.forms"):
        site, wagtail = in_turn(["site", "wagtail"], [consultation.pk, root()], 3)
    name = f"wagtail.contrib.forms at {submissions:,}"
    return [
        Line(f"CSV of {n:,}", rates(site), "rows/s", rates(wagtail), name, "≥", 7),
        Line(f"memory of a CSV of {n:,}", grown(site), "MB", grown(wagtail), name),
    ]


def spreadsheets(sizes: Mapping[int, Consultation], n: int) -> list[Line]:
    """XLSX and ODS against the CSV of the same rows."""
    with step(f"spreadsheets of {n:,}"):
        csv, xlsx, ods = in_turn(["site", "xlsx", "ods"], [sizes[n].pk] * 3, 1)
    return [
        line
        for name, run in (("XLSX", xlsx), ("ODS", ods))
        for line in (
            Line(f"{name} of {n:,}", rates(run), "rows/s", rates(csv), "CSV"),
            Line(f"memory of an {name} of {n:,}", grown(run), "MB more", sense="≤", bound=20),
        )
    ]


def growth(sizes: Mapping[int, Consultation]) -> list[Line]:
    """The memory of the largest file above that of the smallest."""
    (least, few), *_others, (most, large) = sorted(sizes.items())
    with step(f"memory of {most:,} responses"):
        (little,), (much,) = in_turn(["site", "site"], [few.pk, large.pk], 1)
    return [Line(f"memory of a CSV, {least:,} to {most:,}", much.grown - little.grown, "MB more", sense="≤", bound=20)]


def rates(runs: list[Download]) -> float:
    """The median of rows a second."""
    return median(run.rate for run in runs)


def grown(runs: list[Download]) -> float:
    """The median of MB above what the process had before."""
    return median(run.grown for run in runs)
