"""The officers' work on a real survey, in Chromium: bring in, filter, set side by side, code, publish, take away, undo.

What the page shows, what every file holds and what the ledger has agree, cell for cell; a LibreOffice that reads the
files agrees, too. Somebody who edits pages and has no officer's right gets none of it, wherever they look.
"""

import csv
import datetime as dt
import json
import re
import subprocess
import sys
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone
from playwright.sync_api import expect

from consultation import exports
from consultation.models import (
    AnswerWords,
    Batch,
    CodeFrame,
    Consultation,
    Download,
    Export,
    LetterFile,
    PublishedResult,
    Quote,
    Response,
    Tally,
    Theme,
    Upload,
)
from consultation.tick import tick
from home.models import ConsultationPage
from tests import sides
from tests.admin import shot
from tests.consultation.test_attachments import PDF
from tests.consultation.test_csv_metadata import faults
from tests.factories import open_package
from tests.sides import Asked, counted, differences
from tests.test_authorization import addresses, walk
from tests.test_browser_import import go
from tests.test_browser_keying import ready
from tests.test_libreoffice import soffice  # noqa: F401  # a fixture
from tests.test_real_survey import CONVERT, RAW

pytestmark = [
    pytest.mark.browser,
    pytest.mark.shared_data,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("officers"),
]

ROWS = 1_500
WHERE, BOOTCAMP, WHICH, OTHER_RESOURCE = 7, 39, 40, 30  # columns of the raw file
UNKNOWN = "at the kitchen table"  # no answer that the questionnaire offers
MARK = "marigold"  # in what nobody but an officer may read
HOSTILE = {  # as it is typed into the file, and as it is kept
    f"=1+1 {MARK}": f"=1+1 {MARK}",
    "=1+1": "=1+1",
    "@SUM(A1:A9)": "@SUM(A1:A9)",
    "+1+1": "+1+1",
    "-1+1": "-1+1",
    "=cmd|'/C'!A0": "=cmd|'/C'!A0",
    "\u200b=1+1": "\u200b=1+1",
    "'tis": "'tis",
    "''": "''",
    "😀 👩‍👩‍👧": "😀 👩‍👩‍👧",
    "עברית \u200fabc": "עברית \u200fabc",
    "one\ntwo": "one\ntwo",
    "NUL\x00 stripped": "NUL stripped",
    'say "x", a;b': 'say "x", a;b',
    "<b>bold</b> & <script>alert(1)</script>": "<b>bold</b> & <script>alert(1)</script>",
    "007": "007",
    "2024-03-01": "2024-03-01",
    "1e5": "1e5",
    "TRUE": "TRUE",
    "x" * 2_000: "x" * 2_000,
}


@pytest.fixture
def survey(transactional_db, settings, monkeypatch, tmp_path):
    """The survey's questionnaire, published and open, with nobody's answers; files go to a folder of the test's own."""
    for name in ("imports", "exports", "letters"):
        options = settings.STORAGES[name]["OPTIONS"] | {"location": tmp_path / name}
        settings.STORAGES = settings.STORAGES | {name: settings.STORAGES[name] | {"OPTIONS": options}}
    header = next(csv.reader(RAW.open(encoding="utf-8", newline="")))
    write(tmp_path / "header.csv", [header])
    subprocess.run([sys.executable, CONVERT, tmp_path / "header.csv", tmp_path / "package"], check=True)
    described = json.loads((tmp_path / "package" / "questionnaire.json").read_text())
    (tmp_path / "package" / "questionnaire.json").write_text(json.dumps(described | {"results": "after"}))
    monkeypatch.setattr(exports, "LARGE", exports.LARGE | {Download.Holds.ANSWERS: ROWS})
    open_package(tmp_path / "package", [], "--create-themes")
    page = ConsultationPage.objects.get().get_latest_revision_as_object()
    page.closes_at = timezone.now() + dt.timedelta(days=30)  # without it, what came in 2016 would be stripped at once
    page.save_revision().publish()
    return Consultation.objects.get()


@pytest.fixture
def second(django_user_model):
    user = django_user_model.objects.create_user("second", "second@example.org", "second")
    user.groups.add(Group.objects.get(name="Officers (personal data)"))
    return user


