"""Publishing a questionnaire: nothing is renumbered, nothing is lost."""

import json
import uuid
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultation import instrument
from consultation.compile import compile_leading, compile_wordings
from consultation.models import Wording
from consultation.source import sections
from tests.factories import make_source, make_themes

pytestmark = pytest.mark.django_db

FROM_ENGLISH = {"en": []}  # a page that was made from the English one, of which nothing but what was published is known


@pytest.fixture
def source():
    make_themes()
    return make_source()


def without(source, block):
    kept = [replace(s, items=tuple(i for i in s.items if i.id != block)) for s in source.sections]
    return replace(source, sections=tuple(kept))


def reworded(source, block, label):
    def change(item):
        return replace(item, label=label) if item.id == block else item

    return replace(source, sections=tuple(replace(s, items=tuple(map(change, s.items))) for s in source.sections))


def numbers(consultation):
    return {row.block: row.number for row in consultation.questions.all()}


def test_a_removed_question_is_retired_and_a_restored_one_has_its_number_again(source):
    consultation = compile_leading(source)
    before = numbers(consultation)

    compile_leading(without(source, "wishes"))
    assert consultation.questions.get(block="wishes").retired_at

    compile_leading(source)
    assert numbers(consultation) == before
    assert not consultation.questions.filter(retired_at__isnull=False).exists()


def test_a_new_question_gets_a_number_that_was_never_used(source):
    consultation = compile_leading(source)
    compile_leading(without(source, "ideas"))
    first = source.sections[0]
    another = replace(first.items[2], id="another")

    compile_leading(replace(without(source, "ideas"), sections=(replace(first, items=(another, *first.items)),)))

    assert numbers(consultation)["another"] == 6


def test_a_new_wording_makes_a_dated_row_and_no_new_version(source):
    consultation = compile_leading(source)
    compile_leading(reworded(source, "age", "What is your age?"))

    assert consultation.versions.count() == 1
    assert list(Wording.objects.filter(item="q3").values_list("text", flat=True)) == [
        "How old are you?",
        "What is your age?",
    ]


def test_a_new_wording_is_read_at_once_although_questionnaires_are_kept_in_memory(source):
    consultation = compile_leading(source)
    assert instrument.current(consultation, "en").question(3).label.text == "How old are you?"

    consultation = compile_leading(reworded(source, "age", "What is your age?"))

    assert instrument.current(consultation, "en").question(3).label.text == "What is your age?"


def test_reverting_to_an_earlier_structure_makes_no_new_version(source):
    consultation = compile_leading(source)
    compile_leading(without(source, "age"))
    consultation = compile_leading(source)

    assert consultation.versions.count() == 2
    assert consultation.version.number == 1


def test_moving_a_question_to_another_theme_makes_no_new_version(source):
    moved = replace(
        source, sections=tuple(replace(s, items=tuple(replace(i, theme="") for i in s.items)) for s in source.sections)
    )

    compile_leading(source)
    consultation = compile_leading(moved)

    assert consultation.versions.count() == 1
    assert not consultation.questions.filter(theme__isnull=False).exists()


def test_another_language_gives_wordings_and_never_structure(source):
    consultation = compile_leading(source)
    irish = replace(reworded(without(source, "wishes"), "age", "Cén aois thú?"), language="ga")

    compile_wordings(irish, FROM_ENGLISH)
    consultation.refresh_from_db()
    page = instrument.current(consultation, "ga")

    assert [q.number for q in page.questions] == [1, 2, 3, 4, 5]
    assert (page.question(3).label.text, page.question(3).label.language) == ("Cén aois thú?", "ga")
    assert (page.question(2).label.text, page.question(2).label.language) == ("What would help?", "en")


def test_a_text_equal_to_the_leading_one_is_no_translation_and_keeps_its_language(source):
    consultation = compile_leading(source)
    compile_wordings(replace(source, language="ga"), FROM_ENGLISH)

    assert not Wording.objects.filter(language="ga").exists()
    assert instrument.current(consultation, "ga").question(1).label.language == "en"


def test_another_language_before_the_leading_page_makes_nothing(source):
    assert compile_wordings(replace(source, language="ga"), FROM_ENGLISH) is None


def test_a_block_that_changed_its_kind_is_another_question(source):
    consultation = compile_leading(source)
    first = source.sections[0]
    as_text = replace(first.items[0], kind="short_text", options=())
    changed = replace(source, sections=(replace(first, items=(as_text, *first.items[1:])), source.sections[1]))

    compile_leading(changed)
    assert consultation.questions.get(number=1).retired_at
    assert consultation.questions.get(number=6).kind == "short_text"

    compile_leading(source)
    assert not consultation.questions.get(number=1).retired_at


def test_a_copied_page_is_another_consultation_with_questions_of_its_own(source):
    original = compile_leading(source)
    copy = compile_leading(replace(source, key=uuid.uuid4()))

    assert original.pk != copy.pk
    assert numbers(original) == numbers(copy)
    assert original.questions.count() == 5


STORED = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "id", "value", "questions", "options", "label", "title", "role", "limit"]),
            inner | st.sampled_from(["section", "single", "multiple", "number", "information", "a"]),
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(st.lists(STORED, max_size=4))
def test_compiling_takes_anything_that_can_be_stored(raw):
    stored = sections(json.loads(json.dumps(raw)))

    consultation = compile_leading(make_source(sections=stored))

    assert len(instrument.current(consultation, "en").sections) == len(stored)


def test_an_untranslated_text_stays_untranslated_when_the_leading_one_is_reworded(source):
    compile_leading(source)
    untranslated = replace(source, language="ga")
    compile_wordings(untranslated, FROM_ENGLISH)

    consultation = compile_leading(reworded(source, "age", "What is your age?"))
    compile_wordings(untranslated, FROM_ENGLISH)

    question = instrument.current(consultation, "ga").question(3)
    assert (question.label.text, question.label.language) == ("What is your age?", "en")
