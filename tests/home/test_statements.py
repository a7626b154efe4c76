"""What people said and what came of it: on the consultation's page, on themes', on home, and beside actions."""

import datetime as dt
import uuid
from dataclasses import replace

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Locale, PageViewRestriction

from consultation import ledger
from consultation.answers import Answers
from consultation.models import Channel, Consultation, Halt, PinnedResult, Theme
from consultation.tick import tick
from home.models import HomePage, Partner, PlanPage, ThemePage
from home.models.statements import by_action, of_theme, outcomes
from tests.factories import THEMES, make_consultation_page, raw_block, raw_question, raw_questionnaire, translate
from tests.home.test_life import DAY, NOW, OUTCOME, said
from tests.home.test_pages import add
from tests.home.test_statement import make_action

pytestmark = pytest.mark.django_db

WAY = "How do you mostly travel?"
CHANGE = "What should change?"
BENCHES = {"said": "People want benches.", "done": "They are being built."}


def block(label):
    return raw_question("single", label)["id"]


def stated(*values):
    return [raw_block("statement", value, f"statement {n}") for n, value in enumerate(values)]


def with_actions(value, *actions):
    return value | {"actions": [raw_block("item", action.pk, str(action.pk)) for action in actions]}


def answer(page, n, channel=Channel.WEB, given=None):
    record = Consultation.objects.select_related("version").get(key=page.translation_key)
    for _ in range(n):
        ledger.submit(record, uuid.uuid4(), record.published, "en", channel, Answers(given or {1: 1}))


def close(page, *values, **changes):
    """Publish the outcome of a consultation that closed yesterday, and bring the public's figures up to date."""
    fields = OUTCOME | {"opens_at": NOW - 100 * DAY, "closes_at": NOW - DAY, "statements": stated(*values)}
    for name, value in (fields | changes).items():
        setattr(page, name, value)
    page.save_revision().publish()
    tick()
    return page


@pytest.fixture
def page():
    return make_consultation_page()


@pytest.fixture
def theme_page():
    home = HomePage.objects.get(locale__language_code="en")
    plan = add(home, PlanPage(title="Plan", slug="plan"))
    key, name = next(iter(THEMES.items()))
    return add(plan, ThemePage(title=name, slug="theme", number=1, translation_key=uuid.UUID(key)))


def theme():
    return Theme.objects.get(key=next(iter(THEMES)))


# The consultation's page


def test_a_statement_stands_with_its_question_its_base_and_what_is_done(page, visitor):
    answer(page, 34)
    close(page, BENCHES | {"question": block(WAY)})

    shown = said(visitor.get(page.url))

    assert "People want benches." in shown and "They are being built." in shown
    assert f"From the answers to: {WAY} · 35 people answered this question" in shown


def test_what_is_not_taken_up_is_said_with_its_reason(page, visitor):
    close(page, {"said": "Close all streets.", "why_not": "The law does not allow it."})

    assert "<strong>Not taken up:</strong> <span >The law does not allow it.</span>" in said(visitor.get(page.url))


def test_a_base_that_is_too_small_is_never_told(page, visitor):
    answer(page, 3)
    close(page, BENCHES | {"question": block(WAY)})

    shown = said(visitor.get(page.url))

    assert "fewer than 8 people answered this question" in shown
    assert "Fewer than 8 responses" in shown
    assert "3 people" not in shown and "3 responses" not in shown


def test_a_base_that_disclosure_withholds_is_not_told(page, visitor):
    answer(page, 40)
    close(page, BENCHES | {"question": block(WAY)})
    pinned = PinnedResult.objects.get()
    pinned.figures["questions"]["1"]["answered"] = None
    pinned.save()

    shown = said(visitor.get(page.url))

    assert WAY in shown
    assert "people answered this question" not in shown


def test_where_no_figures_are_public_none_stand_beside_a_statement(page, visitor):
    answer(page, 40)
    close(page, BENCHES | {"question": block(WAY)}, results=Consultation.Results.NEVER)

    shown = said(visitor.get(page.url))

    assert WAY in shown
    assert "people answered" not in shown and "responses, counted" not in shown


def test_how_many_took_part_stands_beside_what_was_asked_by_the_way_on_which_they_came(page, visitor):
    answer(page, 31)
    answer(page, 12, Channel.PAPER)
    close(page)

    shown = said(visitor.get(page.url))

    assert "45 responses, counted on" in shown
    assert "Online form: 30" in shown and "Paper form: 10" in shown


def test_ways_that_would_tell_of_a_small_number_are_not_told(page, visitor):
    answer(page, 23)
    answer(page, 1, Channel.PHONE)
    close(page)

    shown = said(visitor.get(page.url))

    assert "25 responses, counted on" in shown
    assert "Online form" not in shown and "Telephone" not in shown


