"""What a site exports, another imports and exports again: the same bytes."""

import datetime as dt
import io
import json
import shutil
import uuid
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Locale, Page

from consultation import instrument, ledger
from consultation.answers import Answers, look_again
from consultation.kinds import KINDS, ORGANISATIONS, Given, Refused, Shape
from consultation.models import Area, Channel, Consultation, Draft, Response, Theme, Version
from consultation.package import recording
from consultation.questionnaire import Questionnaire
from home.models import ConsultationPage
from tests.factories import THEMES, make_consultation_page, raw_block, raw_question, translate

pytestmark = pytest.mark.django_db

POISON = (
    "=HYPERLINK(1)",
    "'quoted",
    "(skipped)",
    'two\nlines, “and” "quotes"; a;b',
    "שלום \u202eabc\u202c",
    "🦆 naïve",
    "@SUM(1)",
)
CHOICE = ["First", "Second", ("Another", "other"), ("Rather not say", "declined")]


def when(question, *labels):
    value = question["value"]
    ids = [option["id"] for option in value["options"] if option["value"]["label"] in labels]
    return {"question": question["id"], "any": ids}


def matrix(*rows, **more):
    made = raw_question("matrix", "How good are", options=["Poor", "Good"], theme=next(iter(THEMES)), **more)
    made["value"]["rows"] = [
        raw_block("item", {"label": row, "theme": list(THEMES)[len(row) % 2]}, f"row {row}") for row in rows
    ]
    return made


def sections(image, *, late=False):
    """Every kind, with routing; later, reordered, with some retired, restored and new."""
    way = raw_question("single", "Which way?", options=CHOICE if not late else [CHOICE[2], CHOICE[0]], required=True)
    ease = raw_question("scale", "How easy?", options=["", "", "Easy"], minimum="0")
    first = [way, matrix("Paths", "Parks", "Roads") if not late else matrix("Roads", "Paths", "Ferries")]
    first.append(
        raw_block(
            "information", '<p data-block-key="a1">See <a href="https://x.test/">this</a> &amp; <b>that</b></p>', "info"
        )
    )
    second = [
        raw_question(
            "multiple", "What helps?", options=[*CHOICE, ("None", "exclusive")], limit=2, show_if=when(way, "First")
        ),
        ease,
        raw_block("image", {"image": image.pk, "alt": "A map"}, "map"),
        raw_question("ranking", "In order?", options=["Trees", "Buses", "Bins"], limit=2),
        raw_question(
            "number", "How many?", minimum=0, maximum=120, decimals=True, theme=list(THEMES)[1], personal=True
        ),
        raw_question("theme_choice", "Which theme first?", unsure=True),
        raw_question("area", "Where do you live?", outside=True, declined=True),
        raw_question("date", "Since when?", earliest="2020-01-01", latest="2030-01-01"),
        raw_question("respondent", "Who are you?", myself="Myself", named="A group", unnamed="A group without a name"),
        raw_question("consent", "May we quote you?", agreed="You may", refused="You may not"),
    ]
    words = [
        raw_question("short_text", "=Where?", hint="'Near"),
        raw_question("long_text", "What else?", limit=500, personal=True),
    ]
    third = {"title": "Three", "introduction": "", "questions": words, "show_if": when(ease, "Easy")}
    made = [
        raw_block("section", {"title": "One", "introduction": "Two\nlines", "questions": first}, "one"),
        raw_block("section", {"title": "Two", "introduction": "", "questions": second}, "two"),
        raw_block("section", third, "three"),
    ]
    if late:
        second.insert(0, raw_question("number", "A new one"))
        second.remove(ease)
        del made[2]["value"]["show_if"]
        made.insert(0, made.pop())
    return made


def publish(page, questionnaire):
    page = ConsultationPage.objects.get(pk=page.pk)
    page.questionnaire = json.dumps(questionnaire)
    page.save_revision().publish()
    return page


def given(question, turn):
    """Some answer to a question, another one each turn; None skips it."""
    options = [str(option.number) for option in question.options]
    shape = KINDS[question.kind].shape
    chosen = {
        Shape.OPTION: options[turn % len(options) :][:1] if options else [],
        Shape.OPTIONS: options[turn % len(options) :][:2] if options else [],
        Shape.PLACES: options[::-1][:2],
        Shape.NUMBER: [str(turn + 0.5 if question.decimals else turn)],
        Shape.DAY: [f"202{turn % 9}-02-03"],
    }.get(shape, [POISON[turn % len(POISON)]])
    if turn % 5 == 4:
        return None
    try:
        others = {str(option.number) for option in question.options if option.role == "other"}
        organisations = {str(option.number) for option in question.options if option.role in ORGANISATIONS}
        texts = {"name": "Demo Choir", "role": POISON[turn % len(POISON)]} if organisations & {*chosen} else {}
        return KINDS[question.kind].accept(
            question, Given(chosen, POISON[turn % len(POISON)] * bool(others & {*chosen}), texts)
        )
    except Refused:
        return None


