"""What people began and have not sent: how many, and how far they got. What they wrote is nobody's to read yet."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from consultation import instrument
from consultation.drafts import GRACE, LIFETIME
from consultation.models import Consultation
from consultation.questionnaire import Questionnaire


@dataclass(frozen=True)
class Reached:
    """How many drafts got to a section and no further. number 0: to none that is still asked."""

    number: int
    title: str
    n: int


KEYS = {
    "postgresql": "LEFT JOIN LATERAL jsonb_object_keys(d.answers -> 'values') AS a(key) ON true",
    "sqlite": "LEFT JOIN json_each(d.answers, '$.values') a",
}
SECTIONS = """
    SELECT reached, count(*) FROM (
        SELECT max({section}) AS reached
        FROM consultation_draft d {keys}
        WHERE d.consultation_id = %s AND d.sent_at IS NULL AND d.corrects IS NULL AND d.created_at > %s
        GROUP BY d.id
    ) found GROUP BY reached
"""


def sections(consultation: Consultation, language: str = "") -> tuple[Reached, ...]:
    """The sections of the current version in their order, each with the drafts that ended there. One query.

    What can no longer be opened counts no more; nor does a correction, for that was sent once.
    """
    now = timezone.now()
    if consultation.version_id is None or (consultation.closes_at and now > consultation.closes_at + GRACE):
        return ()
    asked = instrument.current(consultation, language or consultation.language)
    with connection.cursor() as cursor:
        cursor.execute(_statement(asked), [consultation.pk, now - LIFETIME])
        n: Mapping[int | None, int] = dict(cursor.fetchall())
    titles = {section.number: section.title.text for section in asked.sections}
    nowhere = sum(found for number, found in n.items() if number not in titles)
    found = (Reached(number, title, n.get(number, 0)) for number, title in titles.items())
    return (*([Reached(0, "", nowhere)] if nowhere else []), *found)


def _statement(asked: Questionnaire) -> str:
    """Nothing but numbers of ours goes into it."""
    places = [(question.number, section.number) for section in asked.sections for question in section.questions]
    cases = " ".join(f"WHEN '{question}' THEN {section}" for question, section in places)
    section = f"CASE a.key {cases} END" if cases else "NULL"
    return SECTIONS.format(section=section, keys=KEYS[connection.vendor])
