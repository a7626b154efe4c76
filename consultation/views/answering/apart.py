"""The page of equality questions, between the check page and sending.

What is chosen there arrives with the form that sends everything, and is nowhere before that: not in the draft, a cookie
or an address. Where sending is refused because something changed, it goes on in hidden fields.
"""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.http import HttpResponse

from consultation import equality
from consultation.equality import Question
from consultation.models import Draft
from consultation.views.answering.visit import Visit

SKIP = "skip"  # the button that sends everything else


def questions(visit: Visit, draft: Draft) -> tuple[Question, ...]:
    """What is asked on this way: nothing of those who correct what they sent, since it stays as it was."""
    return () if draft.corrects else visit.consultation.equality_questions


def chosen(visit: Visit, draft: Draft) -> dict[str, str]:
    """What came with the form; nothing where it was sent without."""
    if SKIP in visit.sent:
        return {}
    return equality.read(questions(visit, draft), visit.sent)


def carried(visit: Visit, draft: Draft) -> list[tuple[str, str]]:
    """The same as fields, to go on with."""
    said = chosen(visit, draft)
    return [(question.name, said[question.key]) for question in questions(visit, draft) if question.key in said]


def address(visit: Visit, draft: Draft) -> str:
    """The page, and what the check page before it showed."""
    return f"{visit.address('equality')}?{_shown(visit, draft)}"


def _shown(visit: Visit, draft: Draft) -> str:
    return urlencode({"version": visit.questionnaire.version, "revision": draft.revision})


def show(visit: Visit, draft: Draft, said: Mapping[str, str] | None = None) -> HttpResponse:
    """The page, with what was chosen before."""
    query = _shown(visit, draft)
    return visit.render(
        "equality",
        address=visit.address("equality"),
        fields=equality.fields(questions(visit, draft), said or {}),
        token=visit.token(),
        version=visit.questionnaire.version,
        revision=draft.revision,
        has_entries=True,
        back=visit.address("check"),
        languages=[(code, name, f"{place}?{query}") for code, name, place in visit.languages("equality")],
    )
