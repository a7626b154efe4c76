"""A package is checked from end to end, and everything that is wrong with it is said at once."""

import shutil
import zipfile
from pathlib import Path

import pytest

from consultation.package.findings import LISTED, Unusable
from consultation.package.historic import BOUNDS, EXCLUSIVITY, LIMIT, NO_NUMBER
from consultation.package.importing import Choices, check
from tests.conftest import ROOT
from tests.factories import make_themes

SMALL = ROOT / "tests" / "data" / "small-survey"
HISTORIC = Choices(historic=True, drop=("Source address",))

pytestmark = pytest.mark.django_db


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of the small survey, to be spoiled."""
    make_themes()
    return Path(shutil.copytree(SMALL, tmp_path / "small-survey"))


def spoil(package: Path, old: str | bytes, new: str | bytes, name: str = "responses.csv") -> None:
    """Replace what stands once in a file."""
    old, new = (part.encode() if isinstance(part, str) else part for part in (old, new))
    content = (package / name).read_bytes()
    assert content.count(old) == 1, old
    (package / name).write_bytes(content.replace(old, new))


def problems(package: Path, choices: Choices = HISTORIC) -> list[str]:
    """What stands against an import."""
    with pytest.raises(Unusable) as refused:
        check(package, choices)
    return [str(problem) for problem in refused.value.findings.problems]


def one_problem(package: Path, choices: Choices = HISTORIC) -> str:
    (problem,) = problems(package, choices)
    return problem


def test_the_small_survey_is_counted_by_language_channel_and_time(package):
    checked = check(package, HISTORIC)

    assert checked.responses == 9
    assert checked.languages == {"en": 7, "ga": 1, "pl": 1}
    assert checked.channels == {"web": 4, "import": 2, "paper": 1, "phone": 1, "event": 1}
    assert checked.opens_at.isoformat() == "2024-03-01T09:00:00+00:00"
    assert checked.closes_at.isoformat() == "2024-03-07T10:00:01+00:00"


def test_an_import_of_old_data_lists_every_rule_that_was_broken(package):
    findings = check(package, HISTORIC).findings

    assert findings.breach_counts == {EXCLUSIVITY: 2, LIMIT: 3, BOUNDS: 2, NO_NUMBER: 2}
    assert "responses.csv, line 7, column age: not a number, kept as text." in map(str, findings.breaches)


def test_without_historic_the_same_answers_stop_the_import_each_with_its_line(package):
    found = problems(package, Choices(drop=("Source address",)))

    assert [problem.split(":")[0] for problem in found] == [
        "responses.csv, line 7, column age",
        "responses.csv, line 8, column wishes",
        "responses.csv, line 8, column age",
        "responses.csv, line 9, column wishes",
        "responses.csv, line 10, column wishes",
        "responses.csv, line 10, column fare",
        "responses.csv, line 10, column -ideas",
        "responses.csv, line 11, column age",
    ]


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (",bus,,0,0,1", ",tram,,0,0,1", "line 3, column way: “tram” is no option"),
        ('"1,80"', "x,80", "line 9: has 20 cells, and the header has 19."),
        ("\n3,SMA-LLS-224", "\n2,SMA-LLS-224", "line 4, column id: “2” stands already on line 3."),
        ("SMA-LLS-229", "SMA-LLS-222", "line 10, column reference: “SMA-LLS-222” stands already on line 2."),
        ("SMA-LLS-229", "not a reference", "line 10, column reference: a reference has 1 to 12 letters"),
        ("Páirc".encode(), "Páirc".encode("latin-1"), "line 3: byte 0xe1 at place 73 of the line is not UTF-8."),
        ("More benches", "More\x00benches", "line 2: the control character U+0000"),
        ("More benches", "More\x1b[2Jbenches", "line 2: the control character U+001B"),
        ("\n4,", "\n4,one more,", "line 6: has 20 cells"),
        (",1,walk,,1,1,", ",1,walk,by sea,1,1,", "line 2, column way.other.text: there are words beside"),
        (",1,walk,,1,1,", ",1,walk,,1,yes,", "line 2, column wishes.buses: “yes” is neither 1"),
        (",1,walk,,1,1,", ",1,walk,,1,,", "line 2, column wishes.buses: “” is neither 1"),
        (",event,", ",fax,", "line 8, column channel: “fax” is none of these: web,"),
        (",pl,", ",xx,", "line 9, column language: “xx” is none of these: en,"),
        ("2024-03-02T10:00:00Z", "2024-03-02 10:00", "line 6, column received_at: a time that has been"),
        ("2024-03-02T10:00:00Z", "2924-03-02T10:00:00Z", "line 6, column received_at: a time that has been"),
        ("2024-03-02T10:00:00Z", "", "line 6, column received_at: a time that has been"),
        ("wishes.lights", "wishes.light", "column wishes.light: is not known."),
        ("wishes.lights", "wishes.buses", "column wishes.buses: is there more than once."),
        ("Source address", "Address", "column Source address: is to be dropped but is not there."),
        ("\"'@parks", "'@parks", "line 4: has 18 cells, and the header has 19."),
        ("More benches", '"More" benches', "line 2: this is no longer CSV"),
        ("More benches", "a" * 140_000, "line 2: this is no longer CSV: field larger than field limit"),
        ("x" * 250, "x" * 20_001, "line 10, column -ideas: The text has 20,001 characters"),
    ],
)
def test_a_spoiled_file_is_refused_with_the_line_named(package, old, new, found):
    spoil(package, old, new)

    assert any(problem.startswith("responses.csv, ") and found in problem for problem in problems(package))


def test_all_lines_with_problems_are_named_and_those_beyond_a_thousand_counted(package):
    header, *rows = (package / "responses.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (package / "responses.csv").write_text(header + rows[0] * (LISTED + 6), encoding="utf-8")

    with pytest.raises(Unusable) as refused:
        check(package, HISTORIC)

    findings = refused.value.findings
    assert findings.problem_count == 2 * (LISTED + 5)  # id and reference of each row but the first
    assert len(findings.problems) == LISTED
    assert findings.problems[2].line == 4


def test_a_byte_order_mark_and_blank_lines_are_passed_over(package):
    content = (package / "responses.csv").read_bytes()
    (package / "responses.csv").write_bytes(b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n") + b"\r\n\r\n")

    assert check(package, HISTORIC).responses == 9


def test_a_file_in_utf_16_is_named_as_such(package):
    content = (package / "responses.csv").read_text(encoding="utf-8")
    (package / "responses.csv").write_text(content, encoding="utf-16")

    assert "the file is UTF-16. Save it as UTF-8." in problems(package)[0]


def test_a_theme_that_is_not_there_stops_the_import_unless_it_may_be_made(package):
    spoil(package, '"Green places", "label"', '"Blue places", "label"', "questionnaire.json")

    assert "there is no theme “Blue places”" in one_problem(package)
    made = check(package, Choices(historic=True, create_themes=True, drop=("Source address",)))
    assert made.themes["Blue places"] == ""
    assert made.themes["getting ABOUT"] == "11111111-1111-4111-8111-111111111111"


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ('"sections": [', '"sections": [,', "questionnaire.json, line 6, place 15: not JSON"),
        ('"kind": "short_text"', '"kind": "essay"', "sections[1].items[1].kind: one of these belongs here: short_text"),
        ('"key": "park"', '"key": "age"', "sections[1].items[2].key: “age” is taken."),
        ('"key": "park"', '"key": "language"', "sections[1].items[1].key: “language” is taken."),
        ('"key": "park"', '"key": "the park"', "sections[1].items[1].key: a key belongs here"),
        ('"key": "school-bus"', '"key": "bus"', "sections[0].items[0].options[2].key: “bus” is taken."),
        ('"limit": 2,', '"limit": "2",', "sections[0].items[1].limit: a whole number from 1 to 100 belongs here."),
        ('"limit": 2,', '"limits": 2,', "sections[0].items[1]: “limits” is not known here."),
        ('"required": true', '"required": 1', "sections[0].items[0].required: true or false belongs here."),
        ('"ga": "Taisteal"', '"xx": "Taisteal"', "sections[0].title: “xx” is not known here."),
        ('{"en": "Green places"}', '{"ga": "Glas"}', "sections[1].title: is not worded in “en”"),
        ('"Green places"}', '"Green\\u0000places"}', "sections[1].title.en: holds a control character"),
        ('"role": "exclusive"', '"role": "other"', "sections[0].items[1].options: only one option of a question"),
        ('"minimum": 0, "maximum": 120', '"minimum": 9, "maximum": 1', "sections[1].items[2].maximum: is below"),
        ('"format": "connected-package/1"', '"format": "connected-package/9"', "format: this reads"),
        ('"maximum": 120', '"maximum": 1, "maximum": 2', "the name “maximum” stands twice"),
        ('"maximum": 120', '"maximum": NaN', "NaN is no JSON"),
    ],
)
def test_a_spoiled_questionnaire_is_refused_with_the_place_named(package, old, new, found):
    spoil(package, old, new, "questionnaire.json")

    assert any(found in problem for problem in problems(package))


def test_a_questionnaire_that_nests_without_end_is_refused(package):
    (package / "questionnaire.json").write_text("[" * 100_000)

    assert "not JSON that can be used" in one_problem(package)


@pytest.mark.parametrize("name", ["questionnaire.json", "responses.csv"])
def test_a_missing_file_is_named(package, name):
    (package / name).unlink()

    assert one_problem(package).startswith(f"{name}: is missing.")


def zipped(package: Path, folder: str = "", compression: int = zipfile.ZIP_DEFLATED) -> Path:
    target = package.with_suffix(".zip")
    with zipfile.ZipFile(target, "w", compression) as archive:
        for file in package.iterdir():
            archive.write(file, f"{folder}{file.name}")
    return target


@pytest.mark.parametrize("folder", ["", "small-survey/"])
def test_a_zip_is_read_where_it_is(package, folder):
    assert check(zipped(package, folder), HISTORIC).responses == 9


@pytest.mark.parametrize("folder", ["../", "a/b/"])
def test_a_file_at_another_place_of_a_zip_is_not_taken(package, folder):
    assert "is missing" in one_problem(zipped(package, folder))


def test_a_zip_that_unpacks_to_more_than_is_read_is_refused_unread(package):
    (package / "questionnaire.json").write_bytes(b" " * 5_000_001)

    assert "has 5,000,001 bytes, and 5,000,000 is the most" in one_problem(zipped(package))


def test_a_zip_packed_in_an_unusual_way_is_refused(package):
    assert "unusual way" in one_problem(zipped(package, compression=zipfile.ZIP_LZMA))


def test_a_damaged_zip_is_refused(package):
    target = zipped(package, compression=zipfile.ZIP_STORED)
    target.write_bytes(target.read_bytes().replace(b"More benches", b"Less benches"))

    assert any("can't be read to its end (Bad CRC-32" in problem for problem in problems(target))


def test_what_is_no_zip_is_refused(package):
    assert "neither a folder nor a .zip" in one_problem(package / "responses.csv")
    assert "can't be opened" in one_problem(package / "nowhere")