def answer(consultation, turns):
    """Send responses as people would, in every language and by several channels."""
    consultation.refresh_from_db()
    questionnaire: Questionnaire = instrument.current(consultation, "en")
    for turn in turns:
        accepted = {question.number: given(question, turn + question.number) for question in questionnaire.questions}
        values = {number: found and found.value for number, found in accepted.items()}
        words = {(n, option): text for n, found in accepted.items() if found for option, text in found.words.items()}
        answers = look_again(questionnaire, Answers(values, words)).answers.asked_by(questionnaire)
        language, channel = ("en", "ga", "pl")[turn % 3], (Channel.WEB, Channel.PAPER)[turn % 2]
        ledger.submit(consultation, uuid.uuid4(), consultation.published, language, channel, answers)


IRISH_AND_POLISH = {
    "ga": {"Which way?": "Cén bealach?", "A map": "Léarscáil", "One": "A haon", "First": "An chéad"},
    "pl": {"Which way?": "Którędy?", "Second": "Drugi", "Good": "Dobre"},
}


@pytest.fixture
def lived(settings, tmp_path, django_capture_on_commit_callbacks) -> Consultation:
    """A consultation that was translated, reworded, reordered, and had parts retired and restored between answers."""
    settings.MEDIA_ROOT = tmp_path / "media"
    image = get_image_model().objects.create(title="A map", file=get_test_image_file("map.png"))
    now = timezone.now().replace(microsecond=0)  # what an editor can enter
    opens, closes = now - dt.timedelta(days=1), now + dt.timedelta(days=30)
    for position, name in enumerate(("North", "South"), 1):
        Area.objects.create(name=name, locale=Locale.get_default(), position=position)
    page = make_consultation_page(questionnaire=sections(image), opens_at=opens, closes_at=closes)
    consultation = Consultation.objects.get(key=page.translation_key)
    with django_capture_on_commit_callbacks(execute=True):
        for language, words in IRISH_AND_POLISH.items():
            for original in (page.get_parent().get_parent().specific, page.get_parent().specific, page):
                translate(original, language, words)
    answer(consultation, range(6))
    publish(page, sections(image, late=True))
    answer(consultation, range(6, 12))
    reworded = sections(image)
    reworded[0]["value"]["questions"][0]["value"]["label"] = "Which way now?"
    publish(page, reworded)
    answer(consultation, range(12, 18))
    page = publish(page, sections(image, late=True))
    with django_capture_on_commit_callbacks(execute=True):
        translate(page, "ga", {"Which way?": "Cén bealach anois?", "A new one": "Ceann nua"})
    Response.objects.filter(pk=Response.objects.first().pk).update(reference=None)
    consultation.refresh_from_db()
    consultation.segments = [1]
    consultation.save()
    return consultation


def wipe():
    """An empty site: as if its database were new."""
    Draft.objects.all().delete()
    Response.objects.all().delete()
    Consultation.objects.update(version=None)
    Version.objects.all().delete()
    for page in ConsultationPage.objects.all():
        Page.objects.get(pk=page.pk).delete()
    Consultation.objects.all().delete()
    Theme.objects.all().delete()
    Area.objects.all().delete()
    get_image_model().objects.all().delete()
    instrument.forget()


def export(path: Path) -> Path:
    (pk,) = Consultation.objects.values_list("pk", flat=True)
    call_command("export_package", str(pk), str(path), stdout=io.StringIO())
    return path


def bring(path: Path, *options: str) -> None:
    call_command("import_package", str(path), "--create-themes", "--create-areas", *options, stdout=io.StringIO())


def content(path: Path) -> dict[str, bytes]:
    return {str(file.relative_to(path)): file.read_bytes() for file in sorted(path.rglob("*")) if file.is_file()}


def test_a_package_makes_the_same_package_on_another_site_and_on_a_third(lived, tmp_path):
    first, second, third = (tmp_path / name for name in "abc")
    export(first)

    for source, target in ((first, second), (second, third)):
        wipe()
        bring(source)
        export(target)

    assert content(second) == content(first)
    assert content(third) == content(first)
    assert {"questionnaire.json", "record.json", "responses.csv", "images/1.png"} <= set(content(first))


def test_a_zip_makes_the_same_zip(lived, tmp_path):
    export(tmp_path / "a.zip")
    wipe()

    bring(tmp_path / "a.zip")

    assert export(tmp_path / "b.zip").read_bytes() == (tmp_path / "a.zip").read_bytes()