def test_a_question_keeps_its_statement_through_rewording_and_removal(page, visitor):
    answer(page, 20)
    sections = raw_questionnaire()
    sections[0]["value"]["questions"][0]["value"]["label"] = "How do you get about?"
    page.questionnaire = sections
    page.save_revision().publish()
    close(page, BENCHES | {"question": block(WAY)})
    assert "From the answers to: How do you get about?" in said(visitor.get(page.url))

    sections[0]["value"]["questions"] = sections[0]["value"]["questions"][1:]
    page.questionnaire = sections
    page.save_revision().publish()

    assert "From the answers to: How do you get about? · 20 people" in said(visitor.get(page.url))


def test_a_question_of_another_consultation_is_not_taken_for_ones_own(page, visitor):
    other = make_consultation_page(
        slug="other", questionnaire=[raw_block("section", {"questions": [raw_question("number", "Theirs?")]}, "s")]
    )
    close(page, BENCHES | {"question": block("Theirs?")})

    assert other.consultation.questions.exists()
    assert "Theirs?" not in said(visitor.get(page.url))


def test_a_row_of_a_matrix_is_told_with_what_is_asked_of_it(visitor):
    row = raw_block("item", {"label": "Buses", "theme": ""}, "row")
    matrix = raw_question("matrix", "How good are", options=["Good", "Bad"], rows=[row])
    page = make_consultation_page(questionnaire=[raw_block("section", {"questions": [matrix]}, "s")])
    close(page, BENCHES | {"question": f"{matrix['id']}/{row['id']}"})

    assert "From the answers to: How good are – Buses" in said(visitor.get(page.url))


def test_an_action_is_shown_as_it_stands_today_in_the_readers_language(page, visitor, at_once):
    action = make_action(status="done", status_on=dt.date(2026, 5, 3))
    make_action("Binsí a thógáil", language="ga", translation_key=action.translation_key, status="planned")
    translate(page.get_parent().specific, "ga", {})
    close(page, with_actions(BENCHES, action))
    irish = translate(page, "ga", {BENCHES["said"]: "Tá binsí de dhíth."})

    english, irish = said(visitor.get(page.url)), said(visitor.get(irish.url))

    assert "Build benches" in english
    assert "Done" in english and "as of 3 May 2026" in english
    assert "Binsí a thógáil" in irish and "Tá binsí de dhíth." in irish
    assert "Build benches" not in irish
    assert "Planned" not in irish and "Beartaithe" not in irish


def test_an_action_without_words_in_a_language_is_marked_as_the_sites_own(page, visitor, at_once):
    translate(page.get_parent().specific, "ga", {})
    close(page, with_actions(BENCHES, make_action()))

    shown = said(visitor.get(translate(page, "ga", {}).url))

    assert '<span lang="en">Build benches</span>' in shown


def test_an_action_that_is_not_live_is_not_shown(page, visitor):
    close(page, with_actions(BENCHES, make_action("A secret plan", live=False)))

    assert "A secret plan" not in said(visitor.get(page.url))


def test_who_answers_for_it_is_named(page, visitor):
    partner = Partner.objects.create(name="Demo Partner", sector="health", locale=Locale.get_default())
    close(page, BENCHES | {"owner": partner.pk})

    assert "Who answers for it: Demo Partner" in said(visitor.get(page.url))


def test_what_an_action_or_partner_was_before_it_was_deleted_breaks_nothing(page, visitor):
    action = make_action()
    close(page, with_actions(BENCHES, action) | {"owner": 999_999})
    action.delete()

    assert "People want benches." in said(visitor.get(page.url))


def test_before_the_outcome_statements_are_not_shown(page, visitor):
    close(page, BENCHES, outcome_on=None, we_asked="", you_said="", we_did="")

    assert "People want benches." not in said(visitor.get(page.url))


# Themes, home, actions


def test_a_theme_shows_the_statements_whose_question_or_action_belongs_to_it(page, theme_page, visitor):
    other = make_action("Plant trees", theme=Theme.objects.exclude(pk=theme().pk).first())
    close(
        page,
        BENCHES | {"question": block(WAY)},
        with_actions({"said": "By its action.", "done": "Yes."}, make_action()),
        {"said": "On its own.", "done": "Yes."},
        with_actions({"said": "Of another theme.", "done": "Yes."}, other),
    )

    shown = said(visitor.get(theme_page.url)).partition("What changed because of it")[2]

    assert "People want benches." in shown and "By its action." in shown
    assert "On its own." not in shown and "Of another theme." not in shown


def test_a_question_that_moves_to_another_theme_takes_its_statement_along(page, theme_page):
    close(page, BENCHES | {"question": block(WAY)})
    sections = raw_questionnaire()
    sections[0]["value"]["questions"][0]["value"]["theme"] = list(THEMES)[1]
    assert of_theme(outcomes("en"), theme())
    page.questionnaire = sections

    page.save_revision().publish()

    assert not of_theme(outcomes("en"), theme())


