"""manage.py import_package stores a package wholly or not at all, and what it stores can be got back."""

import csv
import json
from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from consultation import csv_files, instrument
from consultation.columns import SKIPPED, Form, unguard
from consultation.kinds import ANSWERED, ASKED
from consultation.models import AnswerWords, Consultation, Response, Theme
from consultation.recount import Cell, check, recount, tally
from consultation.summary import of_consultation
from home.models import ConsultationIndexPage, ConsultationPage, HomePage
from tests.conftest import ROOT
from tests.factories import make_themes

SMALL = ROOT / "tests" / "data" / "small-survey"

pytestmark = pytest.mark.django_db


def run(path: Path, *options: str) -> str:
    """Import as old data, and return what was said."""
    said = StringIO()
    call_command("import_package", str(path), "--historic", *options, stdout=said)
    return said.getvalue()


@pytest.fixture
def imported() -> Consultation:
    """The small survey."""
    make_themes()
    run(SMALL, "--drop", "Source address")
    return Consultation.objects.get(title="A small survey")


def exported(consultation: Consultation, bom: bool = False) -> str:
    return "".join(csv_files.lines(consultation, "en", Form.KEYS, bom=bom))


def rows(file: str) -> list[dict[str, str]]:
    """A file's rows by column, as whoever reads it would undo the guard."""
    header, *found = csv.reader(StringIO(file, newline=""), strict=True)
    names = [unguard(cell) for cell in header]
    return [
        {name: cell if cell == SKIPPED else unguard(cell) for name, cell in zip(names, row, strict=True)}
        for row in found
    ]


def everything() -> dict[str, int]:
    """How many rows each table has."""
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def copy(source: Path, target: Path, responses: bytes | None = None, questionnaire: str | None = None) -> Path:
    target.mkdir()
    (target / "responses.csv").write_bytes(responses or (source / "responses.csv").read_bytes())
    text = questionnaire or (source / "questionnaire.json").read_text(encoding="utf-8")
    (target / "questionnaire.json").write_text(text, encoding="utf-8")
    return target


def test_the_command_says_what_it_found_and_did():
    make_themes()

    said = run(SMALL, "--drop", "Source address")

    assert "A small survey: 6 questions, worded in en, ga" in said
    assert "9 responses, received 2024-03-01 to 2024-03-07" in said
    assert "by language: en 7, ga 1, pl 1" in said
    assert "kept though it breaks a rule (not a number, kept as text): 2" in said
    assert "9 responses counted" in said


def test_a_dry_run_says_the_same_and_stores_nothing():
    make_themes()
    before = everything()

    said = run(SMALL, "--drop", "Source address", "--dry-run")

    assert "9 responses, received" in said
    assert "Nothing was stored: this was a dry run." in said
    assert everything() == before


def test_tally_recount_and_the_file_say_the_same_of_every_option(imported):
    file = rows(exported(imported))
    counted = recount(imported)

    assert check(imported) == []
    assert tally(imported) == counted
    assert len(file) == counted[Cell(0, 0)].n == 9
    for question in imported.questions.prefetch_related("options"):
        for option in question.options.all():
            n = counted[Cell(question.number, option.number)].n
            if question.kind == "single":
                assert n == sum(row[question.key] == option.key for row in file)
            else:
                assert n == sum(row[f"{question.key}.{option.key}"] == "1" for row in file)


def test_the_summary_has_the_bases_of_the_file(imported):
    found = {q.label: (q.asked, q.answered) for q in of_consultation(imported).questions}

    assert found == {
        "How do you mostly travel?": (9, 8),
        "What would help?": (9, 7),
        "What is your fare, in pounds?": (5, 5),
        "Which park is nearest to you?": (8, 7),
        "How old are you?": (9, 7),
        "What should change there?": (8, 7),
    }


def test_odd_answers_are_kept_to_the_letter(imported):
    file = rows(exported(imported))

    assert [row["park"] for row in file] == [
        "Wallace Park", "Páirc Bhailis", "=1+1", "(skipped)", "(skipped)", "@Wallace", "Łazienki", "", "  two spaces  "
    ]  # fmt: skip
    assert file[2]["-ideas"] == '@parks\nand, "paths"'
    assert file[4]["-ideas"] == "'tis fine"
    assert file[6]["-ideas"] == "\u200b=HYPERLINK(1)"
    assert [row["age"] for row in file] == ["34", "51", "12", "(skipped)", "40+", "130", "7", "(skipped)", "-1"]
    assert [row["fare"] for row in file] == ["", "2.5", "0", "", "", "", "1.8", "9" * 30, "3.25"]


