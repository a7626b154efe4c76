"""Figures side by side, and where each figure comes from."""

import uuid
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consultation import comparison, fold, instrument, ledger, provenance, summary
from consultation.answers import Answers
from consultation.models import Channel, Response, Theme
from tests.factories import make_consultation_page, make_source

pytestmark = pytest.mark.django_db


def answer(consultation, *given, language="en", channel=Channel.WEB):
    for values in given:
        asked = Answers(values).asked_by(instrument.current(consultation, "en"))
        ledger.submit(consultation, uuid.uuid4(), consultation.published, language, channel, asked)


@pytest.fixture
def answered(consultation):
    """Two on foot, one by bus, one who did not say; two of them in Irish."""
    answer(consultation, {1: 1, 2: [1], 3: 10}, {1: 2, 2: [1, 2], 3: 30})
    fold.fold(consultation)
    answer(consultation, {1: 1, 2: None, 3: 20}, {1: None, 2: [2]}, language="ga", channel=Channel.PAPER)
    return consultation


def compared(consultation, by):
    return comparison.compare(summary.read(consultation), by)


def address(consultation, query=""):
    return f"/admin/consultations/{consultation.pk}/{query}"


def text(page):
    return " ".join(page.content.decode().split())


def test_each_column_is_the_summary_of_its_part(answered):
    by_language = compared(answered, "language")

    wishes = by_language.questions[2]
    assert by_language.columns == ("English", "Irish")
    assert [(part.asked, part.answered) for part in wishes.parts] == [(2, 2), (2, 1)]
    assert [[bar.n for bar in row.parts] for row in wishes.rows][:2] == [[2, 0], [1, 1]]
    assert by_language.left_out == 0


def test_a_chosen_question_compares_by_its_options_and_says_who_is_in_no_column(answered):
    fold.choose_segments(answered, [1])

    by_way = compared(answered, "q1")

    assert by_way.columns == ("On foot", "By bus")
    assert [part.mean for part in by_way.questions[3].parts] == [15, 30]
    assert by_way.left_out == 1


def test_columns_add_up_to_the_whole(answered):
    for by in ("language", "channel"):
        for row in (row for question in compared(answered, by).questions.values() for row in question.rows):
            assert sum(bar.n for bar in row.parts) == row.whole.n


def test_a_figure_says_where_it_comes_from(answered, make_consultation):
    source = make_source(key=answered.key)
    make_consultation(key=answered.key, sections=source.sections[:1])
    make_consultation(key=answered.key)
    reading = summary.read(answered)

    origin = provenance.of_questions(reading)[5]
    counting = provenance.counting(reading, 4)

    assert (origin.key, origin.block, origin.versions, origin.until) == ("q5", "ideas", (1,), None)
    assert origin.since == answered.versions.get(number=1).created_at
    assert [(bar.label, bar.n) for bar in origin.channels] == [("Online form", 2), ("Paper form", 2)]
    assert (counting.folded, counting.live) == (2, 2)
    assert counting.last == Response.objects.latest("pk").received_at


def test_a_dropped_question_says_until_when_it_was_asked(answered, make_consultation):
    make_consultation(key=answered.key, sections=make_source().sections[:1])

    origins = provenance.of_questions(summary.read(answered))

    assert origins[5].until is not None
    assert origins[5].versions == (1,)
    assert origins[1].versions == (1, 2)


def test_the_page_shows_columns_bases_and_origins(answered, officer_client):
    shown = text(officer_client.get(address(answered, "?by=channel")))

    assert "Paper form" in shown
    assert "1 / 2" in shown
    assert "2 of all responses from the tally, 2 newer ones as this page was made" in shown


def test_an_unknown_comparison_shows_everybody(answered, officer_client):
    for by in ("q1", "nonsense", "%00"):
        assert "Everybody" not in text(officer_client.get(address(answered, f"?by={by}")))


def test_officers_choose_what_to_compare_by(answered, officer_client):
    before = summary.of_consultation(answered)

    page = officer_client.post(address(answered, "compare/"), {"questions": ["1"]}, follow=True)

    answered.refresh_from_db()
    assert answered.segments == [1]
    assert "Every figure was counted anew" in text(page)
    assert "1. How do you mostly travel?" in text(page)
    assert summary.of_consultation(answered).questions == before.questions


@pytest.mark.parametrize("chosen", [["2"], ["99"], ["x"], ["1", "6", "7", "8"]])
def test_what_can_not_be_compared_by_is_refused(answered, make_consultation, officer_client, chosen):
    source = make_source(key=answered.key)
    way = source.sections[0].items[0]
    more = tuple(replace(way, id=f"way-{number}") for number in range(3))
    make_consultation(key=answered.key, sections=(*source.sections, replace(source.sections[1], id="more", items=more)))

    page = officer_client.post(address(answered, "compare/"), {"questions": chosen})

    answered.refresh_from_db()
    assert answered.segments == []
    assert 'role="alert"' in text(page)


def test_the_same_choice_again_counts_nothing(answered, officer_client, monkeypatch):
    fold.choose_segments(answered, [1])
    monkeypatch.setattr("consultation.views.segments.choose_segments", lambda *given: pytest.fail("counted anew"))

    assert officer_client.post(address(answered, "compare/"), {"questions": ["1"]}).status_code == 302


def test_editors_who_are_officers_get_to_the_question_in_the_editor(administrator_client, officer_client):
    page = make_consultation_page()
    block = page.consultation.questions.get(number=1).block

    shown = administrator_client.get(address(page.consultation)).content.decode()

    assert f'href="/admin/pages/{page.pk}/edit/#block-{block}-section"' in shown
    assert "/edit/" not in officer_client.get(address(page.consultation)).content.decode()


def test_the_page_asks_the_same_however_much_was_asked_and_answered(answered, make_consultation, officer_client):
    fold.choose_segments(answered, [1])

    def queries(query):
        officer_client.get(address(answered, query))
        with CaptureQueriesContext(connection) as asked:
            officer_client.get(address(answered, query))
        return len(asked)

    before = [queries(""), queries("?by=language"), queries("?by=q1"), queries("compare/")]
    source = make_source(key=answered.key)
    copies = tuple(
        replace(source.sections[1], id=f"s{n}", items=(replace(source.sections[0].items[1], id=f"b{n}"),))
        for n in range(9)
    )
    answered = make_consultation(key=answered.key, sections=(*source.sections, *copies))
    answer(answered, *[{1: 1, 3: n} for n in range(20)], language="pl")

    assert [queries(""), queries("?by=language"), queries("?by=q1"), queries("compare/")] == before
    assert max(before) <= 45


def test_a_themes_page_asks_the_same_for_each_consultation(answered, make_consultation, officer_client):
    theme = f"/admin/consultations/themes/{Theme.objects.get(name='Green places').pk}/"

    def queries():
        officer_client.get(theme)
        with CaptureQueriesContext(connection) as asked:
            officer_client.get(theme)
        return len(asked)

    one = queries()
    make_consultation()
    two = queries()
    make_consultation()

    assert queries() - two == two - one <= 17


def test_empty_pages_say_what_to_expect(consultation, officer_client):
    unasked = Theme.objects.create(key=uuid.uuid4(), number=9, name="Nothing asked")

    assert "Nobody has answered yet" in text(officer_client.get(address(consultation)))
    nothing = text(officer_client.get(f"/admin/consultations/themes/{unasked.pk}/"))
    assert "No question belongs to this theme yet" in nothing
