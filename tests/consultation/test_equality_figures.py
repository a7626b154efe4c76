"""Officers see equality figures that are rounded, frozen and withheld by the public's rules, and nobody sees others."""

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from consultation import changes, equality_figures, tick
from consultation.models import Consultation, EqualityFigures
from tests.consultation.test_apart import cut, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def asking(make_consultation):
    return make_consultation(ask_equality=True)


def answer(consultation, **ages):
    return [submit(consultation, {"age": age}) for age, n in ages.items() for _ in range(n)]


def shown(consultation, key="How old are you?"):
    """What an officer sees of one question: how many answered, and the figures that are not 0."""
    equality_figures.pin(consultation)
    found = next(q for q in equality_figures.of_consultation(consultation).questions if q.label == key)
    return found.answered, {bar.label: bar.figure for bar in found.bars if bar.figure != 0}


def test_counts_are_rounded_and_small_ones_are_stars(asking):
    answer(asking, from18=13, from25=22, from35=3, from45=6)

    assert shown(asking) == (45, {"18 to 24": 15, "25 to 34": 20, "35 to 44": "*", "45 to 54": "*"})


def test_a_table_is_withheld_where_a_star_could_be_worked_out(asking):
    answer(asking, from18=8, from25=1, from35=1)

    assert shown(asking) == (10, {})


def test_a_table_of_seven_people_is_withheld_even_when_it_is_the_last(asking):
    answer(asking, from18=7)
    Consultation.objects.filter(pk=asking.pk).update(closes_at=timezone.now())

    assert shown(Consultation.objects.get(pk=asking.pk)) == ("*", {})


def test_who_declined_or_skipped_is_in_no_figure(asking):
    answer(asking, from18=20, declined=4)
    for _ in range(12):
        submit(asking, {"trans": "no"})

    assert shown(asking) == (20, {"18 to 24": 20})


def test_nothing_is_shown_of_fewer_than_ten_while_it_is_open(asking):
    answer(asking, from18=9)

    assert not equality_figures.pin(asking)
    assert equality_figures.of_consultation(asking) is None


def test_figures_move_when_ten_more_people_have_answered_and_not_before(asking):
    answer(asking, from18=14)
    first = shown(asking)
    answer(asking, from18=9)
    second = shown(asking)
    answer(asking, from18=1)

    assert first == second == (15, {"18 to 24": 15})
    assert shown(asking) == (25, {"18 to 24": 25})


def test_nine_who_skip_a_question_do_not_see_the_tenths_answer_to_it(asking):
    answer(asking, from18=12, from25=10)
    first = shown(asking)
    for _ in range(9):
        submit(asking, {"trans": "no"})
    answer(asking, from18=1)
    second = shown(asking)
    answer(asking, from18=9)
    submit(asking, {"trans": "no"})

    assert first == second == (20, {"18 to 24": 10, "25 to 34": 10})
    assert shown(asking) == (30, {"18 to 24": 20, "25 to 34": 10})


def test_a_question_appears_once_ten_have_answered_it(asking):
    answer(asking, from18=9)
    for _ in range(9):
        submit(asking, {"trans": "no"})
    equality_figures.pin(asking)

    assert equality_figures.of_consultation(asking).questions == ()


@pytest.mark.parametrize("outcome", [None, timezone.localdate()])
def test_few_answers_appear_once_it_has_closed_whatever_was_published_since(asking, outcome):
    answer(asking, from18=9)
    Consultation.objects.filter(pk=asking.pk).update(closes_at=timezone.now(), outcome_on=outcome)

    assert shown(Consultation.objects.get(pk=asking.pk)) == (10, {"18 to 24": 10})


def test_only_counted_responses_are_in_them(asking):
    withdrawn, erased, *held = answer(asking, from18=25)
    for response in held[:3]:
        changes.hold(response)
    changes.withdraw(withdrawn)
    changes.erase(erased)

    assert shown(asking) == (20, {"18 to 24": 20})


def test_they_still_count_after_their_link_was_cut(asking):
    answer(asking, from18=20)
    cut(asking)

    assert shown(asking) == (20, {"18 to 24": 20})


def test_they_outlast_a_publication_that_asks_no_more(asking, make_consultation):
    answer(asking, from18=20)
    shown(asking)
    silent = make_consultation(key=asking.key)
    answer(silent, from18=10)

    assert shown(silent) == (30, {"18 to 24": 30})


def test_tick_makes_them(asking):
    answer(asking, from18=10)

    tick.tick()

    assert EqualityFigures.objects.get().figures["questions"]["age"]["answered"] == 10


def test_a_consultation_that_asks_none_costs_one_look(consultation, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert not equality_figures.pin(consultation)


def page(client, consultation):
    return " ".join(client.get(f"/admin/consultations/{consultation.pk}/").content.decode().split())


def test_an_officer_reads_them_on_the_consultations_page(asking, officer_client):
    answer(asking, from18=13, from25=22, from35=3, from45=6)
    equality_figures.pin(asking)

    text = page(officer_client, asking)

    assert "45 people answered at least one of them" in text
    assert '<th scope="row">35 to 44</th> <td class="number">*</td>' in text
    assert "44 people" not in text


def test_before_there_are_any_the_page_says_when_they_come(asking, consultation, officer_client):
    assert "once ten people have answered" in page(officer_client, asking)
    assert "Equality questions" not in page(officer_client, consultation)


def test_they_need_a_right_of_their_own(asking, officer, officer_client):
    answer(asking, from18=20)
    equality_figures.pin(asking)
    officer.groups.clear()
    officer.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "view_summary"]))

    text = page(officer_client, asking)

    assert "responses so far" in text
    assert "Equality questions" not in text


def test_nobody_can_be_given_a_right_to_the_answers_themselves():
    assert not Permission.objects.filter(content_type__model__startswith="equality").exists()


def test_the_group_of_officers_has_the_right(db):
    assert Permission.objects.get(codename="view_equality").group_set.filter(name="Officers (personal data)").exists()