def test_a_text_that_equals_our_code_is_not_taken_for_it(imported):
    fifth = Response.objects.get(reference="SMA-LLS-226")
    park = imported.questions.get(key="park")

    assert fifth.answers[str(park.number)] is True
    assert AnswerWords.objects.get(response=fifth, question=park.number).text == "(skipped)"
    assert fifth.answers[str(imported.questions.get(key="way").number)] is None


def test_a_number_that_is_none_counts_as_answered_and_not_as_a_figure(imported):
    age = imported.questions.get(key="age")
    question = next(q for q in of_consultation(imported).questions if q.number == age.number)

    assert question.answered == 7
    assert sum(bar.n for bar in question.bars) == 6


@pytest.mark.parametrize("bom", [False, True])
def test_an_exported_file_imported_again_is_exported_the_same(imported, tmp_path, bom):
    first = exported(imported, bom=bom)
    Response.objects.all().delete()

    run(copy(SMALL, tmp_path / "again", first.encode()))

    again = Consultation.objects.latest("pk")
    assert again != imported
    assert exported(again, bom=bom) == first
    assert check(again) == []


def test_the_page_is_a_draft_that_an_editor_could_publish(imported):
    page = ConsultationPage.objects.get(translation_key=imported.key)

    assert not page.live
    assert page.latest_revision is not None
    assert page.results == imported.results == "never"
    assert page.opens_at == imported.opens_at == Response.objects.earliest("received_at").received_at
    assert page.closes_at == imported.closes_at > Response.objects.latest("received_at").received_at
    page.questionnaire.stream_block.clean(page.questionnaire)


def test_publishing_it_later_makes_no_new_version_and_no_new_number(imported):
    numbers = list(imported.questions.values_list("number", "key", "block", "retired_at"))
    options = imported.questions.order_by("number", "options__number").values_list(
        "options__number", "options__key", "options__item"
    )
    before = list(options)
    page = ConsultationPage.objects.get(translation_key=imported.key)

    page.get_latest_revision().publish()

    assert imported.versions.count() == 1
    assert list(imported.questions.values_list("number", "key", "block", "retired_at")) == numbers
    assert list(options.all()) == before
    assert imported.wordings.filter(item="q1", language="en").count() == 1


def test_routing_comes_along_as_the_editor_stores_it_and_publishing_later_makes_no_new_version(tmp_path):
    make_themes()
    parsed = json.loads((SMALL / "questionnaire.json").read_text(encoding="utf-8"))
    parsed["sections"][1] |= {"show_if": {"question": "way", "any": ["bus", "walk"]}}
    parsed["sections"][1]["items"][2]["show_if"] = {"question": "wishes", "any": ["paths"]}
    run(copy(SMALL, tmp_path / "routed", questionnaire=json.dumps(parsed)), "--drop", "Source address")
    page = ConsultationPage.objects.get()
    condition = page.questionnaire[1].value["show_if"]
    structure = page.consultation.version.structure["sections"][1]

    page.questionnaire.stream_block.clean(page.questionnaire)
    page.get_latest_revision().publish()

    assert condition["question"] == page.questionnaire[0].value["questions"][0].id
    assert (structure["if"], structure["items"][2]["if"]) == ({"q": 1, "any": [1, 2]}, {"q": 2, "any": [1]})
    assert page.consultation.versions.count() == 1


def test_a_question_added_later_gets_a_key_that_no_imported_one_has(tmp_path):
    make_themes()
    text = (SMALL / "questionnaire.json").read_text(encoding="utf-8").replace('"key": "park"', '"key": "q7"')
    header, rest = (SMALL / "responses.csv").read_text(encoding="utf-8").replace(",park,", ",q7,").split("\n", 1)
    run(copy(SMALL, tmp_path / "keys", f"{header}\n{rest}".encode(), text), "--drop", "Source address")
    page = ConsultationPage.objects.latest("pk")
    raw = list(page.questionnaire.raw_data)
    raw[0]["value"]["questions"].append({"type": "short_text", "id": "new", "value": {"label": "New"}})
    page.questionnaire = json.dumps(raw)

    page.save_revision().publish()

    assert page.consultation.questions.get(number=7).key == "q7_2"


