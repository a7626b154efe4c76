"""Fifteen questions of a census, asked in English, Irish and Ulster-Scots, are one consultation with one result.

The questions are no part of the project, so these tests skip where the data is absent. They come in through both doors
that staff have: a package with wordings, and pages that wagtail-localize translates.
"""

import csv
import html
import json
import os
import re
from collections import Counter
from functools import partial
from html.parser import HTMLParser
from itertools import product

import pytest
from django.db.models import F
from django.test import Client

from consultation import csv_files, fold, instrument
from consultation.columns import Form
from consultation.models import Consultation, Response, Tally
from consultation.recount import check, recount
from home.models import ConsultationPage
from tests.conftest import SHARED_DATA
from tests.consultation.test_answering import send
from tests.factories import open_package
from tests.figures import in_file, in_ledger, on_page, rows_of

CENSUS = SHARED_DATA / "ni-census-questionnaire" / "identity-questions.en-ga-ulsterscots.json"
LANGUAGES = {"en": "en", "ga": "ga", "sco-ulster": "ulster_scots"}  # the site's code, and the file's
INTERFACE = {"en": "en", "ga": "ga", "sco-ulster": "en"}  # the language of the site's own words
ALONE = {
    "en": "choose “{}” alone, or choose from the others.",
    "ga": "roghnaigh “{}” leis féin, nó roghnaigh as na cinn eile.",
    "sco-ulster": "choose “{}” alone, or choose from the others.",
}
SECTIONS = ("You", "Languages", "Health")  # five questions each
VOID = {"area", "br", "hr", "img", "input", "link", "meta", "path", "circle", "rect", "line", "use"}

pytestmark = [pytest.mark.shared_data, pytest.mark.django_db]


def plain(text):
    """A text of the file without its marks."""
    return " ".join(re.sub(r"<[^>]+>", "", text).split())


def texts(of):
    """A wording in every language, by the site's code."""
    return {code: plain(of[name]) for code, name in LANGUAGES.items()}


def label(option):
    """An option with what is said beside it."""
    words, beside = texts(option), texts(option["hint"]) if "hint" in option else {}
    return {code: f"{text} ({beside[code]})" if beside else text for code, text in words.items()}


def item(question):
    """A question of the file as one of a package; options are keyed by their place, as their values repeat."""
    kind = "single" if question["type"] == "single" else "multiple"
    options = [
        {"key": f"o{n}", "label": label(option)} | ({"role": role(option)} if option.get("exclusive") else {})
        for n, option in enumerate(question["options"], 1)
    ]
    return {"key": question["id"], "kind": kind, "label": texts(question["text"]), "options": options}


def role(option):
    return "declined" if option["value"] == "Prefer not to say" else "exclusive"


def census():
    return json.loads(CENSUS.read_text(encoding="utf-8"))


def package(folder):
    """The whole file as a package that nobody has answered yet."""
    items = [item(question) for question in census()]
    sections = [
        {"title": {"en": title}, "items": items[place : place + 5]}
        for place, title in zip((0, 5, 10), SECTIONS, strict=True)
    ]
    about = {"format": "connected-package/1", "language": "en", "title": {"en": "Who we are"}, "sections": sections}
    columns = [
        name
        for one in items
        for name in ([one["key"]] if one["kind"] == "single" else [f"{one['key']}.{o['key']}" for o in one["options"]])
    ]
    (folder / "questionnaire.json").write_text(json.dumps(about), encoding="utf-8")
    (folder / "responses.csv").write_text(",".join(["id", *columns]) + "\r\n", encoding="utf-8")
    return folder


@pytest.fixture
def published(db, tmp_path, django_capture_on_commit_callbacks):
    """Imported, opened by an editor, and translated with what the package said."""
    commits = partial(django_capture_on_commit_callbacks, execute=True)
    return open_package(package(tmp_path), ("ga", "sco-ulster"), commits=commits)


# Answering


def choices(number, question, person):
    """What the person of that number chooses, by place: nothing, the option that stands alone, one, or some."""
    many = len(question["options"])
    alone = [place for place, option in enumerate(question["options"], 1) if option.get("exclusive")]
    turn = (number + person) % (many + 1)
    if turn == 0:
        return []
    if question["type"] == "single" or turn in alone:
        return [turn]
    return sorted({turn, (turn + person) % many + 1} - set(alone))


