"""Generated responses for the demonstration: the same ones from the same seed, skewed, with gaps, led by the routing."""

import datetime as dt
import random
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from django.utils import timezone

from consultation import equality, instrument, ledger
from consultation.answers import Answers, WordsKey
from consultation.fold import fold
from consultation.kinds import AREA, DECLINED, EXCLUSIVE, KINDS, ORGANISATIONS, OTHER, Shape
from consultation.ledger import Imported
from consultation.models import Channel, Consultation
from consultation.questionnaire import Option, Question
from home.demo import voices
from home.demo.blocks import block_id, key
from home.demo.voices import Voices

T = TypeVar("T")

HOW_MANY = {
    "consultation/draft-plan": 200,
    "consultation/town-centres": 90,
    "consultation/libraries": 45,
    "consultation/getting-about": 50,
}
LANGUAGES = {"en": 84, "ga": 7, "pl": 9}  # per cent
CHANNELS = {Channel.WEB: 80, Channel.PAPER: 15, Channel.EVENT: 5}
ANSWERED = {"long_text": 0.45, "short_text": 0.3}  # of those asked; nine in ten where nothing is said
# As likely as an ordinary option times this.
UNCOMMON = {DECLINED: 0.1, EXCLUSIVE: 0.15, OTHER: 0.12} | dict.fromkeys(ORGANISATIONS, 0.1)
SILENT, ANSWERED_ABOUT = 0.25, 0.9  # of those who are asked the equality questions
COMMON = {  # how much likelier than another one some of their options are
    "age": {"under18": 0.2},
    "trans": {"no": 60.0},
    "gender": {"woman": 20.0, "man": 17.0, "another": 0.3},
    "religion": {"catholic": 6.0, "protestant": 6.0, "none": 3.0},
    "ethnicity": {"white": 90.0},
    "disability": {"no": 8.0, "little": 2.0},
    "marriage": {"together": 4.0, "single": 3.0},
    "orientation": {"straight": 40.0},
}
FEW = 0.08  # the area from which hardly anybody answers


def add() -> int:
    """Add the responses to each consultation that has none, and return how many there are now."""
    for name, n in HOW_MANY.items():
        consultation = Consultation.objects.filter(key=key(name)).first()
        if consultation is not None and not consultation.responses.exists():
            ledger.import_responses(consultation, consultation.published, generated(consultation, n))
            fold(consultation)
    return sum(row.responses.count() for row in Consultation.objects.filter(key__in=map(key, HOW_MANY)))


def generated(consultation: Consultation, n: int) -> Iterator[Imported]:
    """Responses spread over the time it has been open, the same at each call but for the dates."""
    rng = random.Random(f"{consultation.key}")  # noqa: S311  a fixed seed is the point  # nosec B311
    apart = random.Random(f"{consultation.key}/equality")  # noqa: S311  likewise  # nosec B311
    asked = instrument.current(consultation, consultation.language)
    own = _voices(consultation)
    until = min(timezone.now(), consultation.closes_at or timezone.now())
    span = (until - consultation.opens_at).total_seconds()
    moments = sorted(consultation.opens_at + dt.timedelta(seconds=rng.random() * span) for _ in range(n))
    for index, moment in enumerate(moments):
        language = _pick(LANGUAGES, rng)
        answers = Answers()
        for question in asked.questions:
            answers = answers.replacing([question], _answer(question, own, language, rng))
        channel = _pick(CHANNELS, rng)
        yield Imported(
            key=uuid.uuid5(consultation.key, f"response/{index}"),
            reference="",
            language=language,
            channel=channel,
            received_at=moment,
            answers=answers.asked_by(asked),
            equality=_equality(consultation.equality_questions, apart) if channel == Channel.WEB else {},
        )


def _equality(asked: Sequence[equality.Question], rng: random.Random) -> dict[str, str]:
    """What somebody said about themselves: a quarter said nothing at all, and others not everything."""
    if rng.random() < SILENT:
        return {}
    given = {question.key: _option(question, rng) for question in asked}
    return {key: option for key, option in given.items() if rng.random() < ANSWERED_ABOUT}