def test_home_shows_the_three_latest_outcomes_the_newest_first(visitor):
    for days in (5, 1, 9, 3):
        page = make_consultation_page(title=f"After {days}", slug=f"after-{days}")
        close(page, outcome_on=NOW.date() - days * DAY, closes_at=NOW - 20 * DAY)

    shown = said(visitor.get("/en/")).partition("What happened with earlier answers")[2].partition("</section>")[0]

    places = [shown.find(f"After {days}") for days in (1, 3, 5)]
    assert places == sorted(places) and places[0] >= 0
    assert "After 9" not in shown
    assert "We built it." in shown


@pytest.mark.parametrize("hidden", ["restricted", "above", "withdrawn", "unpublished", "leading", "future"])
def test_what_not_everybody_may_read_stands_nowhere(page, theme_page, visitor, hidden):
    close(page, BENCHES | {"question": block(WAY)})
    assert "People want benches." in said(visitor.get(theme_page.url))

    if hidden in ("restricted", "above"):
        of = page if hidden == "restricted" else page.get_parent()
        PageViewRestriction.objects.create(page=of, restriction_type=PageViewRestriction.LOGIN)
    elif hidden == "withdrawn":
        close(page, BENCHES | {"question": block(WAY)}, halt=Halt.WITHDRAWN, halt_reason="A mistake.")
        assert "People want benches." not in said(visitor.get(page.url))
    elif hidden == "unpublished":
        page.unpublish()
    elif hidden == "leading":
        Consultation.objects.update(language="ga")
    else:
        Consultation.objects.update(outcome_on=timezone.localdate() + DAY)

    assert outcomes("en") == []
    for address in (theme_page.url, "/en/"):
        shown = said(visitor.get(address))
        assert "People want benches." not in shown and "We built it." not in shown


def test_a_translation_that_does_not_tell_the_outcome_gives_way_to_the_leading_page(page, at_once):
    close(page, BENCHES)
    translate(page.get_parent().specific, "ga", {})
    irish = translate(page, "ga", {"We built it.": "Thógamar é."})
    assert [(o.page.pk, o.language) for o in outcomes("ga")] == [(irish.pk, "ga")]

    type(irish).objects.filter(pk=irish.pk).update(we_did="")

    assert [(o.page.pk, o.language) for o in outcomes("ga")] == [(page.pk, "en")]


def test_an_action_shows_which_consultations_led_to_it(page, rf):
    bench, tree = make_action(), make_action("Plant trees")
    close(page, with_actions(BENCHES, bench), {"said": "Something else.", "done": "Yes."})

    led = by_action(outcomes("en"))

    assert {key: [s.said.text for o in found for s in o.statements] for key, found in led.items()} == {
        bench.translation_key: ["People want benches."]
    }
    context = {"outcomes": led[bench.translation_key], "content_language": "en"}
    assert f'<a href="{page.url}#outcome">{page.title}</a>' in render_to_string("home/_led.html", context)
    assert tree.translation_key not in led
    assert render_to_string("home/_led.html", {"outcomes": []}).strip() == ""


def test_fifty_outcomes_ask_no_more_than_one(theme_page, visitor):
    def publish(n):
        action = make_action(f"Action {n}")
        page = make_consultation_page(title=f"Number {n}", slug=f"number-{n}")
        answer(page, 1)
        partner = Partner.objects.create(name=f"Partner {n}", sector="health", locale=Locale.get_default())
        close(page, *3 * [with_actions(BENCHES | {"question": block(WAY), "owner": partner.pk}, action)])

    def asked(call):
        with CaptureQueriesContext(connection) as queries:
            call()
        return len(queries)

    def lists():
        return [asked(lambda: outcomes("en")), asked(lambda: visitor.get("/en/"))]

    publish(0)
    visitor.get("/en/")
    one = lists()
    for n in range(1, 8):
        publish(n)

    assert lists() == one
    assert len(outcomes("en")) == 8
    assert one[0] == 8


def test_statements_on_the_consultations_page_ask_no_more_the_more_there_are(page, visitor):
    def asked(n):
        values = [with_actions(BENCHES | {"question": block(WAY)}, make_action(f"Action {k}")) for k in range(n)]
        close(page, *values)
        visitor.get(page.url)
        with CaptureQueriesContext(connection) as queries:
            assert said(visitor.get(page.url)).count("People want benches.") == n
        return len(queries)

    assert asked(1) == asked(12)


def test_no_outcome_costs_one_query(page, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert outcomes("en") == []


def test_a_theme_of_another_statement_is_not_lent_to_its_neighbour(page):
    close(page, BENCHES | {"question": block(WAY)}, BENCHES | {"question": block(CHANGE)})
    (outcome,) = outcomes("en")

    (first, second) = outcome.statements

    assert first.belongs_to(theme().pk) and not second.belongs_to(theme().pk)
    assert replace(outcome, statements=(first,)) == of_theme([outcome], theme())[0]
