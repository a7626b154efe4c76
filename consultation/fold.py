"""Fold the tail of the ledger into the tally, in batches, beside everything else that happens.

Ids are given before they are committed, so the largest id seen is no safe watermark on PostgreSQL: a barrier waits for
the submissions under way, reads the largest id in a statement of its own, and lets go before anything is counted.
"""

from collections.abc import Callable

from django.db import connection, transaction
from django.db.models import Max, Model, Q, Sum

from consultation import instrument
from consultation.ledger import LOCK
from consultation.models import Consultation, Response, Tally, Watermark
from consultation.recount import DAY, Cell, Counted, count, days, groups, of_ledger

BATCH = 5_000  # responses folded per transaction
FAR = 10_000  # responses of other consultations that a watermark may fall behind
PATIENCE = "2s"  # how long the barrier waits for submissions, while new ones queue behind it

ADD = """
    INSERT INTO {table} (consultation_id, question, option, segment, value, n, total)
    VALUES {rows}
    ON CONFLICT (consultation_id, question, option, segment, value)
    DO UPDATE SET n = {table}.n + excluded.n, total = {table}.total + excluded.total
"""


def barrier(consultation: Consultation) -> int:
    """An id at or below which no response of the consultation can still appear: the largest of all consultations'.

    Raises OperationalError when impatient.
    """
    if connection.vendor != "postgresql":
        return newest()  # one writer at a time: ids appear in order
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, consultation.pk])
        # A statement of its own: its snapshot is taken after the lock was granted.
        return newest()


def newest() -> int:
    """The largest id of any response."""
    return int(Response.objects.aggregate(newest=Max("pk"))["newest"] or 0)


def is_due(consultation: Consultation) -> bool:
    """Whether there are responses that the tally does not include, or so many of others that the search is long.

    PostgreSQL takes consultation and id for unrelated, so that looking for a tail reads what others received since.
    """
    reach = Watermark.objects.filter(consultation=consultation).values_list("response", flat=True).first() or 0
    return newest() - reach > FAR or consultation.responses.filter(pk__gt=reach).exists()


def fold(consultation: Consultation, progress: Callable[[int], object] = lambda n: None) -> int:
    """Bring the tally up to date, and return how many responses were folded. Two at once are harmless."""
    if not is_due(consultation):
        return 0
    Watermark.objects.get_or_create(consultation=consultation)
    limit = barrier(consultation)
    folded = 0
    while batch := _fold_batch(consultation, limit):
        folded += batch
        progress(batch)
    return folded


def _fold_batch(consultation: Consultation, limit: int) -> int:
    with transaction.atomic():
        watermark = Watermark.objects.select_for_update().get(consultation=consultation)
        consultation.refresh_from_db(fields=["segments"])  # under the lock, which whoever changes them takes, too
        tail = consultation.responses.filter(pk__gt=watermark.response, pk__lte=limit).order_by("pk")
        ids = list(tail.values_list("pk", flat=True)[:BATCH])
        if not ids:
            Watermark.objects.filter(consultation=consultation, response__lt=limit).update(response=limit)
            return 0
        batch = consultation.responses.filter(pk__gte=ids[0], pk__lte=ids[-1])
        add(consultation, count(instrument.rows(consultation), groups(consultation, batch)).cells())
        watermark.response = ids[-1]
        watermark.save(update_fields=["response"])
    return len(ids)


def add(consultation: Consultation, cells: dict[Cell, Counted], to: type[Model] = Tally) -> None:
    """Add counts to the tally, or to another table of such cells. The caller holds the watermark row's lock."""
    parameters = [(consultation.pk, *cell, counted.n, counted.total) for cell, counted in sorted(cells.items())]
    for start in range(0, len(parameters), 500):
        rows = parameters[start : start + 500]
        with connection.cursor() as cursor:
            cursor.execute(
                ADD.format(table=to._meta.db_table, rows=", ".join(["(%s, %s, %s, %s, %s, %s, %s)"] * len(rows))),
                [value for row in rows for value in row],
            )


def choose_segments(consultation: Consultation, questions: list[int]) -> None:
    """Count every figure by these questions of one choice as well: up to three, by number. Folds anew.

    Raises ValueError for more, or for a question of another kind.
    """
    known = set(consultation.questions.filter(kind__in=COMPARABLE).values_list("number", flat=True))
    if len(questions) > Consultation.MOST_SEGMENTS or not set(questions) <= known:
        raise ValueError(f"up to {Consultation.MOST_SEGMENTS} questions of one choice can be segments, not {questions}")
    rebuild(consultation, questions)


COMPARABLE = ("single", "theme_choice", "area", "respondent")


def rebuild(consultation: Consultation, segments: list[int] | None = None) -> None:
    """Make the tally anew from the ledger: where the two were found to differ, or with other segments."""
    limit = barrier(consultation)
    with transaction.atomic():
        watermark, _created = Watermark.objects.select_for_update().get_or_create(consultation=consultation)
        if segments is not None:
            Consultation.objects.filter(pk=consultation.pk).update(segments=sorted(set(segments)))
        consultation.refresh_from_db(fields=["segments"])
        consultation.tallies.all().delete()
        folded = consultation.responses.filter(pk__lte=limit)
        add(consultation, of_ledger(consultation, folded))
        watermark.response = limit
        watermark.save(update_fields=["response"])


def count_days(consultation: Consultation) -> bool:
    """Count the responses of a tally by day where its days do not add up to all; return whether that was so.

    They do not, where a release that knew no days has folded: before an upgrade, and by a process that still runs.
    """
    if _days_add_up(consultation):
        return False
    with transaction.atomic():
        watermark, _created = Watermark.objects.select_for_update().get_or_create(consultation=consultation)
        consultation.tallies.filter(segment=DAY).delete()
        folded = consultation.responses.filter(pk__lte=watermark.response)
        add(consultation, count({}, days(folded)).cells())
    return True


def _days_add_up(consultation: Consultation) -> bool:
    """One query, of the few cells that count responses."""
    whole, by_day = Sum("n", filter=Q(segment="")), Sum("n", filter=Q(segment=DAY))
    found = Tally.objects.filter(consultation=consultation, question=0, option=0).aggregate(whole=whole, days=by_day)
    return (found["whole"] or 0) == (found["days"] or 0)
