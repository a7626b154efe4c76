"""Who answers: people and organisations counted apart, an organisation's name asked, and shown to officers alone."""

import csv
import io
import json
import uuid

import pytest
from django.core.exceptions import ValidationError

from consultation import codebook, comparison, csv_files, kinds, ledger, pin, recount, source, summary
from consultation.answers import Answers, read
from consultation.blocks import QuestionnaireBlock
from consultation.columns import FIXED
from consultation.columns.plan import Form
from consultation.fold import fold
from consultation.kinds import ANSWERED, ASKED, KINDS, Count, Given, Refused
from consultation.models import Channel, Consultation, Level, PinnedResult, Response
from consultation.package.findings import Unusable
from consultation.package.historic import NO_ORGANISATION
from consultation.package.importing import Choices, check
from consultation.questionnaire import Option, Question, Text
from consultation.source import SourceItem, SourceOption, SourceSection
from tests.consultation.test_answering import send
from tests.consultation.test_package_kinds import item, stored
from tests.consultation.test_package_kinds import package as package_with
from tests.factories import make_consultation, make_consultation_page, raw_block, raw_question

NAME, ROLE = 1001, 1002
FIXED_OPTIONS = KINDS["respondent"].fixed
OPTIONS = tuple(Option(n, role, Text(own)) for n, (own, role) in enumerate(FIXED_OPTIONS.items(), 1))
WHO = Question(1, "respondent", options=OPTIONS)
WORDS = {"myself": "For myself", "named": "For a group, named", "unnamed": "For a group, not named"}


def accept(*chosen, complete=True, **texts):
    return KINDS["respondent"].accept(WHO, Given(chosen, texts=texts, complete=complete))


def who(name="who"):
    options = tuple(SourceOption(own, WORDS[own], role) for own, role in FIXED_OPTIONS.items())
    return SourceItem(id=name, kind="respondent", label="Who are you?", options=options)


def publish(*items, **changes):
    return make_consultation(sections=(SourceSection("s", "Section", "", items or (who(),)),), **changes)


def answer(consultation, *given):
    """Each a number of an option, with a name and a role where there is one."""
    for value, *texts in given:
        words = dict(zip([(1, NAME), (1, ROLE)], texts, strict=False))
        submit(consultation, Answers({1: value}, words))


def submit(consultation, answers):
    ledger.submit(consultation, uuid.uuid4(), consultation.published, "en", Channel.WEB, answers)


def test_a_name_and_a_role_are_words_of_their_own_beside_the_choice():
    accepted = accept("2", name="Demo Choir", role="Secretary")

    assert (accepted.value, accepted.words) == (2, {NAME: "Demo Choir", ROLE: "Secretary"})


@pytest.mark.parametrize("organisation", ["2", "3"])
def test_an_organisation_has_to_say_its_name_whether_or_not_it_is_to_be_named(organisation):
    with pytest.raises(Refused, match="name of the organisation") as refused:
        accept(organisation, role="Secretary", name=" \x00")

    assert refused.value.about == "name"


def test_a_role_can_be_left_out_and_somebody_for_themselves_says_neither():
    assert accept("3", name="Demo Choir").words == {NAME: "Demo Choir"}
    assert accept("1", name=" ").value == 1
    assert accept("").value is None


@pytest.mark.parametrize("chosen", ["1", ""])
@pytest.mark.parametrize("texts", [{"name": "Demo Choir"}, {"role": "Secretary"}])
def test_words_about_an_organisation_are_not_dropped_unsaid(chosen, texts):
    with pytest.raises(Refused, match="since you wrote about one") as refused:
        accept(chosen, **texts)

    assert refused.value.about == ""


def test_whoever_answers_for_themselves_after_all_need_not_clear_what_the_form_leaves_out():
    reading = read([WHO], {"q1": ["1"], "q1_name": ["Demo Choir"], "q1_role": ["Secretary"]})

    assert (reading.answers.values, reading.answers.words, reading.errors) == ({1: 1}, {}, {})
    assert read([WHO], {"q1_name": ["Demo Choir"]}).errors


def test_a_name_that_is_too_long_is_refused_at_its_own_input():
    with pytest.raises(Refused, match="too long") as refused:
        accept("2", name="Demo Choir", role="x" * 501)

    assert refused.value.about == "role"


def test_the_options_are_counted_and_the_words_are_not():
    assert list(kinds.counts(WHO, 2)) == [Count(ASKED), Count(ANSWERED), Count(2)]


def test_the_form_says_at_which_input_something_is_missing():
    reading = read([WHO], {"q1": ["3"], "q1_name": [""], "q1_role": ["Secretary"]})

    assert reading.errors.keys() == {1} and reading.place(1) == "q1-name"


# As a citizen meets it


@pytest.fixture
def path(db):
    asked = raw_question("respondent", "Who are you answering as?", required=True, **WORDS)
    section = raw_block("section", {"title": "You", "introduction": "", "questions": [asked]}, "you")
    return f"/answer/{make_consultation_page(questionnaire=[section]).consultation.pk}/en/"


