"""A cell of a file can be undone, and no spreadsheet runs it."""

import csv
import re
import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from consultation.columns import guard, unguard
from consultation.csv_files import write
from consultation.text import clean

SIGNS = set("=+-@|%\u2212")
HOSTILE = st.text(
    st.sampled_from("=+-@|%'＝＋－＠｜％−﹣⁺ \t\n\u00a0\u200b\u202e\u061c\ufeff\u2060\u180e0159.,a(skiped)")
)
STORABLE = (st.text() | HOSTILE).map(lambda text: clean(text)[0])
PLAIN_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]+)?\Z")


def first_seen(cell: str) -> str:
    """The first character that a reader sees, in its ordinary form."""
    unseen = {"Cc", "Cf", "Zs", "Zl", "Zp"}
    seen = (character for character in cell if unicodedata.category(character) not in unseen)
    return unicodedata.normalize("NFKC", next(seen, ""))


@given(STORABLE)
@example("'")
@example("''=1")
@example("(skipped)")
def test_a_guarded_cell_is_undone_to_the_letter(text):
    assert unguard(guard(text)) == text


@given(STORABLE)
@example("\u061c=1+1")
@example("\u2066﹦1+1")
@example("-1+1")
def test_no_guarded_cell_begins_like_a_formula_unless_it_is_a_plain_number(text):
    cell = guard(text)

    assert first_seen(cell) not in SIGNS or PLAIN_NUMBER.match(cell)


def test_a_check_that_knows_no_guard_would_find_a_formula():
    assert first_seen("\u200b＝1+1") in SIGNS


@given(st.lists(st.lists(STORABLE, min_size=2, max_size=2), min_size=1))
def test_a_file_read_back_has_the_cells_that_were_written(table):
    file = "".join(write([[guard(cell) for cell in row] for row in [["a", "b"], *table]]))

    _header, *rows = csv.reader(lines(file), strict=True)

    assert [[unguard(cell) for cell in row] for row in rows] == table


def lines(file: str) -> list[str]:
    return re.findall(r"[^\n]*\n", file)
