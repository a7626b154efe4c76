"""Every wording ever published of what is asked, by language, with the time in which it stood."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from consultation.columns import guard
from consultation.models import Consultation, Wording

WORDINGS = ("question", "option", "part", "language", "since", "until", "text")

Place = tuple[str, str, str]  # the keys of question and option, and which of its texts it is


def wordings(consultation: Consultation) -> Iterator[Sequence[str]]:
    """Header and rows: by question and option, each language's wordings in their order.

    What all rows of a matrix share stands with each of them. An item without a wording in a language has no row, and
    was shown in the leading one.
    """
    yield WORDINGS
    said: dict[tuple[str, str], list[Wording]] = defaultdict(list)
    for wording in Wording.objects.filter(consultation=consultation):
        said[wording.item, wording.language].append(wording)
    places = _places(consultation)
    for (item, language), those in sorted(said.items(), key=lambda found: _order(found[0], places)):
        for place in places.get(item, []):
            for wording, next_one in zip(those, [*those[1:], None], strict=True):
                if wording.text:
                    until = next_one.since.isoformat() if next_one else ""
                    cells = (*place, language, wording.since.isoformat(), until, wording.text)
                    yield [guard(cell) for cell in cells]


def _order(item: tuple[str, str], places: Mapping[str, Sequence[Place]]) -> tuple[int, str]:
    return list(places).index(item[0]) if item[0] in places else -1, item[1]


def _places(consultation: Consultation) -> dict[str, list[Place]]:
    """Where each item of wording stands; sections and information are no part of the files of answers."""
    found: dict[str, list[Place]] = defaultdict(list)
    for row in consultation.questions.prefetch_related("options").order_by("number"):
        own = f"q{row.number}"
        shared = f"m{row.block.partition('/')[0]}" if row.kind == "matrix" else own
        if shared != own:
            found[shared].append((row.key, "", "stem"))
        found[own].append((row.key, "", "label"))
        found[f"{shared}/hint"].append((row.key, "", "hint"))
        for option in sorted(row.options.all(), key=lambda option: option.number):
            found[f"{shared}/{option.number}"].append((row.key, option.key, "label"))
    return dict(found)