def test_a_name_that_is_missing_is_asked_for_beside_its_input_and_entries_stay(visitor, path):
    page = send(visitor, f"{path}1/", q1="2", q1_role="Secretary").content.decode()

    assert 'href="#q1-name"' in page and 'href="#q1"' not in page
    assert page.count("“Who are you answering as?”: enter the name of the organisation.") == 2
    assert 'aria-describedby="q1-name-error"' in page and 'id="q1-error"' not in page
    assert 'value="Secretary"' in page and page.count("checked") == 1


def test_who_was_answered_for_travels_to_the_ledger_and_is_said_on_the_check_page(visitor, path):
    send(visitor, f"{path}1/", q1="3", q1_name="Demo Choir & Band", q1_role="Secretary")
    checked = visitor.get(f"{path}check/").content.decode()
    send(visitor, f"{path}check/")

    response = Response.objects.get()
    assert response.answers == {"1": 3}
    assert dict(response.words.values_list("option", "text")) == {NAME: "Demo Choir & Band", ROLE: "Secretary"}
    for said in (
        "For a group, not named",
        "Name of the organisation: Demo Choir &amp; Band",
        "organisation: Secretary",
    ):
        assert said in checked


def test_what_was_saved_is_there_again(visitor, path):
    send(visitor, f"{path}1/", q1="3", q1_name="Demo Choir & Band")

    page = visitor.get(f"{path}1/").content.decode()

    assert 'value="Demo Choir &amp; Band"' in page and page.count("checked") == 1


def test_a_half_done_answer_can_be_kept_for_later_but_not_sent(visitor, path):
    kept = send(visitor, f"{path}1/", q1="2", then="later")
    sent = send(visitor, f"{path}check/")

    assert kept.status_code == 303 and kept["Location"].startswith(f"{path}later/")
    assert f'href="{path}1/?return=check#q1-name"' in sent.content.decode()
    assert not Response.objects.exists()


# As officers and the public meet it


@pytest.mark.django_db
def test_officers_see_how_many_people_and_how_many_organisations_answered():
    consultation = publish()
    answer(consultation, (1,), (1,), (2, "Demo Choir"), (3, "Demo Club"), (None,))

    assert summary.of_consultation(consultation).respondents == summary.Respondents(2, 2, 1)
    assert summary.of_consultation(make_consultation()).respondents is None


@pytest.mark.django_db
def test_every_figure_can_be_compared_by_it_from_the_start_and_the_tally_stays_right():
    consultation = publish(SourceItem(id="age", kind="number", label="Age?"))
    answer(consultation, (41,), (42,))
    fold(consultation)

    publish(SourceItem(id="age", kind="number", label="Age?"), who(), key=consultation.key)
    consultation.refresh_from_db()
    submit(consultation, Answers({1: 43, 2: 2}, {(2, NAME): "Demo Choir"}))

    assert consultation.segments == [2]
    assert not recount.check(consultation)
    assert summary.live_counts(consultation) == recount.recount(consultation)
    fold(consultation)
    assert not recount.check(consultation)
    reading = summary.read(consultation)
    assert ("q2", "2. Who are you?") in comparison.choices(reading)
    assert comparison.compare(reading, "q2").columns == ("For a group, named",)


@pytest.mark.django_db
def test_what_officers_chose_to_compare_by_is_not_pushed_out_nor_put_back():
    options = (SourceOption("x", "x"), SourceOption("y", "y"))
    choices = [SourceItem(id=name, kind="single", label=name, options=options) for name in "abc"]
    full = publish(*choices)
    Consultation.objects.update(segments=[1, 2, 3])
    publish(*choices, who(), key=full.key)
    full.refresh_from_db()
    assert full.segments == [1, 2, 3]

    Consultation.objects.update(segments=[])
    publish(*choices[:2], who(), key=full.key)
    full.refresh_from_db()
    assert full.segments == []


@pytest.mark.django_db
def test_the_file_has_a_column_for_the_name_and_one_for_the_role():
    consultation = publish()
    answer(consultation, (1,), (2, "=Demo Choir", "Secretary"), (3, "Demo Club"), (None,))

    keys = csv.reader(io.StringIO("".join(csv_files.lines(consultation, "en", Form.KEYS, Level.FULL))))
    labels = csv.reader(io.StringIO("".join(csv_files.lines(consultation, "en", Form.LABELS, Level.FULL))))

    assert [row[len(FIXED) :] for row in keys] == [
        ["q1", "q1.name", "q1.role"],
        ["myself", "", ""],
        ["named", "'=Demo Choir", "Secretary"],
        ["unnamed", "Demo Club", ""],
        ["(skipped)", "", ""],
    ]
    assert next(labels)[len(FIXED) :] == [
        "1. Who are you?",
        "1. Who are you? – Name of the organisation",
        "1. Who are you? – Your role in the organisation",
    ]


