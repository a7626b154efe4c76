"""A redacted copy leaves out what is to be left out, and says nothing that was not written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultation.personal import find
from consultation.redacting import GAP, only_leaves_out, parts, without

TEXTS = st.lists(
    st.sampled_from(["Ring 028 9018 0000", "a@example.org", "BT1 5GS", "trees ", GAP, "\n", "…", "[", "ab"]), max_size=8
).map("".join)


@given(TEXTS | st.text())
def test_the_parts_are_the_whole_text(text):
    assert "".join(part.text for part in parts(text, find(text))) == text


@given(TEXTS | st.text())
def test_what_is_suggested_only_leaves_out_and_leaves_nothing_to_be_found(text):
    copy = without(text, find(text))

    assert only_leaves_out(text, copy)
    assert find(copy) == []


@pytest.mark.parametrize(
    "text", ["a@example.orga@example.org", "028 9018 000002890180000BT1 5GS", "BT1 5GSa@example.org1 5GS"]
)
def test_what_stands_in_the_way_of_something_else_does_not_hide_it(text):
    assert find(without(text, find(text))) == []


@given(TEXTS | st.text(), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20)), max_size=5))
def test_any_gaps_that_are_cut_are_accepted(text, cuts):
    copy, place = "", 0
    for start, length in sorted(cuts):
        if place <= start <= len(text):
            copy += text[place:start] + GAP
            place = min(len(text), start + length)
    copy += text[place:]

    assert only_leaves_out(text, copy)


@given(TEXTS, st.text("xyz", min_size=1, max_size=3), st.integers(0, 40))
def test_a_word_that_was_not_written_is_refused(text, word, place):
    assert not only_leaves_out(text, text[:place] + word + text[place:])


@pytest.mark.parametrize(
    "copy",
    [
        "More benches",  # left out without a gap
        f"{GAP} trees and more benches",  # added at the end
        f"benches {GAP} trees",  # turned round
        f"More trees{GAP}trees and benches",  # said twice
        "",
    ],
)
def test_other_copies_are_refused(copy):
    assert not only_leaves_out("More trees and benches", copy)


def test_a_whole_text_can_be_left_out():
    assert only_leaves_out("anything", GAP)
