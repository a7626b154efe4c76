"""A CSV of responses as the site writes it, against a raw COPY of the same rows and against wagtail.contrib.forms.

Each is written in a process of its own: `python -m tests.bench.downloads site 3` prints a JSON of seconds, first byte,
rows and the growth of its memory in MB, from before the first query to the peak.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import django


@dataclass(frozen=True)
class Download:
    """What one download took."""

    seconds: float
    first: float  # seconds until the first bytes
    rows: int
    grown: float  # MB

    @property
    def rate(self) -> float:
        """Rows a second."""
        return self.rows / self.seconds


def apart(writer: str, key: int) -> Download:
    """Write one file in a process of its own, and throw it away."""
    command = [sys.executable, "-m", "tests.bench.downloads", writer, str(key)]
    return Download(**json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout))


def site(consultation_id: int) -> Iterator[bytes]:
    """The file that the officers' area sends, labels and formula guard included."""
    return _file(consultation_id, "responses")


def portable(consultation_id: int) -> Iterator[bytes]:
    """The same file as another database would have it written."""
    return _file(consultation_id, "portable")


def _file(consultation_id: int, writer: str) -> Iterator[bytes]:
    from consultation import csv_copy
    from consultation.columns import Form
    from consultation.models import Consultation

    consultation = Consultation.objects.get(pk=consultation_id)
    parts: Iterator[bytes] = getattr(csv_copy, writer)(consultation, consultation.language, Form.LABELS)
    return parts


def xlsx(consultation_id: int) -> Iterator[bytes]:
    """A workbook of the same rows."""
    return _sheets(consultation_id, "xlsx")


def ods(consultation_id: int) -> Iterator[bytes]:
    """An OpenDocument spreadsheet of the same rows."""
    return _sheets(consultation_id, "ods")


def _sheets(consultation_id: int, format: str) -> Iterator[bytes]:
    from consultation.downloads import Contents, Rows
    from consultation.models import Consultation, Download, Format, Level

    consultation = Consultation.objects.get(pk=consultation_id)
    told = consultation, Download.Holds.RESPONSES, Level.ANALYSIS, Format(format), consultation.language
    return Contents(*told).parts(Rows())


COPIES = (
    """COPY (SELECT reference, received_at, language, channel, version_id, answers FROM consultation_response
    WHERE consultation_id = {} ORDER BY id) TO STDOUT (FORMAT csv)""",
    """COPY (SELECT w.response_id, w.question, w.option, w.text FROM consultation_answerwords w
    JOIN consultation_response r ON r.id = w.response_id WHERE r.consultation_id = {}) TO STDOUT (FORMAT csv)""",
)


class Received:
    """A file that forgets what is written to it."""

    def write(self, data: bytes) -> int:
        return len(data)


def copy(consultation_id: int) -> Iterator[bytes]:
    """Rows and texts as the database has them."""
    from django.db import connection

    with connection.cursor() as cursor:
        for statement in COPIES:
            cursor.copy_expert(statement.format(int(consultation_id)), Received())
            yield b"."


def wagtail(page_id: int) -> Iterator[bytes]:
    """The stream of wagtail.contrib.forms' own list of submissions, for as many fields."""
    from wagtail.contrib.forms.models import FormSubmission
    from wagtail.contrib.forms.views import SubmissionsListView

    submissions = FormSubmission.objects.filter(page_id=page_id).order_by("submit_time")
    view = SubmissionsListView()
    view.list_export = ["submit_time", *submissions.values_list("form_data", flat=True)[0]]
    view.export_headings = {}
    return view.stream_csv(submissions)


WRITERS: dict[str, Callable[[int], Iterator[bytes]]] = {
    "site": site,
    "portable": portable,
    "xlsx": xlsx,
    "ods": ods,
    "copy": copy,
    "wagtail": wagtail,
}


def main() -> None:
    """Set up, connect, then measure."""
    django.setup()
    from django.db import connection

    connection.ensure_connection()
    writer, key = WRITERS[sys.argv[1]], int(sys.argv[2])
    before = peak()
    start, first = time.perf_counter(), 0.0
    for _chunk in writer(key):
        first = first or time.perf_counter() - start
    took = time.perf_counter() - start
    grown = peak() - before
    sys.stdout.write(json.dumps({"seconds": took, "first": first, "rows": rows(sys.argv[1], key), "grown": grown}))


def peak() -> float:
    """The most memory this program has had, in MB; getrusage would count what its parent had before it."""
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def rows(writer: str, key: int) -> int:
    """How many there were to write."""
    from wagtail.contrib.forms.models import FormSubmission

    from consultation.models import Response

    if writer == "wagtail":
        return FormSubmission.objects.filter(page_id=key).count()
    return Response.objects.filter(consultation=key).count()


if __name__ == "__main__":
    main()
