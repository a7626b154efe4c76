"""Generated responses for the demonstration: the same ones from the same seed, skewed, with gaps."""

import datetime as dt
import random
import uuid
from collections.abc import Iterator

from django.utils import timezone

from consultation import instrument, ledger
from consultation.answers import Answers
from consultation.fold import fold
from consultation.kinds import DECLINED, EXCLUSIVE, KINDS, OTHER, Shape
from consultation.ledger import Imported
from consultation.models import Channel, Consultation
from consultation.questionnaire import Question
from home.demo.blocks import key

HOW_MANY = {"consultation/draft-plan": 280, "consultation/town-centres": 120, "consultation/getting-about": 60}

# Every fifteenth or so stays away from the usual: other languages, an emoji, a cell that looks like a formula.
LONG = [
    "More buses in the evening, so that young people can get home.",
    "Somewhere warm to sit that does not cost anything.",
    "I hope my grandchildren can afford to stay here.",
    "A path along the river from one town to the next.",
    "Níos mó spásanna glasa agus níos lú tráchta i lár an bhaile.",
    "Chciałbym, żeby było więcej zajęć dla dzieci po szkole.",
    "More music! 🎶 There used to be a session every Friday.",
    "=SUM(parks, benches) – that is all I ask for",
    "Write to me at somebody@example.org and I will show you.",
    "Keep the library open on Saturdays.",
]
SHORT = ["Schools and the health service", "The council and the bus company", "Everyone", "Szkoły i biblioteki", "-"]
BESIDE = ["A swimming pool", "Someone to go with", "Better shoes", "Lighting"]


def add() -> int:
    """Add the responses to each consultation that has none, and return how many there are now."""
    for name, n in HOW_MANY.items():
        consultation = Consultation.objects.filter(key=key(name)).first()
        if consultation is not None and not consultation.responses.exists():
            ledger.import_responses(consultation, consultation.published, _generated(consultation, n))
            fold(consultation)
    return sum(row.responses.count() for row in Consultation.objects.filter(key__in=map(key, HOW_MANY)))


def _generated(consultation: Consultation, n: int) -> Iterator[Imported]:
    """Responses spread over the time it has been open, the same at each call but for the dates."""
    rng = random.Random(f"{consultation.key}")  # noqa: S311  # a fixed seed is the point
    asked = instrument.current(consultation, consultation.language)
    until = min(timezone.now(), consultation.closes_at or timezone.now())
    span = (until - consultation.opens_at).total_seconds()
    moments = sorted(consultation.opens_at + dt.timedelta(seconds=rng.random() * span) for _ in range(n))
    for index, moment in enumerate(moments):
        answers = Answers()
        for question in asked.questions:
            answers = answers.replacing([question], _answer(question, rng))
        yield Imported(
            key=uuid.uuid5(consultation.key, f"response/{index}"),
            reference="",
            language=rng.choices(["en", "ga", "pl"], [86, 6, 8])[0],
            channel=rng.choices([Channel.WEB, Channel.PAPER, Channel.EVENT], [80, 15, 5])[0],
            received_at=moment,
            answers=answers.asked_by(asked),
        )


def _answer(question: Question, rng: random.Random) -> Answers:
    """One answer: required ones always, texts half the time, the others mostly."""
    shown = {"long_text": 0.5, "short_text": 0.3}.get(question.kind, 0.9)
    if not question.required and rng.random() > shown:
        return Answers({question.number: None})
    if question.kind in ("long_text", "short_text"):
        text = rng.choice(LONG if question.kind == "long_text" else SHORT)
        return Answers({question.number: True}, {(question.number, 0): text})
    if question.kind == "number":
        return Answers({question.number: min(31, int(rng.expovariate(0.2)))})
    if question.kind == "date":
        return Answers({question.number: f"{dt.date(2026, 6, 30) - dt.timedelta(days=int(rng.expovariate(0.01)))}"})
    if question.kind == "ranking":
        ranked = rng.sample(question.options, rng.randint(1, question.limit or 1))
        return Answers({question.number: [option.number for option in ranked]})
    # The first options are the likelier ones.
    weights = [1 / (place + 1) for place in range(len(question.options))]
    chosen = rng.choices(question.options, weights)[0]
    beside = {(question.number, chosen.number): rng.choice(BESIDE)} if chosen.role == OTHER else {}
    if KINDS[question.kind].shape == Shape.OPTION:
        return Answers({question.number: chosen.number}, beside)
    if chosen.role in (EXCLUSIVE, DECLINED):
        return Answers({question.number: [chosen.number]})
    ordinary = [option.number for option in question.options if not option.role and option != chosen]
    more = rng.sample(ordinary, rng.randint(0, min(2, len(ordinary), (question.limit or 9) - 1)))
    return Answers({question.number: sorted([chosen.number, *more])}, beside)