def test_words_of_other_languages_are_kept_and_missing_ones_fall_back(imported):
    words = instrument.words(imported, "ga")

    assert (words["q1"].text, words["q1"].language) == ("Conas a thaistealaíonn tú?", "ga")
    assert (words["q1/4"].text, words["q1/4"].language) == ("Another way", "en")
    assert sum(text.language == "ga" for text in words.values()) == 6


def test_no_markup_of_a_package_gets_through(imported):
    body = next(text for item, text in instrument.words(imported, "en").items() if item.startswith("i"))

    assert body.text == "<p>The town has &lt;twelve&gt; parks.</p><p>They are open all year.</p>"


def test_missing_themes_are_made_with_the_next_numbers():
    Theme.objects.create(key="11111111-1111-4111-8111-111111111111", number=4, name="Getting about")

    run(SMALL, "--drop", "Source address", "--create-themes")

    assert list(Theme.objects.values_list("number", "name")) == [(4, "Getting about"), (5, "Green places")]
    assert of_consultation(Consultation.objects.get(), theme=Theme.objects.get(number=5)).questions


def test_the_page_stands_in_the_list_of_consultations_where_there_is_one():
    index = HomePage.objects.first().add_child(instance=ConsultationIndexPage(title="Consultations"))

    run(SMALL, "--drop", "Source address", "--create-themes")

    assert ConsultationPage.objects.get().get_parent().pk == index.pk


SPOILED = {
    "an unknown key": (b"school-bus", b"tram"),
    "an id twice": (b"\n3,SMA", b"\n2,SMA"),
    "a reference twice": (b"SMA-LLS-229", b"SMA-LLS-222"),
    "a bad byte": ("Łazienki".encode(), b"\xa3azienki"),
    "a NUL": (b"More benches", b"More\x00benches"),
    "a ragged row": (b"\n9,SMA-LLS-22A", b"\n9,,SMA-LLS-22A"),
}


@pytest.mark.parametrize(("fault", "line"), list(zip(SPOILED, [4, 4, 10, 9, 2, 11], strict=True)))
def test_a_spoiled_copy_is_refused_and_no_table_has_a_row_more(fault, line, tmp_path):
    make_themes()
    old, new = SPOILED[fault]
    content = (SMALL / "responses.csv").read_bytes()
    assert content.count(old) == 1
    package = copy(SMALL, tmp_path / "spoiled", content.replace(old, new))
    before = everything()

    with pytest.raises(CommandError, match=rf"responses\.csv, line {line}[:,]") as refused:
        run(package, "--drop", "Source address")

    assert str(refused.value).endswith("Nothing was stored.")
    assert everything() == before


def test_a_package_imported_twice_is_refused_by_reference_and_by_id(imported):
    before = everything()

    with pytest.raises(CommandError) as refused:
        run(SMALL, "--drop", "Source address")
    with pytest.raises(CommandError, match="line 2, column id: “1” is stored already. Was this package"):
        run(SMALL, "--drop", "Source address", "--drop", "reference")

    assert str(refused.value).count("is stored already") == 18
    assert everything() == before


def test_a_file_that_changes_while_it_is_imported_leaves_nothing_behind(monkeypatch, tmp_path):
    make_themes()
    package = copy(SMALL, tmp_path / "changing")
    before = everything()
    from home.management.commands import import_package

    def make_draft(*arguments):
        (package / "responses.csv").write_bytes((package / "responses.csv").read_bytes().rsplit(b"\n9,", 1)[0])
        return original(*arguments)

    original = import_package.make_draft
    monkeypatch.setattr(import_package, "make_draft", make_draft)

    with pytest.raises(CommandError, match="the file has changed"):
        run(package, "--drop", "Source address")

    assert everything() == before


def test_answers_that_break_no_rule_need_no_mode_for_old_data(tmp_path):
    lines = (SMALL / "responses.csv").read_bytes().split(b"\n")
    make_themes()
    package = copy(SMALL, tmp_path / "clean", b"\n".join(lines[:3]))

    call_command("import_package", str(package), "--drop", "Source address", stdout=StringIO())

    answered = Counter(cell.option for cell in recount(Consultation.objects.get()) if not cell.segment)
    assert answered[ASKED] == 7  # six questions, and the responses themselves
    assert answered[ANSWERED] == 6