def _option(question: equality.Question, rng: random.Random) -> str:
    weights = dict.fromkeys(question.options, 1.0) | COMMON.get(question.key, {})
    return _pick(weights | {equality.DECLINED: UNCOMMON[DECLINED]}, rng)


def _voices(consultation: Consultation) -> dict[int, Voices]:
    """The voices of a question's own, by its number."""
    own = {block_id(name): found for name, found in voices.OF_QUESTION.items()}
    rows = consultation.questions.filter(block__in=own)
    return {row.number: own[row.block] for row in rows}


def _pick(shares: Mapping[T, float], rng: random.Random) -> T:
    return rng.choices([*shares], [*shares.values()])[0]


def _answer(question: Question, own: Mapping[int, Voices], language: str, rng: random.Random) -> Answers:
    """One answer: always to a required question, to the others mostly."""
    if not question.required and rng.random() > ANSWERED.get(question.kind, 0.9):
        return Answers({question.number: None})
    shape = KINDS[question.kind].shape
    if shape == Shape.WORDS:
        usual = voices.LONG if question.kind == "long_text" else voices.SHORT
        return Answers(
            {question.number: True}, {(question.number, 0): own.get(question.number, usual).say(language, rng)}
        )
    if shape == Shape.NUMBER:
        return Answers({question.number: min(question.maximum or 99, 5 + int(rng.expovariate(0.04)))})
    if shape == Shape.DAY:
        return Answers({question.number: f"{dt.date(2026, 6, 30) - dt.timedelta(days=int(rng.expovariate(0.01)))}"})
    return _chosen(question, language, rng)


def _chosen(question: Question, language: str, rng: random.Random) -> Answers:
    weights = _weights(question)
    first = _pick(weights, rng)
    shape = KINDS[question.kind].shape
    if shape == Shape.PLACES:
        ranked = _more(first, weights, rng.randint(0, (question.limit or 3) - 1), rng)
        return Answers({question.number: [option.number for option in ranked]})
    beside = {(question.number, first.number): voices.BESIDE.say(language, rng)} if first.role == OTHER else {}
    if first.role in ORGANISATIONS:
        beside = dict(_organisation(question, language, rng))
    if shape == Shape.OPTION:
        return Answers({question.number: first.number}, beside)
    if first.role in (EXCLUSIVE, DECLINED):
        return Answers({question.number: [first.number]})
    ticked = _more(first, weights, rng.randint(0, (question.limit or 3) - 1), rng)
    return Answers({question.number: sorted(option.number for option in ticked)}, beside)


def _organisation(question: Question, language: str, rng: random.Random) -> Iterator[tuple[WordsKey, str]]:
    """The name of one that is evidently made up, and mostly the role of who answers."""
    for text, said in zip(KINDS[question.kind].texts, (voices.ORGANISATIONS, voices.ROLES), strict=True):
        if text.required or rng.random() < 0.7:
            yield (question.number, text.number), said.say(language, rng)


def _weights(question: Question) -> dict[Option, float]:
    """How likely each option is: the first ones more, and the points of a scale towards its end."""
    likely = random.Random(f"{question.label}")  # noqa: S311  the same for each response  # nosec B311
    weights = {option: 1 / place + likely.random() for place, option in enumerate(question.options, 1)}
    if question.kind == "scale":
        points = len(question.options)
        weights = {option: place / points for place, option in enumerate(question.options, 1)}
    weights = {option: weight * UNCOMMON.get(option.role, 1) for option, weight in weights.items()}
    if question.kind == AREA.name:
        few = [option for option in question.options if not option.role][-2]  # the last is outside the borough
        weights[few] *= FEW
    return weights


def _more(first: Option, weights: Mapping[Option, float], n: int, rng: random.Random) -> list[Option]:
    """The first option and up to n others that can stand beside it, the likelier ones sooner."""
    chosen = [first]
    left = {option: weight for option, weight in weights.items() if not option.role and option != first}
    for _ in range(min(n, len(left))):
        following = _pick(left, rng)
        del left[following]
        chosen.append(following)
    return chosen
