"""A package carries its routing, and each response is held against it."""

import json
import zipfile

import pytest

from consultation.package.findings import Unusable
from consultation.package.historic import OFF_ROUTE, PASSED_OVER
from consultation.package.importing import Choices, check

pytestmark = pytest.mark.django_db

HEADER = "id,way,wishes.paths,wishes.buses,fare,age"
FOLLOWED = ["1,bus,1,0,2,(skipped)", "2,walk,1,0,,", "3,(skipped),(skipped),(skipped),,", "4,bus,0,1,(skipped),40"]


def item(key, kind, *options, **more):
    made = {"options": [{"key": option, "label": {"en": option}} for option in options]} if options else {}
    return {"key": key, "kind": kind, "label": {"en": key}} | made | more


def when(question, *options):
    return {"show_if": {"question": question, "any": list(options)}}


def routed(bus=None, late=None, **early):
    """Two questions for everybody, then one of a section for some, then one for some of a section for everybody."""
    first = [item("way", "single", "walk", "bus", "tram"), item("wishes", "multiple", "paths", "buses", **early)]
    bus = when("way", "bus", "tram") if bus is None else bus
    late = when("way", "bus") if late is None else late
    return [
        {"title": {"en": "Everybody"}, "items": first},
        {"title": {"en": "Buses"}, "items": [item("fare", "number")]} | bus,
        {"title": {"en": "You"}, "items": [item("age", "number") | late]},
    ]


def package(tmp_path, *rows, sections=None):
    made = {"format": "connected-package/1", "language": "en", "title": {"en": "Routed"}}
    path = tmp_path / "routed.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("questionnaire.json", json.dumps(made | {"sections": sections or routed()}))
        archive.writestr("responses.csv", "\n".join([HEADER, *rows]) + "\n")
    return path


def problems(path):
    with pytest.raises(Unusable) as refused:
        check(path, Choices())
    return [str(problem) for problem in refused.value.findings.problems]


def test_responses_that_followed_the_routing_are_taken(tmp_path):
    checked = check(package(tmp_path, *FOLLOWED), Choices())

    assert checked.responses == 4


@pytest.mark.parametrize(
    ("row", "column", "rule"),
    [
        ("5,walk,1,0,2,", "fare", OFF_ROUTE),
        ("5,walk,1,0,(skipped),", "fare", OFF_ROUTE),
        ("5,tram,1,0,2,40", "age", OFF_ROUTE),
        ("5,bus,1,0,,40", "fare", PASSED_OVER),
        ("5,bus,1,0,2,", "age", PASSED_OVER),
    ],
)
def test_a_response_off_its_route_is_refused_with_line_and_column_or_kept_and_listed(tmp_path, row, column, rule):
    path = package(tmp_path, *FOLLOWED, row)

    (problem,) = problems(path)
    historic = check(path, Choices(historic=True))

    assert problem.startswith(f"responses.csv, line 6, column {column}: {rule}.")
    assert historic.findings.breach_counts == {rule: 1}
    assert list(map(str, historic.findings.breaches)) == [f"responses.csv, line 6, column {column}: {rule}."]
    assert historic.responses == 5


def test_whether_everybody_was_asked_is_what_the_file_says(tmp_path):
    assert check(package(tmp_path, "1,bus,,,2,40", "2,,1,0,,"), Choices()).responses == 2


def test_a_wrong_answer_is_not_said_to_be_off_its_route_as_well(tmp_path):
    (problem,) = problems(package(tmp_path, "1,ship,1,0,2,40"))

    assert "line 2, column way: “ship” is no option" in problem


@pytest.mark.parametrize(
    ("sections", "found"),
    [
        (routed(bus=when("fare", "x")), "sections[1].show_if.question: the key of a question of an earlier section"),
        (routed(bus=when("nothing", "x")), "sections[1].show_if.question: the key of a question of an earlier"),
        (routed(late=when("fare", "x")), "sections[2].items[0].show_if.question: the key of a question of an"),
        (routed(**when("way", "bus")), "sections[0].items[1].show_if.question: the key of a question of an earlier"),
        (routed(bus=when("way")), "sections[1].show_if.any: at least one key of an option belongs here."),
        (routed(bus=when("way", "ship")), "sections[1].show_if.any[0]: one of these belongs here: bus, tram, walk."),
        (routed(bus={"show_if": "way"}), "sections[1].show_if: an object {…} belongs here."),
        (routed(bus={"show_if": {"question": "way", "all": []}}), "sections[1].show_if: “all” is not known here."),
    ],
)
def test_a_condition_that_nobody_could_meet_is_refused_with_its_place(tmp_path, sections, found):
    found_all = problems(package(tmp_path, sections=sections))

    assert any(problem.startswith(f"questionnaire.json, {found}") for problem in found_all)
