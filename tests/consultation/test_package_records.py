"""A package whose options are themes and areas: each is found, or made, or named as missing."""

import csv
import datetime as dt
import io
import json
import uuid
from dataclasses import replace

import pytest
from wagtail.models import Locale

from consultation import csv_files, instrument, records
from consultation.columns.plan import Form
from consultation.models import Area, Theme
from consultation.package import options, themes
from consultation.package.blocks import Blocks
from consultation.package.findings import Unusable
from consultation.package.importing import Choices, check, store
from tests.consultation.test_package_kinds import item
from tests.factories import make_source, make_themes

pytestmark = pytest.mark.django_db

SOUTH = uuid.UUID("33333333-3333-4333-8333-333333333333")


def option(key, label, **more):
    return {"key": key, "label": {"en": label, **more}}


def where(*found):
    beside = option("outside", "Beyond the borough"), option("declined", "No answer") | {"role": "declined"}
    return item("where", "area", options=[*found, *beside])


NORTH = option("north", "demo north", ga="Demo Thuaidh")
THEME = item("about", "theme_choice", options=[option("green", "Green places"), option("unsure", "Don't know")])
ROWS = ["1,north,green", "2,outside,unsure", "3,declined,(skipped)"]


@pytest.fixture(autouse=True)
def areas(db):
    locale = Locale.get_default()
    Area.objects.create(name="Demo South", translation_key=SOUTH, locale=locale, position=1)
    return Area.objects.create(name="Demo North", locale=locale, position=2)


def package(tmp_path, *items, rows=ROWS):
    sections = [{"title": {"en": "All"}, "items": items}]
    made = {"format": "connected-package/1", "language": "en", "title": {"en": "Where"}, "sections": sections}
    (tmp_path / "questionnaire.json").write_text(json.dumps(made))
    (tmp_path / "responses.csv").write_text("\r\n".join(["id,where,about", *rows]) + "\r\n")
    make_themes()
    return tmp_path


def stored(path, choices=None):
    checked = check(path, choices or Choices())
    found = options.make(checked.records, checked.blueprint, dt.date(2020, 1, 1))
    blocks = Blocks(uuid.uuid4(), checked.blueprint, themes.make(checked.themes), found)
    return store(replace(make_source(), key=blocks.key), blocks, checked)


def problems(path, choices=None):
    with pytest.raises(Unusable) as refused:
        check(path, choices or Choices())
    return [str(problem) for problem in refused.value.findings.problems]


def test_answers_hang_on_the_records_that_the_options_name_and_come_back_as_the_file_had_them(tmp_path, areas):
    consultation = stored(package(tmp_path, where(NORTH), THEME))

    table = list(csv.reader(io.StringIO("".join(csv_files.lines(consultation, "en", Form.KEYS)))))
    kept = consultation.questions.get(key="where").options
    assert [row[-2:] for row in table] == [["where", "about"], *[row.split(",")[1:] for row in ROWS]]
    assert dict(kept.values_list("item", "role")) == {
        str(areas.translation_key): "",
        "outside": "",
        "declined": "declined",
    }
    irish = instrument.current(consultation, "ga").question(1)
    assert str(irish.options[0].label) == "Demo Thuaidh"


def test_an_option_can_name_its_record_by_key(tmp_path):
    consultation = stored(package(tmp_path, where(option(str(SOUTH), "As it was called")), THEME, rows=[]))

    assert consultation.questions.get(key="where").options.filter(item=SOUTH).exists()


def test_a_record_that_there_is_not_is_named_with_what_to_do(tmp_path):
    items = where(option("east", "Demo East")), item("about", "theme_choice", options=[option("x", "No such theme")])

    found = problems(package(tmp_path, *items, rows=[]))

    assert ["--create-areas" in text for text in found] == [True, False]
    assert ["--create-themes" in text for text in found] == [False, True]


def test_it_can_be_made_and_an_area_has_ended_so_that_nobody_is_asked_for_it_today(tmp_path):
    made = option("44444444-4444-4444-8444-444444444444", "Demo East", ga="Demo Thoir")
    items = where(made), item("about", "theme_choice", options=[option("x", "A new theme")])

    consultation = stored(package(tmp_path, *items, rows=[]), Choices(create_areas=True, create_themes=True))

    assert set(Area.objects.filter(translation_key=made["key"]).values_list("name", flat=True)) == {
        "Demo East",
        "Demo Thoir",
    }
    assert made["key"] not in records.offered("area")
    assert consultation.questions.get(key="where").options.filter(item=made["key"]).exists()
    assert Theme.objects.filter(name="A new theme").exists()


def test_two_records_of_one_name_are_told_apart_by_key_alone(tmp_path, areas):
    Area.objects.create(name="DEMO NORTH", locale=Locale.get_default())

    assert "several areas" in problems(package(tmp_path, where(NORTH), THEME))[0]


def test_one_record_twice_is_refused(tmp_path):
    twice = where(NORTH, option(str(SOUTH), "South"), option("again", "Demo South"))

    assert "two options are the area" in problems(package(tmp_path, twice, THEME))[0]


def test_a_role_is_that_of_its_key(tmp_path):
    wrong = where(NORTH | {"role": "declined"})

    assert "options[0].role" in problems(package(tmp_path, wrong, THEME))[0]
