"""Every sentence of the council's page has its place on the demonstration site: docs/promises.md, read and visited."""

import html
import re
from dataclasses import dataclass

import pytest
from django.apps import apps
from django.utils.html import strip_tags

from home.models import PlanPage
from tests.conftest import ABSENT, ROOT

TABLE = ROOT / "docs" / "promises.md"
SOURCE = ROOT.parent / "shared" / "source-page.txt"

pytestmark = [pytest.mark.once, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("demo")]


@dataclass(frozen=True)
class Promise:
    """A row of the table."""

    sentence: str
    promise: str
    address: str
    field: str
    words: str


def promises():
    rows = [line.strip("|\n ").split("|") for line in TABLE.read_text().splitlines() if line.startswith("|")]
    return [Promise(*(cell.strip() for cell in row)) for row in rows[2:]]


def plain(markup):
    return " ".join(html.unescape(strip_tags(markup)).split())


def values(field):
    """What every record of that model says in that field, choices and relations in words."""
    model_name, name = field.split(".")
    app = "consultation" if model_name == "Idea" else "home"
    for record in apps.get_model(app, model_name).objects.all():
        shown = getattr(record, f"get_{name}_display", None)
        yield plain(str(shown() if shown else getattr(record, name)))


def kept(promise, page):
    """Whether the words stand on the page, and in the field."""
    main = plain(re.search("<main.*?</main>.*<footer", page, re.S)[0])
    return promise.words in main and any(promise.words in value for value in values(promise.field))


def broken(visitor):
    pages = {promise.address: visitor.get(promise.address) for promise in promises()}
    assert {page.status_code for page in pages.values()} == {200}
    return [promise for promise in promises() if not kept(promise, pages[promise.address].content.decode())]


def test_every_promise_is_kept_by_a_page_and_a_field(demo, visitor):
    assert all(promise.words for promise in promises())

    assert broken(visitor) == []


def test_a_field_that_lost_its_words_is_found(demo, visitor):
    PlanPage.objects.update(vision="")

    assert [promise.field for promise in broken(visitor)] == ["PlanPage.vision"]


def sentences(text):
    """Each by its first three words."""
    found = [
        sentence for line in text.splitlines() for sentence in re.split(r"(?<=[.!?])\s+", line.strip()) if sentence
    ]
    return {" ".join(re.sub("[:?]", "", sentence).split()[:3]) for sentence in found}


@pytest.mark.skipif(not SOURCE.exists(), reason=ABSENT)
def test_every_sentence_of_the_page_is_in_the_table():
    assert sentences(SOURCE.read_text()) == {promise.sentence for promise in promises()}


def test_sentences_are_told_apart():
    assert sentences("One and only one.  Two are here\n\nThree is: a crowd") == {
        "One and only",
        "Two are here",
        "Three is a",
    }