@pytest.mark.django_db
def test_the_codebook_marks_the_columns_that_say_who_answered():
    consultation = publish()
    answer(consultation, (2, "Demo Choir", "Secretary"))

    lines = codebook.lines(consultation, "en")

    assert [(line.column, line.n) for line in lines if line.identifying] == [("q1.name", "1"), ("q1.role", "1")]


@pytest.mark.django_db
def test_the_public_never_sees_a_name_or_a_role():
    consultation = publish(results=Consultation.Results.WHILE_OPEN)
    answer(consultation, *[(1,)] * 30, *[(2, "Demo Choir", "Secretary")] * 10)
    fold(consultation)
    pin.pin(consultation)

    figures = PinnedResult.objects.get().figures

    assert figures["questions"]["1"]["answered"] == 40
    assert "Choir" not in json.dumps(figures) and "Secretary" not in json.dumps(figures)


# As editors meet it


def questionnaire(*labels):
    return [
        raw_block(
            "section",
            {"title": label, "introduction": "", "questions": [raw_question("respondent", label, **WORDS)]},
            f"section {label}",
        )
        for label in labels
    ]


@pytest.mark.django_db
def test_a_second_one_is_refused_at_its_place_when_publishing_and_kept_in_a_draft():
    block = QuestionnaireBlock()
    value = block.to_python(questionnaire("Who?", "Who again?"))

    with pytest.raises(ValidationError) as refused:
        block.clean(value)

    (section,) = refused.value.block_errors.items()
    assert section[0] == 1 and list(section[1].block_errors["questions"].block_errors) == [0]
    assert len(block.clean_deferred(value)) == 2


def test_a_second_one_that_is_stored_all_the_same_is_passed_over():
    first, second = source.sections(questionnaire("Who?", "Who again?"))

    assert [asked.label for asked in first.items] == ["Who?"] and second.items == ()
    assert [(option.id, option.label) for option in first.items[0].options] == list(WORDS.items())


@pytest.mark.django_db
@pytest.mark.parametrize(("option", "stands"), [("unnamed", True), ("gone", False)])
def test_later_sections_can_be_shown_to_organisations_alone(option, stands):
    block = QuestionnaireBlock()
    raw = questionnaire("Who?")
    later = {"title": "Later", "introduction": "", "questions": [raw_question("number", "How many are you?")]}
    later["show_if"] = {"question": raw[0]["value"]["questions"][0]["id"], "any": [option]}
    value = block.to_python([*raw, raw_block("section", later, "later")])

    if stands:
        assert block.clean(value)[1].value["show_if"] == later["show_if"]
    else:
        with pytest.raises(ValidationError):
            block.clean(value)


# As packages have it

OFFERED = [{"key": own, "label": {"en": words}} for own, words in WORDS.items()]
ROWS = ["1,myself,,", "2,named,'=Demo Choir,Secretary", "3,unnamed,Demo Club,", "4,(skipped),,", "5,,,", "6,named,,"]


def package(tmp_path, *rows, options=OFFERED, more=()):
    items = [item("who", "respondent", options=options), *more]
    return package_with(tmp_path, *(rows or ROWS), items=items, header="id,who,who.name,who.role")


@pytest.mark.django_db
def test_the_download_of_an_imported_package_is_the_file_that_was_imported(tmp_path):
    consultation = stored(package(tmp_path))

    table = list(csv.reader(io.StringIO("".join(csv_files.lines(consultation, "en", Form.KEYS, Level.FULL)))))

    assert [row[len(FIXED) :] for row in table[1:]] == [row.split(",")[1:] for row in ROWS]
    assert dict(consultation.questions.get().options.values_list("item", "role")) == dict(FIXED_OPTIONS)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("row", "message"), [("1,myself,Demo Choir,", "since you wrote"), ("1,,Demo Choir,", "an answer that is not there")]
)
def test_words_beside_no_organisation_are_named(tmp_path, row, message):
    with pytest.raises(Unusable) as refused:
        check(package(tmp_path, row), Choices())

    assert message in str(refused.value.findings.problems[0])


@pytest.mark.django_db
def test_old_words_beside_no_organisation_are_kept_and_listed(tmp_path):
    path = package(tmp_path, "1,myself,Demo Choir,")

    checked = check(path, Choices(historic=True))
    consultation = stored(path, Choices(historic=True))

    assert checked.findings.breach_counts == {NO_ORGANISATION: 1}
    assert consultation.responses.get().words.get().text == "Demo Choir"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ({"options": OFFERED[::-1]}, "in this order: myself, named, unnamed"),
        ({"options": OFFERED[:2]}, "in this order"),
        ({"more": [item("again", "respondent", options=OFFERED)]}, "one question of the kind “respondent”"),
    ],
)
def test_a_questionnaire_whose_options_are_others_or_that_asks_twice_is_refused(tmp_path, broken, message):
    with pytest.raises(Unusable) as refused:
        check(package(tmp_path, **broken), Choices())

    assert any(message in str(problem) for problem in refused.value.findings.problems)
