"""Old answers as they are: what a form of today would refuse is kept, and each rule that it breaks is named."""

from consultation.kinds import (
    DECLINED,
    EXCLUSIVE,
    KINDS,
    MOST_PLACES,
    ORGANISATIONS,
    OTHER,
    SKIPPED,
    Accepted,
    Given,
    Refused,
    Shape,
    encode_number,
    parse_number,
)
from consultation.questionnaire import Option, Question
from consultation.text import LONG, clean

EXCLUSIVITY = "an option that excludes others, with others"
LIMIT = "more than the limit"
BOUNDS = "a number beyond its bounds"
NO_NUMBER = "not a number, kept as text"
BOUNDS_OF_DAY = "a date beyond its bounds"
NO_DAY = "not a date, kept as text"
NO_ORGANISATION = "words about an organisation, of somebody who does not answer for one"
OFF_ROUTE = "asked, though the answers before do not lead to it"
NOT_IN_VERSION = "asked, though the version does not ask it"
PASSED_OVER = "not asked, though the answers before lead to it"


def keep(question: Question, given: Given) -> tuple[Accepted, list[str]]:
    """The answer as given, and the rules it breaks. Raises Refused where even that can't be stored."""
    shape = KINDS[question.kind].shape
    if shape == Shape.NUMBER:
        return _number(given.chosen[0])
    options = [option for option in question.options if str(option.number) in given.chosen]
    if shape == Shape.OPTIONS:
        ticked = sorted(option.number for option in options)
        return Accepted(ticked, _other(options, given.words)), _broken(question, options)
    if shape == Shape.PLACES:
        ranked = sorted(options, key=lambda option: list(given.chosen).index(str(option.number)))
        return Accepted([option.number for option in ranked[:MOST_PLACES]], {}), [LIMIT]
    if shape == Shape.DAY:
        return _day(given.chosen[0])
    if shape == Shape.OPTION:
        texts = _texts(question, given)
        is_one = any(option.role in ORGANISATIONS for option in options)
        rule = NO_ORGANISATION if texts and not is_one else LIMIT
        return Accepted(options[0].number, _other(options, given.words) | texts), [rule]
    return Accepted(True, {0: _storable(given.chosen[0])}), [LIMIT]


def _day(raw: str) -> tuple[Accepted, list[str]]:
    unbounded = Question(0, "date")
    try:
        return KINDS["date"].accept(unbounded, Given((raw,))), [BOUNDS_OF_DAY]
    except Refused:
        return Accepted(True, {0: _storable(raw.strip())}), [NO_DAY]


def _number(raw: str) -> tuple[Accepted, list[str]]:
    if not raw.strip():
        return SKIPPED, []
    try:
        return Accepted(encode_number(parse_number(raw)), {}), [BOUNDS]
    except ValueError:
        return Accepted(True, {0: _storable(raw.strip())}), [NO_NUMBER]


def _broken(question: Question, options: list[Option]) -> list[str]:
    broken = []
    if len(options) > 1 and any(option.role in (EXCLUSIVE, DECLINED) for option in options):
        broken.append(EXCLUSIVITY)
    if (question.limit and len(options) > question.limit) or not broken:
        broken.append(LIMIT)
    return broken


def _other(options: list[Option], words: str) -> dict[int, str]:
    return {option.number: _storable(words) for option in options if option.role == OTHER and words.strip()}


def _texts(question: Question, given: Given) -> dict[int, str]:
    asked = {text.number: given.texts.get(text.name, "") for text in KINDS[question.kind].texts}
    return {number: _storable(text) for number, text in asked.items() if text.strip()}


def _storable(text: str) -> str:
    kept, _removed = clean(text)
    if len(kept) > LONG:
        raise Refused(f"The text has {len(kept):,} characters; {LONG:,} is the most that can be stored.")
    return kept