PEOPLE = 4  # in each language; each of them answers alike in all three


def answer(consultation, language, person):
    """Answer all fifteen questions through the form."""
    # From a network of their own: answers that come as fast as these from one are held.
    network = f"10.{list(LANGUAGES).index(language)}.{person}.1"
    client, path = Client(REMOTE_ADDR=network), f"/answer/{consultation.pk}/{language}/"
    for section, place in enumerate((0, 5, 10), 1):
        given = {
            f"q{n + 1}": [str(o) for o in choices(n, question, person)]
            for n, question in enumerate(census()[place : place + 5], place)
        }
        assert send(client, f"{path}{section}/", **given).status_code == 303
    assert send(client, f"{path}check/").status_code == 303


@pytest.fixture
def answered(published):
    for language, person in product(LANGUAGES, range(PEOPLE)):
        answer(published, language, person)
    return published


def test_one_result_and_one_file_from_three_languages_each_kept(answered, officer_client):
    expected = Counter(
        (n, option)
        for n, question in enumerate(census())
        for person in range(PEOPLE)
        for option in choices(n, question, person)
    )
    rows = rows_of(answered)

    assert Consultation.objects.count() == answered.versions.count() == 1
    assert [row["language"] for row in rows] == [language for language in LANGUAGES for _person in range(PEOPLE)]
    assert check(answered) == []
    for n, question in enumerate(census()):
        chosen = [3 * expected[n, option] for option in range(1, len(question["options"]) + 1)]
        figures = in_ledger(answered)[n + 1]
        declining = chosen.pop() if question["id"] == "sexual-orientation" else 0
        assert (figures.lines, figures.declined) == (chosen, declining), question["id"]
    assert on_page(officer_client, answered) == in_file(answered) == in_ledger(answered)


def test_a_figure_that_is_wrong_by_one_is_found_on_the_page(answered, officer_client):
    fold.fold(answered)
    assert on_page(officer_client, answered) == in_ledger(answered)

    Tally.objects.filter(question=1, option=1, segment="").update(n=F("n") + 1)

    assert on_page(officer_client, answered) != in_ledger(answered)
    assert len(check(answered)) == 1


def test_the_same_option_is_counted_alike_from_each_language(answered):
    fold.fold(answered)
    cells = recount(answered)
    by_language = {
        language: {cell[:2]: found.n for cell, found in cells.items() if cell[2:] == ("language", language)}
        for language in LANGUAGES
    }

    assert by_language["en"] == by_language["ga"] == by_language["sco-ulster"]
    assert by_language["ga"][0, 0] == PEOPLE


