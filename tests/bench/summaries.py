"""What an officer waits for: a theme's summary at a million responses against a thousand, and its part in the database.

Both with the tail empty and with 1,000 responses that are not folded yet.
"""

import re

from django.db import connection
from django.test.utils import CaptureQueriesContext

from consultation import summary
from consultation.models import Consultation, Theme
from tests.bench.data import fill
from tests.bench.lines import Line, alternately, seconds, step

TAIL = 1_000
TIMES = 9


def summaries(large: Consultation, small: Consultation, n: int, few: int) -> list[Line]:
    """Measure both themes in turn, then give each consultation its tail and measure again."""
    with step("summaries"):
        without = alternately(lambda: of(large), lambda: of(small), TIMES)
        fill(large, TAIL, start=n)
        fill(small, TAIL, start=few)
        tailed = alternately(lambda: of(large), lambda: of(small), TIMES)
        queries = in_database(large)
    name = f"at {few:,}"
    return [
        Line(f"theme summary at {n:,}", 1000 * without[0], "ms", 1000 * without[1], name, "≤", 1.5),
        Line(f"the same with a tail of {TAIL:,}", 1000 * tailed[0], "ms", 1000 * tailed[1], name, "≤", 1.5),
        Line("SQL of that", 1000 * queries, "ms", sense="≤", bound=10),
    ]


def of(consultation: Consultation) -> None:
    """Sum up the one theme that the consultation's questions belong to."""
    (found,) = summary.of_theme(Theme.objects.get(questions__consultation=consultation, questions__number=1))
    if len(found.questions) != consultation.questions.count() or not found.received:
        raise AssertionError("the summary lacks something")


def in_database(consultation: Consultation) -> float:
    """The seconds that the summary's queries take when they are asked alone, rows fetched; the best of five."""
    with CaptureQueriesContext(connection) as captured:
        of(consultation)
    declared = re.compile(r"DECLARE .*? CURSOR .*?FOR ", re.DOTALL)
    queries = [declared.sub("", query["sql"]) for query in captured.captured_queries]

    def ask() -> None:
        with connection.cursor() as cursor:
            for query in queries:
                if query.startswith("SELECT"):
                    cursor.execute(query)
                    cursor.fetchall()

    return min(seconds(ask) for _ in range(5))
