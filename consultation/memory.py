"""What was said in another language for the leading one's words: offered again where a page is translated anew."""

from collections import defaultdict
from dataclasses import dataclass

from consultation.models import Consultation, Wording

# Where a block id has become another question's because the kind changed, so much of it is left: see compile.py.
LASTING = 24


@dataclass(frozen=True)
class Pair:
    """A wording in the leading language and what was said for it, both HTML where they stood as information."""

    leading: str
    text: str
    html: bool


def remembered(consultation: Consultation, language: str) -> dict[str, list[Pair]]:
    """Every pair that was ever published, the latest last, by the first LASTING characters of its block's id.

    Only what was written while the leading words were those counts: what came to stand beside reworded text was not
    written for it.
    """
    blocks = dict(consultation.questions.values_list("number", "block"))
    rows = Wording.objects.filter(consultation=consultation, language__in=(consultation.language, language))
    leading: dict[str, str] = {}
    found: defaultdict[str, list[Pair]] = defaultdict(list)
    for item, row_language, text in rows.values_list("item", "language", "text"):
        if row_language == consultation.language:
            leading[item] = text
        elif text and leading.get(item):
            found[_block(item, blocks)].append(Pair(leading[item], text, item.startswith("i")))
    return dict(found)


def _block(item: str, blocks: dict[int, str]) -> str:
    name = item[1:].partition("/")[0]
    return (blocks[int(name)].partition(":")[0] if item.startswith("q") else name)[:LASTING]