def test_two_options_that_irish_words_alike_stay_two(published):
    """In one question of the file “Other” and “None” are both “Eile”."""
    question = next(q for q in instrument.current(published, "ga").questions if q.number == 6)
    assert [str(option.label) for option in question.options[-2:]] == ["Eile", "Eile"]
    client, path = Client(), f"/answer/{published.pk}/ga/"
    send(client, f"{path}1/")

    send(client, f"{path}2/", q6="6")
    send(client, f"{path}3/")
    send(client, f"{path}check/")

    header, row = csv.reader(csv_files.lines(published, "ga", Form.LABELS))
    alike = {name: cell for name, cell in zip(header, row, strict=True) if "– Eile [religion-brought-up" in name}
    assert list(alike.values()) == ["No", "Yes"]
    assert in_ledger(published)[6].lines == [0, 0, 0, 0, 0, 1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_option_that_stands_alone_is_refused_with_others_in_the_words_of_the_page(published, language, visitor):
    alone = [
        (n, len(question["options"]), label(question["options"][-1])[language])
        for n, question in enumerate(census(), 1)
        if question["type"] == "multi-exclusive"
    ]
    assert len(alone) == 5
    for n, last, words in alone:
        refused = send(visitor, f"/answer/{published.pk}/{language}/{(n + 4) // 5}/", **{f"q{n}": ["1", str(last)]})

        said = html.unescape(refused.content.decode())
        assert refused.status_code == 200
        assert said.count(ALONE[language].format(words)) == 2  # in the summary and at the question
    assert not Response.objects.exists()


# The language of every word


class Reader(HTMLParser):
    """Reads a page as a screen reader does: every text with the language that it is said to be in."""

    def __init__(self, page):
        super().__init__()
        self.open, self.said = [("", "")], []
        self.feed(page)
        assert len(self.open) == 1

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append((tag, dict(attrs).get("lang") or self.open[-1][1]))

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop()[0] == tag

    def handle_data(self, data):
        hidden = {"title", "style", "script"} & {tag for tag, _lang in self.open}
        if data.strip() and not hidden:
            self.said.append((self.open[-1][1], " ".join(data.split())))


def wordings(questions):
    for question in questions:
        yield texts(question["text"])
        yield from map(label, question["options"])


def misread(page, language, questions):
    """What a page says in another voice than its own. A wording that equals the English one is read as English."""
    said = Reader(page).said
    for words in wordings(questions):
        voice = "en" if words[language] == words["en"] else language
        if (voice, words[language]) not in said:
            yield f"not in {voice}: {words[language]}"
    english = {words["en"] for words in wordings(questions)} | set(SECTIONS) | {"Who we are", "(optional)", "Continue"}
    for voice, text in said:
        if voice == "sco-ulster" and text not in {words[voice] for words in wordings(questions)} | {"Ulstèr-Scotch"}:
            yield f"no Ulster-Scots: {text}"
        if voice == "ga" and text in english - {words["ga"] for words in wordings(questions)}:
            yield f"no Irish: {text}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_the_form_is_read_in_its_own_language(published, language, visitor):
    for section, place in enumerate((0, 5, 10), 1):
        page = visitor.get(f"/answer/{published.pk}/{language}/{section}/").content.decode()

        assert f'<html lang="{INTERFACE[language]}">' in page
        assert list(misread(page, language, census()[place : place + 5])) == []


def test_a_fallback_that_is_not_marked_is_found(published, visitor):
    irish = visitor.get(f"/answer/{published.pk}/ga/1/").content.decode()
    scots = visitor.get(f"/answer/{published.pk}/sco-ulster/1/").content.decode()
    title = '<span lang="en">You</span>'
    assert title in irish

    assert list(misread(irish.replace(title, "You"), "ga", census()[:5])) == ["no Irish: You"]
    found = list(misread(scots.replace('<html lang="en">', '<html lang="sco-ulster">'), "sco-ulster", census()[:5]))
    assert "no Ulster-Scots: Continue" in found


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_check_page_says_each_answer_in_the_language_it_was_chosen_in(published, language, visitor):
    path = f"/answer/{published.pk}/{language}/"
    for section in (1, 2, 3):
        send(visitor, f"{path}{section}/", **{f"q{n}": "2" for n in range(1, 16)})

    said = Reader(visitor.get(f"{path}check/").content.decode()).said

    for question in census():
        words = label(question["options"][1])
        voice = "en" if words[language] == words["en"] else language
        assert (voice, words[language]) in said
    if language == "sco-ulster":
        assert ("en", "Send my answers") in said


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_answering_in_ulster_scots_on_a_small_screen(tmp_path, new_page, axe, transactional_db):
    consultation = open_package(package(tmp_path), ("ga", "sco-ulster"))
    page = new_page(viewport={"width": 320, "height": 640}, bypass_csp=True)
    page.goto(ConsultationPage.objects.get(title="Who we are", locale__language_code="sco-ulster").url)
    page.locator("a.button--start").click()
    page.get_by_label("Wummin-bodie").check()
    page.get_by_label("Norlin Airisch").check()
    for _section in range(3):
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        axe(page)
        with page.expect_navigation():
            page.locator("form .button").first.click()
    axe(page)
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/census-check-320.png", full_page=True)
    with page.expect_navigation():
        page.get_by_role("button", name="Send my answers").click()

    stored = Response.objects.get()
    assert stored.reference in page.content()
    assert (stored.language, stored.answers["1"], stored.answers["3"]) == ("sco-ulster", 1, [3])
    assert in_ledger(consultation)[1].lines == [1, 0]
