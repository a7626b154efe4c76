"""What was once said in another language is known again by its block and the words that it was said for."""

from dataclasses import replace

import pytest

from consultation.compile import compile_leading, compile_wordings
from consultation.memory import Pair, remembered
from tests.factories import make_source, make_themes

pytestmark = pytest.mark.django_db


def saying(source, text):
    """The source with another label for its third question, whose block is "age"."""
    travel, green = source.sections
    way, wishes, age = travel.items
    return replace(source, sections=(replace(travel, items=(way, wishes, replace(age, label=text))), green))


def translate(source):
    compile_wordings(replace(source, language="ga"), {"en": []})


@pytest.fixture
def source():
    make_themes()
    return make_source()


def test_a_text_is_known_by_its_block_and_its_original(source):
    consultation = compile_leading(source)
    translate(saying(source, "Cén aois thú?"))

    assert remembered(consultation, "ga") == {"age": [Pair("How old are you?", "Cén aois thú?", html=False)]}


def test_a_text_is_not_known_for_what_the_original_says_since(source):
    compile_leading(source)
    translate(saying(source, "Cén aois thú?"))
    consultation = compile_leading(saying(source, "How old is your child?"))

    assert [pair.leading for pair in remembered(consultation, "ga")["age"]] == ["How old are you?"]


def test_a_block_that_changed_its_kind_is_still_known_by_its_id(source):
    compile_leading(source)
    travel, green = source.sections
    items = (*travel.items[:2], replace(travel.items[2], kind="long_text"))
    source = replace(source, sections=(replace(travel, items=items), green))
    consultation = compile_leading(source)
    translate(saying(source, "Cén aois thú?"))

    assert list(remembered(consultation, "ga")) == ["age"]


def test_information_is_known_as_html(source):
    travel, green = source.sections
    parks = replace(green.items[0], label="<p>Dhá pháirc déag.</p>")
    consultation = compile_leading(source)
    translate(replace(source, sections=(travel, replace(green, items=(parks, *green.items[1:])))))

    (pair,) = remembered(consultation, "ga")["about-parks"]
    assert pair == Pair("<p>The town has twelve parks.</p>", "<p>Dhá pháirc déag.</p>", html=True)