def test_the_package_really_holds_what_is_hard_to_keep(lived, tmp_path):
    record = json.loads((export(tmp_path / "a") / "record.json").read_text())
    responses = (tmp_path / "a" / "responses.csv").read_text()

    assert any(question["retired_at"] for question in record["questions"])
    assert any(option["retired_at"] for question in record["questions"] for option in question["options"])
    assert len(record["versions"]) == 2
    assert record["current"] == 2
    assert {wording["language"] for wording in record["wordings"]} == {"en", "ga", "pl"}
    assert all(piece in responses for piece in ("'=HYPERLINK(1)", "''quoted", "🦆", "\u202e"))
    positions = [question["position"] for question in record["questions"] if not question["retired_at"]]
    assert positions != sorted(positions)


def spoil(path, change):
    record = json.loads((path / "record.json").read_text())
    change(record)
    (path / "record.json").write_text(json.dumps(record))


SPOILT = [
    (lambda record: record["questions"].pop(), "belongs here"),
    (lambda record: record["questions"][0].update(number=99), "belongs here"),
    (lambda record: record["questions"][0].update(number=2), "the same number stands twice"),
    (lambda record: record["questions"][0].update(key="way"), "would change"),
    (lambda record: record["wordings"].pop(0), "would change the wordings"),
    (lambda record: record["wordings"][0].update(language="xx"), "one of these belongs here"),
    (lambda record: record["wordings"][0].update(since="soon"), "a time with its zone"),
    (lambda record: record.update(current=7), "one of the versions"),
    (lambda record: record.update(current=1), "would change"),
    (lambda record: record.update(more=1), "“more” is not known here"),
    (lambda record: record.pop("segments"), "lacks segments"),
    (lambda record: record["versions"][0]["structure"].update(more=1), "“more” is not known here"),
]


def test_a_record_that_does_not_fit_is_refused_and_nothing_is_stored(lived, tmp_path):
    export(tmp_path / "a")
    wipe()

    for number, (change, message) in enumerate(SPOILT):
        spoil(Path(shutil.copytree(tmp_path / "a", tmp_path / str(number))), change)
        with pytest.raises(CommandError, match=message):
            bring(tmp_path / str(number))

    assert not Consultation.objects.exists()
    assert not get_image_model().objects.exists()


@pytest.mark.parametrize("file", [b"no image", b"<svg xmlns='http://www.w3.org/2000/svg'/>", None])
def test_a_file_that_is_no_image_stays_out_of_the_library(lived, tmp_path, file):
    export(tmp_path / "a")
    wipe()
    place = tmp_path / "a" / "images" / "1.png"
    place.unlink() if file is None else place.write_bytes(file)

    with pytest.raises(CommandError, match="images/1.png"):
        bring(tmp_path / "a")

    assert not get_image_model().objects.exists()


def test_a_name_that_leads_out_of_the_package_is_refused(lived, tmp_path):
    export(tmp_path / "a")
    wipe()
    text = (tmp_path / "a" / "questionnaire.json").read_text().replace("images/1.png", "images/../../secret.png")
    (tmp_path / "a" / "questionnaire.json").write_text(text)

    with pytest.raises(CommandError, match="the image's name in the package"):
        bring(tmp_path / "a")


def test_an_image_that_is_gone_from_the_library_stays_gone(lived, tmp_path):
    get_image_model().objects.all().delete()
    export(tmp_path / "a")
    wipe()

    bring(tmp_path / "a")

    assert content(export(tmp_path / "b")) == content(tmp_path / "a")
    assert "images/1.png" not in content(tmp_path / "a")


def test_themes_are_found_by_key_or_name_and_made_with_the_key_they_had(lived, tmp_path):
    export(tmp_path / "a")
    wipe()
    Theme.objects.create(key=uuid.uuid4(), number=5, name="Green places")

    bring(tmp_path / "a")

    assert {str(theme.key): theme.name for theme in Theme.objects.exclude(name="Green places")} == {
        key: name for key, name in THEMES.items() if name != "Green places"
    }
    assert Theme.objects.filter(name="Green places").count() == 1


@pytest.mark.parametrize("change", [lambda r: r["questions"].pop(), lambda r: r["wordings"].pop()])
def test_the_comparison_would_notice_a_loss(lived, tmp_path, change, monkeypatch):
    export(tmp_path / "a")
    whole = recording.record

    def losing(*args, **more):
        made = whole(*args, **more)
        change(made)
        return made

    monkeypatch.setattr(recording, "record", losing)

    assert content(export(tmp_path / "b")) != content(tmp_path / "a")
