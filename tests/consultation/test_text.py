"""What citizens type is kept to the letter, or said to have been changed."""

from hypothesis import given
from hypothesis import strategies as st

from consultation.text import UNSTORABLE, clean


def test_nul_controls_and_lone_surrogates_are_removed_and_it_is_said():
    assert clean("a\x00b\x1b[0m\ud800c") == ("ab[0mc", True)


def test_bidi_marks_emoji_tabs_and_combining_marks_stay():
    text = "\u202eabc\u202c 👩‍👩‍👧 a\u0301\u0302\tx"

    assert clean(text) == (text, False)


def test_line_ends_become_one_kind_without_a_word():
    assert clean("a\r\nb\rc") == ("a\nb\nc", False)


@given(st.text(st.characters()))
def test_what_is_kept_can_be_stored_and_cleaning_again_changes_nothing(text):
    kept, _removed = clean(text)

    kept.encode("utf-8")
    assert not UNSTORABLE.search(kept)
    assert clean(kept) == (kept, False)
