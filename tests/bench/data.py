"""Generated consultations of 20 questions, and as many responses as asked for, written by the database itself.

A sample of distinct responses is answered at random, gone through the same types as a citizen's, and repeated in order
under new keys. About 35 values a response; the two long and three short texts are stored where they are asked for.
"""

import json
import random
import uuid

from django.db import connection, transaction

from consultation.answers import Answers
from consultation.compile import compile_leading
from consultation.models import Consultation, Theme
from consultation.source import SourceItem, SourceOption, SourceSection
from tests.factories import make_source

SAMPLE = 5_000  # distinct responses
WORDS = [
    "paths",
    "buses",
    "better lighting",
    "schools",
    "música",
    "parku",
    "główny",
    "=SUM(1)",
    "“quoted”,",
    "two\nlines",
]
KINDS = ["single"] * 6 + ["multiple"] * 6 + ["number"] * 3 + ["short_text"] * 3 + ["long_text"] * 2


def publish(name: str) -> Consultation:
    """Publish the questionnaire as an open consultation whose questions belong to a theme of its own."""
    theme = Theme.objects.create(key=uuid.uuid4(), number=1, name=name)
    items = tuple(_item(place, kind, str(theme.key)) for place, kind in enumerate(KINDS, 1))
    sections = (SourceSection("one", "One", "", items[:10]), SourceSection("two", "Two", "", items[10:]))
    with transaction.atomic():
        return compile_leading(make_source(title=name, sections=sections))


def _item(place: int, kind: str, theme: str) -> SourceItem:
    labels = (
        [f"Option {number} of question {place}" for number in range(1, 9)] if kind in ("single", "multiple") else []
    )
    options = tuple(SourceOption(f"o{place}-{i}", label) for i, label in enumerate(labels))
    bounds = {"minimum": 0, "maximum": 120} if kind == "number" else {}
    return SourceItem(f"b{place}", kind, f"What is question {place} about?", theme=theme, options=options, **bounds)


def answered(rng: random.Random) -> Answers:
    """One response: one question in ten is skipped."""
    values, words = {}, {}
    for place, kind in enumerate(KINDS, 1):
        values[place] = None
        if rng.random() < 0.1:
            continue
        if kind == "single":
            values[place] = rng.randint(1, 8)
        elif kind == "multiple":
            values[place] = sorted(rng.sample(range(1, 9), rng.randint(1, 5)))
        elif kind == "number":
            values[place] = rng.randint(0, 120)
        else:
            values[place] = True
            words[place, 0] = " ".join(rng.choices(WORDS, k=4 if kind == "short_text" else 30))
    return Answers(values, words)


def prepare() -> None:
    """Put the sample where the database can repeat it."""
    rng = random.Random(7)
    responses = [(i, rng.choice(["en", "en", "en", "ga", "pl"]), answered(rng)) for i in range(SAMPLE)]
    with connection.cursor() as cursor:
        cursor.execute("CREATE UNLOGGED TABLE bench_sample (i int PRIMARY KEY, language text, answers text)")
        cursor.execute("CREATE UNLOGGED TABLE bench_words (i int, question int, option int, text text)")
        cursor.executemany(
            "INSERT INTO bench_sample VALUES (%s, %s, %s)",
            [(i, language, as_json(answers)) for i, language, answers in responses],
        )
        cursor.executemany(
            "INSERT INTO bench_words VALUES (%s, %s, %s, %s)",
            [(i, *key, text) for i, _language, answers in responses for key, text in answers.words.items()],
        )
        cursor.execute("CREATE INDEX ON bench_words (i)")


def as_json(answers: Answers) -> str:
    """Values as the ledger keeps them."""
    return json.dumps({str(number): value for number, value in answers.values.items()})


FILL = """
    INSERT INTO consultation_response
        (consultation_id, "key", reference, version_id, language, channel, answers, received_at)
    SELECT %s, gen_random_uuid(), %s || k, %s, language, CASE i %% 9 WHEN 0 THEN 'paper' ELSE 'web' END,
           answers::jsonb, now()
    FROM generate_series(%s, %s) k JOIN bench_sample ON i = k %% %s ORDER BY k
"""
FILL_WORDS = """
    INSERT INTO consultation_answerwords (response_id, question, option, text)
    SELECT r.id, w.question, w.option, w.text
    FROM consultation_response r JOIN bench_words w ON w.i = split_part(r.reference, '-', 2)::int %% %s
    WHERE r.consultation_id = %s ORDER BY r.id
"""


def fill(consultation: Consultation, n: int, *, start: int = 0, words: bool = False) -> None:
    """Store n responses, numbered from start, and their texts where words is set."""
    prefix, version = f"{consultation.pk:x}-", consultation.published.pk
    with connection.cursor() as cursor:
        cursor.execute(FILL, [consultation.pk, prefix, version, start, start + n - 1, SAMPLE])
        if words:
            cursor.execute(FILL_WORDS, [SAMPLE, consultation.pk])
        cursor.execute("ANALYZE consultation_response")
        cursor.execute("ANALYZE consultation_answerwords")
