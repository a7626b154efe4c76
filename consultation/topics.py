"""How many people said what, of the texts that were coded: by question, and by theme.

A figure is of people: whoever wrote several texts to a question counts once, with all that they said. Percentages are
of the people of whom a text was coded; how many wrote something stands beside. A code is counted with those that are
part of it. Codes belong to their own theme, or else to that of the question.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from consultation import instrument
from consultation.coding import TO_CODE
from consultation.models import (
    AnswerWords,
    Code,
    CodedAs,
    CodedQuestion,
    CodedText,
    Consultation,
    Response,
    Theme,
)
from consultation.models.letter import LETTER
from consultation.questionnaire import Question
from consultation.summary import EVERY, percent


@dataclass(frozen=True)
class Topic:
    """A code and how many people it counts; percent is of those whose texts were coded, None where nobody's were."""

    code: int
    name: str
    n: int
    percent: float | None
    is_part: bool  # of the last one before it that is not
    retired: bool
    theme: int | None


@dataclass(frozen=True)
class Topics:
    """What people wrote to one question. read: of how many a text was coded, of those who wrote."""

    question: int
    label: str
    frame: int
    wrote: int
    read: int
    topics: tuple[Topic, ...]

    @property
    def left(self) -> int:
        """Of how many people nothing is coded yet."""
        return self.wrote - self.read


def label(questions: Mapping[int, Question], number: int) -> str:
    """What a question is called, with its number; what came in letters answers none."""
    return _("Letters, e-mails and petitions") if number == LETTER else f"{number}. {questions[number].wording}"


def of_consultation(consultation: Consultation, where: Q = EVERY, theme: Theme | None = None) -> list[Topics]:
    """The coded questions of a consultation with their codes; where: of the responses that fit alone.

    theme: only the codes that belong to it, and no question without one. Eight queries, two where nothing is coded.
    """
    asked = list(CodedQuestion.objects.filter(consultation=consultation).select_related("frame").order_by("question"))
    if not asked:
        return []
    responses = Response.objects.filter(where, consultation=consultation, state=Response.State.COUNTED).order_by()
    catalogue = instrument.catalogue(consultation, consultation.language)
    codes = _codes(consultation)
    read = _read(responses)
    unread = _unread(responses, [row.question for row in asked])
    counted = _counted(responses)
    found = []
    for row in asked:
        base = read.get(row.question, 0)
        own = catalogue.themes.get(row.question)
        topics = tuple(
            _topic(code, counted.get((row.question, code.pk), 0), base, own) for code in codes.get(row.frame_id, [])
        )
        if theme is not None:
            topics = tuple(topic for topic in topics if topic.theme == theme.pk)
            if not topics and own != theme.pk:
                continue
        name = label(catalogue.questions, row.question)
        found.append(Topics(row.question, name, row.frame_id, base + unread.get(row.question, 0), base, topics))
    return found


def _topic(code: Code, n: int, base: int, theme: int | None) -> Topic:
    own = code.theme_id or (code.parent.theme_id if code.parent else None) or theme
    return Topic(code.pk, code.name, n, percent(n, base), code.parent_id is not None, code.retired_at is not None, own)


def _codes(consultation: Consultation) -> Mapping[int, list[Code]]:
    """The codes by frame, each followed by those that are part of it. What is retired was used, so it stays."""
    found: dict[int, list[Code]] = {}
    for code in Code.objects.filter(frame__consultation=consultation).select_related("parent"):
        found.setdefault(code.frame_id, []).append(code)
    return {frame: in_order(codes) for frame, codes in found.items()}


def in_order(codes: Iterable[Code]) -> list[Code]:
    """Each code followed by those that are part of it."""
    return sorted(codes, key=lambda code: (code.parent_id or code.pk, code.parent_id is not None, code.pk))


def _people(rows: QuerySet[CodedText] | QuerySet[AnswerWords]) -> dict[int, int]:
    return dict(rows.order_by().values_list("question").annotate(n=Count("response", distinct=True)))


def _read(responses: QuerySet[Response]) -> dict[int, int]:
    return _people(CodedText.objects.filter(response__in=responses.values("pk")))


def _unread(responses: QuerySet[Response], questions: Iterable[int]) -> dict[int, int]:
    """People who wrote something of which nothing is coded."""
    coded = CodedText.objects.filter(response=OuterRef("response"), question=OuterRef("question"))
    rows = AnswerWords.objects.filter(
        TO_CODE, ~Exists(coded), response__in=responses.values("pk"), question__in=questions
    )
    return _people(rows)


def _counted(responses: QuerySet[Response]) -> dict[tuple[int, int], int]:
    """By question and code. A code with parts counts whoever has it or one of them."""
    rows = CodedAs.objects.filter(text__response__in=responses.values("pk")).order_by()
    people = Count("text__response", distinct=True)
    alone = rows.values_list("text__question", "code").annotate(n=people)
    whole = (
        rows.annotate(whole=Coalesce("code__parent", "code")).values_list("text__question", "whole").annotate(n=people)
    )
    return {(question, code): n for found in (alone, whole) for question, code, n in found}