def write(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def spreadsheet(folder):
    """The first people of the survey as they came, with hostile texts in the place of what some of them wrote."""
    with RAW.open(encoding="utf-8", newline="") as file:
        header, *rows = list(csv.reader(file))[: ROWS + 1]
    wrote = [row for row in rows if row[BOOTCAMP] == "1" and row[WHICH].strip()]
    beside = [row for row in rows if row[OTHER_RESOURCE].strip()]
    next(row for row in rows if row[WHERE] == "from home")[WHERE] = UNKNOWN
    for text, one, other in zip(HOSTILE, wrote, beside, strict=False):
        one[WHICH] = other[OTHER_RESOURCE] = text
    assert len(wrote) > len(HOSTILE) and len(beside) > len(HOSTILE)
    return write(folder / "survey.csv", [header, *rows])


def follow(page, name, **more):
    with page.expect_navigation():
        page.get_by_role("link", name=name, **more).first.click()


# What an officer does


def open_consultation(page, consultation):
    page.goto("/admin/")
    follow(page, "Consultations", exact=True)
    shot(page, "50-list")
    follow(page, consultation.title, exact=True)


def import_file(page, file):
    follow(page, "Import a spreadsheet")
    page.get_by_label("File").set_input_files(file)
    go(page, "Go on")
    shot(page, "51-table")
    go(page, "Go on to the columns")
    assert page.get_by_label("Which one?").input_value() == "q14"
    assert page.get_by_label("Network ID").input_value() == ""
    page.get_by_label("Keep answers that break a rule").check()
    shot(page, "51-columns")
    go(page, "Go on")
    page.get_by_label(UNKNOWN).select_option("from home")
    shot(page, "51-values")
    go(page, "Check the rows")
    expect(page.get_by_text(f"{ROWS} responses can be imported.")).to_be_visible()
    assert not Response.objects.exists()
    shot(page, "51-check")
    go(page, f"Import {ROWS} responses")
    expect(page.get_by_text(f"{ROWS} responses were imported.")).to_be_visible()
    shot(page, "51-imported")
    follow(page, "To the consultation")


def filter_and_cross(page, truth, asked):
    """People who went to a bootcamp and wrote of an academy; whom they would rather work for, by whether they work."""
    page.locator(".filter summary").first.click()
    page.get_by_label("Answered", exact=True).select_option("13.2")
    page.get_by_label("Words or reference").fill("academy")
    shot(page, "52-filter")
    go(page, "Apply the filter")
    fit = {
        reference: cells
        for reference, cells in truth.items()
        if cells["q13"] == "1" and any("academy" in str(cells[n]).lower() for n in WORDS if cells[n])
    }
    assert 5 < len(fit) < 200
    expect(page.get_by_text(f"{len(fit)} responses fit, counted live.")).to_be_visible()
    said = "Answered “Yes” to question 13; “academy” in what was written"
    expect(page.locator(".filter-said").first).to_contain_text(said)
    assert figures(page, asked) == expected(fit, asked)
    shot(page, "52-filtered")

    follow(page, "One question by any other")
    page.get_by_label("Show the question").select_option("2")
    page.get_by_label("by the answers to").select_option("1")
    go(page, "Show the table")
    shot(page, "53-crosstab")
    assert crossed(page) == crossing(fit, asked, 2, 1)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download CSV").click()
    said = download.value.path().read_text(encoding="utf-8")
    assert "academy" in said and f"{len(fit)}" in said


WORDS = ("q3.other.text", "q8.other.text", "q9.other.text", "q10.other.text", "q14")


def code(page, consultation, asked):
    """Made by the officer, one text after the other by keyboard; the tally counts it and the filter finds it."""
    page.goto(f"/admin/consultations/{consultation.pk}/")
    follow(page, "Code what people wrote")
    follow(page, "New code frame")
    page.get_by_label("Name").fill("Schools")
    page.get_by_label("14. Which one?").check()
    shot(page, "54-frame-form")
    go(page, "Save")
    shot(page, "54-frame")
    follow(page, "Code texts")
    for keys, new in (("n", "In person"), ("1", ""), ("n", "On the web"), ("", ""), ("12", "")):
        shot(page, "54-text")
        for key in keys:
            page.keyboard.press(key)
        page.keyboard.type(new)
        with page.expect_navigation():
            page.keyboard.press("Enter")
    page.goto(f"/admin/consultations/{consultation.pk}/")
    table = page.locator(".topics table tbody tr")
    assert [row.inner_text().split("\t")[:2] for row in table.all()] == [["In person", "3"], ["On the web", "2"]]
    shot(page, "54-tally")
    follow(page, "On the web")
    expect(page.get_by_text("Code “On the web” on question 14")).to_be_visible()
    expect(page.get_by_text(f"2 responses, of {ROWS} that are counted.")).to_be_visible()
    shot(page, "54-found")


def add_letter(page, consultation, scan):
    page.goto(f"/admin/consultations/{consultation.pk}/")
    follow(page, "Add a letter, e-mail or petition")
    page.get_by_label("Petition").check()
    page.get_by_label("Received on").fill(timezone.localdate().isoformat())
    page.get_by_label("Who it is from").fill(f"Friends of {MARK}")
    page.get_by_label("What it says").fill(f"=2+2 {MARK}\n'More bootcamps")
    page.get_by_label("Number of signatures").fill("1240")
    page.get_by_label("Attachments").set_input_files(scan)
    shot(page, "55-letter")
    go(page, "Record")
    expect(page.get_by_text("1,240 signatures")).to_be_visible()
    shot(page, "55-letter-recorded")


def key_in(page, other, consultation):
    """A sheet, keyed in by one person and by another once more."""
    page.goto(f"/admin/consultations/{consultation.pk}/")
    follow(page, "Key in paper, telephone and events")
    shot(page, "56-batches")
    follow(page, re.compile("Open a batch|New batch"))
    page.get_by_label("Name").fill("Library")
    page.get_by_label("Received on").fill(timezone.localdate().isoformat())
    page.get_by_label("Second check").check()
    shot(page, "56-open")
    go(page, "Open the batch and key in the first sheet")
    for somebody, step in ((page, ""), (other, "check/")):
        batch = Batch.objects.get(name="Library")
        if step:
            somebody.goto(f"/admin/consultations/{consultation.pk}/batches/{batch.pk}/{step}")
        ready(somebody)
        somebody.keyboard.type("2")
        somebody.locator("#q13").fill("2")
        somebody.locator("#q14").fill(f"@paper {MARK}")
        shot(somebody, f"56-keyed-{step.strip('/')}")
        with somebody.expect_navigation():
            somebody.keyboard.press("Control+Enter")
    expect(other.get_by_text("Sheet 1 is checked: both keyings agree.")).to_be_visible()


def close(consultation):
    """Its time comes: the database's clock can't be moved, so the time is."""
    closed = (timezone.now() - dt.timedelta(minutes=1)).replace(second=0, microsecond=0)
    Consultation.objects.filter(pk=consultation.pk).update(closes_at=closed)
    ConsultationPage.objects.filter(translation_key=consultation.key).update(closes_at=closed)
    tick()


def publish(page, consultation):
    page.goto(f"/admin/consultations/{consultation.pk}/")
    follow(page, "Published results")
    shot(page, "57-results")
    follow(page, "Publish results")
    shot(page, "57-write")
    go(page, "Look at the page")
    assert not PublishedResult.objects.exists()
    shot(page, "57-look")
    go(page, "Publish these results")
    expect(page.get_by_role("heading", name="Version 1")).to_be_visible()
    shot(page, "57-published")


def take(page, consultation, button, **chosen):
    """A file of responses, from the page of downloads. A large one is made beforehand, and the page looks again."""
    page.goto(f"/admin/consultations/{consultation.pk}/downloads/")
    form = page.locator(".officers-downloads form.officers-form")
    for name, value in {"level": "full", **chosen}.items():
        form.locator(f"[name={name}]").select_option(value)
    with page.expect_download() as download:
        form.get_by_role("button", name=button, exact=True).click()
        if chosen.get("rows") == "answers" and button != "Download CSV":
            shot(page, "58-prepare")
            page.get_by_role("button", name="Make the file").click()
            expect(page.get_by_text("it waits for its turn")).to_be_visible()
            call_command("tick", stdout=StringIO())
            page.get_by_role("link", name="Download the file").click(timeout=20_000)
    return download.value.path().read_bytes()


def take_package(page, consultation):
    page.goto(f"/admin/consultations/{consultation.pk}/downloads/")
    shot(page, "58-downloads")
    with page.expect_download() as download:
        page.get_by_role("link", name="Package (.zip)").click()
    return download.value.path().read_bytes()


def nobody_is_quoted(page, consultation):
    """The survey asked nobody whether they may be quoted."""
    words = AnswerWords.objects.filter(response__consultation=consultation, question=14).earliest("pk")
    page.goto(f"/admin/consultations/{consultation.pk}/responses/{words.response_id}/quote/14/0/")
    shot(page, "61-quote")
    expect(page.locator(".help-warning")).to_be_visible()
    assert not page.get_by_role("button", name="Propose the quote").count()


# What the page shows


def figures(page, asked):
    """By question number what its page shows: how many were asked and answered, and each line of its table by label."""
    shown = page.locator("section.figure-question").evaluate_all(
        """sections => sections.map(section => ({
            number: section.id.split("-q")[1],
            base: section.querySelector(".figure-base").textContent,
            lines: [...section.querySelectorAll(":scope > table tbody tr")].map(row =>
                [row.querySelector("th").textContent.trim(), row.querySelector("td").textContent.trim()]),
        }))"""
    )
    found = {}
    for section in shown:
        answered, of = re.search(r"([\d,]+) answered of ([\d,]+) asked", section["base"]).groups()
        lines = [(label, whole(n)) for label, n in section["lines"]]
        question = asked.questions[int(section["number"]) - 1]
        own = dict(lines) if question.kind != "number" else {"groups": [n for _label, n in lines]}
        found[int(section["number"])] = {"asked": whole(of), "answered": whole(answered)} | own
    return found


def expected(side, asked):
    """The same, counted from cells."""
    found = counted(side, asked)
    for question in asked.questions:
        if question.kind == "number":
            by_group = sides.numbers(side, question)
            found[question.number]["groups"] = [by_group[n] for n in range(len(question.bins))]
    return found


def whole(text):
    return int(text.replace(",", ""))


def crossed(page):
    """The table of one question by another: row, column, how many."""
    return page.locator(".figures--compared").evaluate(
        """table => {
            const text = cell => cell.childNodes[0].textContent.trim();
            const heads = [...table.querySelectorAll("thead th")].slice(2).map(text);
            const found = {};
            for (const row of table.querySelectorAll("tbody tr"))
                [...row.querySelectorAll("td")].slice(1).forEach((cell, n) => {
                    const own = cell.querySelector(".figure-n");
                    found[row.querySelector("th").textContent.trim() + " / " + heads[n]] = own ? +own.textContent : 0;
                });
            return found;
        }"""
    )


def crossing(side, asked, rows, columns):
    def named(question):
        return [(o.key, asked.label(question, o.number)) for o in asked.options[question]]

    def n(row, column):
        return sum(c[f"q{rows}"] == row and c[f"q{columns}"] == column for c in side.values())

    heads = [(key, label) for key, label in named(columns) if any(c[f"q{columns}"] == key for c in side.values())]
    return {f"{label} / {head}": n(row, column) for row, label in named(rows) for column, head in heads}


# What agrees


def rows_of(taken):
    """The rows of every file by what it is called here."""
    found = {}
    for name, content in taken.items():
        if name.endswith(".csv"):
            found[name] = sides.of_csv(content)
        elif name.endswith(".zip"):
            found["responses of the package"] = sides.of_csv(sides.of_zip(content, "responses.csv"))
            found["answers of the package"] = sides.of_csv(sides.of_zip(content, "answers.csv"))
        else:
            found[name] = sides.of_spreadsheet(content)
    return found


def read(name, rows, asked, truth):
    """A file's rows in the form of the ledger's side, and that side with as much as such a file has."""
    if "answers" in name:
        return sides.without(truth, *sides.FIXED), sides.long(rows, asked, truth)
    return truth, sides.in_words(rows, asked) if "words" in name else sides.wide(rows)


def disagreements(files, asked, truth):
    found = []
    for name, rows in files.items():
        one, other = read(name, rows, asked, truth)
        found += [f"{name}: {fault}" for fault in differences(one, other)]
    return found


def a_fault_is_found(files, asked, truth):
    """One cell of one file is changed, each file in its turn."""
    for name, rows in files.items():
        place = next(n for n, cell in enumerate(rows[0]) if cell in ("q11", "value") or cell.startswith("11. "))
        line = next(n for n, row in enumerate(rows) if n and row[place] not in ("", "(skipped)"))
        spoiled = [list(row) for row in rows]
        spoiled[line][place] += "1"
        assert len(disagreements({name: spoiled}, asked, truth)) == 1, name


def is_valid(package, folder):
    with ZipFile(BytesIO(package)) as file:
        file.extractall(folder)
    return faults(folder) == []


# Who gets nothing


STEPS = ("table", "columns", "values", "check", "errors", "discard")


def made(consultation):
    """What addresses of the officers' pages name, by what the journey made."""
    letter = LetterFile.objects.get()
    frame = CodeFrame.objects.get()
    written = AnswerWords.objects.filter(response__consultation=consultation, question=14)
    response = written.earliest("pk").response_id
    quote = Quote.objects.create(consultation=consultation, question=14, text=MARK, language="en", year=2026)
    page = ConsultationPage.objects.get(translation_key=consultation.key)
    return {
        "consultations": consultation.pk,
        "consultation_id": consultation.pk,
        "language": "en",
        "consultations.number": response,
        "consultations.batch": Batch.objects.get(name="Library").pk,
        "consultations.sheet": 1,
        "consultations.response": response,
        "consultations.frame": frame.pk,
        "consultations.code": frame.codes.first().pk,
        "consultations.question": 14,
        "consultations.option": 0,
        "consultations.format": "xlsx",
        "consultations.file": letter.pk,
        "consultations:take_back_results.number": 1,
        "consultations:quote": quote.pk,
        "consultations:theme": Theme.objects.first().pk,
        "consultations:export": Export.objects.first().pk,
        "consultations:export_file": Export.objects.first().pk,
        **{f"consultations:import_{step}": Upload.objects.get().pk for step in STEPS},
        "page_id": page.pk,
        "app_name": "home",
        "model_name": "consultationpage",
        "object_id": page.pk,
        "pk": page.pk,
    }


def answer(client, method, path):
    """What comes, without anything that it does."""
    kept = client.cookies.copy()  # one of the addresses signs out
    with transaction.atomic():
        page = getattr(client, method)(path)
        body = b"".join(page.streaming_content) if page.streaming else page.content
        transaction.set_rollback(True)
    client.cookies = kept
    return page, body.decode(errors="replace")


def gets_nothing(client, officer_client, consultation, secrets):
    """By no address of the officers; and no page of the whole site that opens holds anything that was written."""
    of_journey = made(consultation)
    client.raise_request_exception = False  # Wagtail has an address that fails on purpose
    opened, spoken = [], []
    theirs = [a for a in addresses(of_journey, {}) if a.name.startswith("consultations:")]
    assert len(theirs) > 65
    let_in = sum(answer(officer_client, "get", a.path)[0].status_code == 200 for a in theirs)
    assert let_in > 50  # so they are there
    for address in theirs:
        for method in ("get", "post"):
            page, body = answer(client, method, address.path)
            to_start = page.status_code == 302 and page["Location"] == "/admin/"
            opened += [] if to_start or page.status_code in (403, 404, 405) else [(method, address.path)]
            spoken += [(address.path, secret) for secret in secrets if secret in body]
    for address in addresses(of_journey, {}):
        if not address.name.startswith("consultations:"):
            page, body = answer(client, "get", address.path)
            spoken += [(address.path, secret) for secret in secrets if secret in body]
    page = ConsultationPage.objects.get(translation_key=consultation.key)
    for path in (
        f"/admin/pages/{page.pk}/history/",
        f"/admin/pages/{page.pk}/view_draft/",
        f"/admin/pages/{page.pk}/edit/preview/",
        f"/admin/pages/{page.pk}/edit/",
        f"/admin/pages/{page.pk}/usage/",
        page.url,
    ):
        shown, body = answer(client, "get", path)
        assert shown.status_code == 200, path
        spoken += [(path, secret) for secret in secrets if secret in body]
    for words in ("bootcamp", "Friends", "2+2"):
        for path in (f"/admin/pages/search/?q={words}", f"/en/search/?query={words}", f"/en/search/?q={words}"):
            _page, body = answer(client, "get", path)
            spoken += [(path, secret) for secret in secrets if secret in body]
    assert (opened, spoken) == ([], [])
    # Interfaces for programs are those of Wagtail's own choosers and translations; they were among the addresses above.
    routes = [name for name, route, _view in walk(get_resolver().url_patterns) if re.search(r"\bapi\b", route)]
    assert {name.split(":")[0] for name in routes} == {"wagtailadmin_api", "wagtail_localize"}


def files_have_no_address(client):
    for stored in (Export.objects.first().file, LetterFile.objects.get().file, Upload.objects.get().problems):
        name = str(stored)
        assert name
        for root in ("/media/", "/static/", "/documents/", "/", "/exports/", "/imports/", "/letters/", "/var/exports/"):
            assert client.get(root + name).status_code in (302, 404), root


def no_entry_in_the_menu(page):
    page.goto("/admin/")
    reports = page.get_by_role("button", name="Reports")
    if reports.count():
        reports.click()
    page.locator(".sidebar").wait_for()
    links = page.locator("a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert [link for link in links if link and link.startswith(("/admin/consultations/", "/admin/ideas/"))] == []


# The whole way


def test_a_real_survey_from_a_spreadsheet_to_its_end(
    survey,
    new_page,
    officer,
    second,
    editor,
    officer_client,
    editor_client,
    soffice,  # noqa: F811
    tmp_path,
):
    page, other = new_page(officer, viewport={"width": 1280, "height": 1000}), new_page(second)
    page.set_default_timeout(15_000)
    asked = Asked(survey)

    open_consultation(page, survey)
    import_file(page, spreadsheet(tmp_path))
    truth = sides.in_ledger(survey)
    assert len(truth) == ROWS
    assert set(HOSTILE.values()) <= {cells["q14"] for cells in truth.values()}
    assert set(HOSTILE.values()) <= {cells["q9.other.text"] for cells in truth.values()}
    filter_and_cross(page, truth, asked)
    code(page, survey, asked)
    (tmp_path / "list.pdf").write_bytes(PDF)
    add_letter(page, survey, tmp_path / "list.pdf")
    key_in(page, other, survey)
    close(survey)
    for client in (Client(), editor_client):
        assert client.get(f"/results/{survey.pk}/en/").status_code == 404
        assert client.get(f"/results/{survey.pk}/en/1/figures.csv").status_code == 404
    publish(page, survey)
    nobody_is_quoted(page, survey)
    assert "The 2016 New Coder Survey" in Client().get(f"/results/{survey.pk}/en/", follow=True).content.decode()

    taken = {
        "keys.csv": take(page, survey, "Download CSV", form="keys"),
        "words.csv": take(page, survey, "Download CSV", form="labels"),
        "answers.csv": take(page, survey, "Download CSV", form="keys", rows="answers"),
        "keys.xlsx": take(page, survey, "Excel", form="keys"),
        "words.ods": take(page, survey, "OpenDocument", form="labels"),
        "keys.ods": take(page, survey, "OpenDocument", form="keys"),
        "answers.xlsx": take(page, survey, "Excel", form="keys", rows="answers"),
        "package.zip": take_package(page, survey),
    }
    assert Download.objects.filter(by=officer, end__complete=True).count() == len(taken) + 1  # the table of the two

    asked, truth = Asked(survey), sides.in_ledger(survey)
    assert len(truth) == ROWS + 2
    page.goto(f"/admin/consultations/{survey.pk}/")
    shot(page, "59-figures")
    assert figures(page, asked) == expected(truth, asked)
    files = rows_of(taken)
    books = {name: content for name, content in taken.items() if name.endswith(("xlsx", "ods"))}
    files |= {f"{name} by LibreOffice": rows for name, rows in sides.by_libreoffice(soffice, tmp_path, books).items()}
    assert disagreements(files, asked, truth) == []
    a_fault_is_found(files, asked, truth)
    assert is_valid(taken["package.zip"], tmp_path / "valid")
    assert sides.formulas(soffice, tmp_path, {n: c for n, c in taken.items() if not n.endswith("zip")}) == []

    gets_nothing(editor_client, officer_client, survey, [MARK, "1,240 signatures", "Schools"])
    files_have_no_address(editor_client)
    no_entry_in_the_menu(new_page(editor, viewport={"width": 1280, "height": 1000}))

    undo(page, survey)
    nothing = {question.number: expected({}, asked)[question.number] for question in asked.questions}
    page.goto(f"/admin/consultations/{survey.pk}/")
    assert figures(page, asked) == nothing
    assert sides.in_ledger(survey) == {}
    tick()
    assert not Tally.objects.filter(consultation=survey).exclude(n=0).exists()
    call_command("recount", "--check", stdout=StringIO())


def undo(page, consultation):
    """Both batches, a large one in several goes, and the letter, which came alone."""
    for batch in Batch.objects.filter(consultation=consultation):
        page.goto(f"/admin/consultations/{consultation.pk}/batches/{batch.pk}/")
        shot(page, f"60-batch-{batch.pk}")
        follow(page, "Undo the batch")
        shot(page, f"60-undo-{batch.pk}")
        go(page, re.compile("^Erase"))
        while page.get_by_role("button", name="Go on undoing now").count():
            go(page, "Go on undoing now")
    letter = Response.objects.get(consultation=consultation, state="counted")
    page.goto(f"/admin/consultations/{consultation.pk}/responses/{letter.pk}/")
    shot(page, "60-letter")
    follow(page, "Erase", exact=True)
    shot(page, "60-erase")
    go(page, re.compile("^Erase"))
