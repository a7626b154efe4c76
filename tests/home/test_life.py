"""What editors say about the life of a consultation, and where everybody can read it."""

import datetime as dt
import html

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from consultation import outbox
from consultation.models import Consultation, Halt, LifeEvent, State
from home.models import ConsultationIndexPage, ConsultationPage, PlanPage, ThemePage
from tests.consultation.test_answering import answer_all
from tests.factories import make_consultation_page, raw_block, translate

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
NOW = timezone.now().replace(microsecond=0)
PARTS = {"we_asked": "<p>Which bench?</p>", "you_said": "<p>The red one.</p>", "we_did": "<p>We built it.</p>"}
OUTCOME = PARTS | {"outcome_on": NOW.date()}
PAST = {"opens_at": NOW - 200 * DAY, "closes_at": NOW - DAY}


def said(shown):
    return " ".join(html.unescape(shown.content.decode()).split())


def faults(page):
    with pytest.raises(ValidationError) as refused:
        page.full_clean()
    return refused.value.message_dict


def edited(page, **changes):
    """What the editor's form sends."""
    data = {
        "title": page.title,
        "slug": page.slug,
        "opens_at": timezone.localtime(page.opens_at).strftime("%Y-%m-%d %H:%M"),
        "results": "after",
        "papers": streamfield([]),
        "statements": streamfield([]),
        "body": streamfield([]),
        "questionnaire": streamfield([]),
        "comments": inline_formset([]),
        "action-publish": "1",
    }
    texts = dict.fromkeys(["introduction", "other_ways", "privacy", *PARTS], rich_text(""))
    return nested_form_data(data | texts | changes)


# Dates


@pytest.fixture
def page():
    return make_consultation_page()


def move(page, **dates):
    for name, value in dates.items():
        setattr(page, name, value)
    page.save_revision().publish()


def test_an_extension_is_noted_and_said_with_its_reason(page, visitor):
    before = page.closes_at

    move(page, closes_at=before + 14 * DAY, dates_reason="Two halls were snowed in.")

    event = LifeEvent.objects.get()
    assert (event.kind, event.before, event.after) == ("closing", before, before + 14 * DAY)
    assert "The closing date was moved from" in said(visitor.get(page.url))
    assert "Two halls were snowed in." in said(visitor.get(page.url))


def test_closing_early_is_called_so(page, visitor):
    move(page, closes_at=NOW + DAY)

    assert "Closing early: the closing date was brought forward from" in said(visitor.get(page.url))


def test_who_saved_a_change_of_dates_is_known_to_staff_and_not_to_readers(page, visitor, editor, officer_client):
    page.closes_at += DAY
    page.save_revision(user=editor).publish()

    summary = said(officer_client.get(f"/admin/consultations/{page.consultation.pk}/"))
    assert "Closing date changed" in summary
    assert editor.username in summary.partition("Closing date changed")[2]
    assert editor.username not in said(visitor.get(page.url))


def test_dates_that_nobody_could_rely_on_yet_are_moved_without_a_note():
    page = make_consultation_page(opens_at=NOW + DAY)

    move(page, opens_at=NOW + 2 * DAY, closes_at=NOW + 40 * DAY)

    assert not LifeEvent.objects.exists()


def test_publishing_without_a_change_of_dates_notes_nothing(page):
    move(page, title="Another title")

    assert not LifeEvent.objects.exists()


def test_dates_that_were_answered_by_are_noted_even_where_it_opens_again_later(page, visitor):
    answer_all(visitor, f"/answer/{page.consultation.pk}/en/")
    move(page, opens_at=NOW + DAY)

    move(page, opens_at=NOW + 2 * DAY)

    assert [event.kind for event in LifeEvent.objects.all()] == ["opening", "opening"]


def test_a_pause_and_its_end_are_noted(page):
    move(page, halt=Halt.PAUSED, halt_reason="A mistake.")
    move(page, halt=Halt.NONE)

    assert [event.kind for event in LifeEvent.objects.all()] == ["paused", "resumed"]


def test_a_pause_is_not_published_without_a_reason(page):
    page.halt = Halt.PAUSED

    assert "halt_reason" in faults(page)


def test_a_time_in_the_hour_that_comes_twice_is_refused_in_plain_words(page, administrator_client):
    data = edited(page, opens_at="2026-10-25 01:30")

    shown = administrator_client.post(f"/admin/pages/{page.pk}/edit/", data)

    assert "this time comes twice or not at all" in said(shown)


def test_what_an_editor_types_is_the_time_of_london(page, administrator_client):
    administrator_client.post(f"/admin/pages/{page.pk}/edit/", edited(page, closes_at="2036-07-01 17:00"))

    assert Consultation.objects.get().closes_at == dt.datetime(2036, 7, 1, 16, 0, tzinfo=dt.UTC)


def test_the_reason_for_an_earlier_change_is_not_kept_for_the_next_one(page, visitor, administrator_client):
    def save(day, reason):
        data = edited(page, closes_at=f"2036-07-{day:02} 17:00", dates_reason=reason)
        return said(administrator_client.post(f"/admin/pages/{page.pk}/edit/", data, follow=True))

    page.opens_at = page.opens_at.replace(second=0, microsecond=0)
    move(page)
    refusal = "This reason was given for an earlier change."

    assert refusal not in save(1, "Two halls were snowed in.")
    assert refusal not in save(1, "Two halls were snowed in.")  # the dates stay
    assert refusal in save(9, "Two halls were snowed in. ")
    assert "1 July 2036" in said(visitor.get(page.url))
    assert refusal not in save(9, "They were flooded.")
    assert refusal not in save(10, "")
    assert refusal not in save(11, "")


def test_the_reason_for_a_pause_stands_above_everything_else(page, visitor):
    move(page, halt=Halt.PAUSED, halt_reason="The map is wrong.", introduction="<p>It is wet.</p>")

    shown = said(visitor.get(page.url))

    assert "It has been paused since" in shown
    assert shown.index("The map is wrong.") < shown.index("It is wet.") < shown.index("Open until")


# A short time


@pytest.mark.parametrize(
    ("opens", "closes", "short"),
    [
        (
            "2026-10-01T09:00+01:00",
            "2026-12-24T08:00+00:00",
            False,
        ),  # 84 days by the calendar, across summer time's end
        ("2026-10-01T09:00+01:00", "2026-12-23T17:00+00:00", True),
        ("2026-10-01T09:00+01:00", None, False),
    ],
)
def test_twelve_weeks_are_counted_in_days_of_the_calendar(opens, closes, short):
    page = ConsultationPage(
        opens_at=dt.datetime.fromisoformat(opens), closes_at=closes and dt.datetime.fromisoformat(closes)
    )

    assert page.is_short == short


def test_a_short_time_is_warned_of_and_published_all_the_same(page, administrator_client):
    data = edited(page, closes_at="2036-07-01 17:00", opens_at="2036-06-01 09:00")

    shown = said(administrator_client.post(f"/admin/pages/{page.pk}/edit/", data, follow=True))

    assert "is open for less than twelve weeks" in shown
    assert Consultation.objects.get().opens_at.year == 2036
    assert "leaves groups and people who need help little time" in said(
        administrator_client.get(f"/admin/pages/{page.pk}/edit/")
    )


def test_a_long_time_is_not_warned_of(administrator_client):
    page = make_consultation_page(closes_at=NOW + 100 * DAY)

    shown = said(administrator_client.get(f"/admin/pages/{page.pk}/edit/"))

    assert "leaves groups and people who need help little time" not in shown


def test_the_reason_for_a_short_time_is_public_while_it_is_short(page, visitor):
    move(page, short_reason="The grant ends in May.")
    assert "The grant ends in May." in said(visitor.get(page.url))

    move(page, closes_at=NOW + 100 * DAY)

    assert "The grant ends in May." not in said(visitor.get(page.url))


# The outcome


def test_an_outcome_has_all_its_parts_or_none():
    page = make_consultation_page(**PAST)

    page.we_asked, page.you_said = "<p>Which bench?</p>", "<p></p>"

    assert set(faults(page)) == {"outcome_on", "you_said", "we_did"}


def test_an_empty_outcome_is_none():
    page = make_consultation_page(**PAST, **dict.fromkeys(PARTS, "<p></p>"))

    page.full_clean()

    assert page.consultation.state() == State.CLOSED


def test_what_came_of_it_stands_on_the_page_and_in_the_list_once_it_has_closed(visitor):
    page = make_consultation_page(**PAST, **OUTCOME, decision_url="https://example.org/minutes")

    start, listed = said(visitor.get(page.url)), said(visitor.get(ConsultationIndexPage.objects.get().url))

    for text in ("What came of it", "Which bench?", "The red one.", "We built it.", "https://example.org/minutes"):
        assert text in start
    assert "What came of earlier ones" in listed


def test_an_outcome_that_was_written_early_waits_for_the_closing(visitor):
    page = make_consultation_page(**OUTCOME)

    assert "What came of it" not in said(visitor.get(page.url))
    assert page.consultation.state() == State.OPEN


def test_an_outcome_of_a_day_to_come_waits_for_it(visitor):
    page = make_consultation_page(**PAST, **OUTCOME | {"outcome_on": NOW.date() + 7 * DAY})

    assert page.consultation.state() == State.CLOSED
    for address in (page.url, ConsultationIndexPage.objects.get().url):
        assert "Outcome published" not in said(visitor.get(address))
    assert "The red one." not in said(visitor.get(page.url))

    with time_machine.travel(NOW + 8 * DAY):
        assert page.consultation.state() == State.OUTCOME
        assert "The red one." in said(visitor.get(page.url))


def test_the_day_of_an_outcome_begins_at_midnight_in_london():
    record = Consultation(
        opens_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        closes_at=dt.datetime(2026, 6, 1, tzinfo=dt.UTC),
        outcome_on=dt.date(2026, 7, 2),
    )

    assert record.state(dt.datetime(2026, 7, 1, 22, 59, tzinfo=dt.UTC)) == State.CLOSED
    assert record.state(dt.datetime(2026, 7, 1, 23, 0, tzinfo=dt.UTC)) == State.OUTCOME


@pytest.mark.parametrize(
    ("outcome", "live", "refused"),
    [(0, None, False), (7, None, True), (7, 7, False), (7, 8, False), (7, 6, True)],
)
def test_an_editor_gives_a_day_to_come_only_where_the_page_is_scheduled_for_it(
    administrator_client, outcome, live, refused
):
    page = make_consultation_page(**PAST)
    at = timezone.localtime(NOW + live * DAY).strftime("%Y-%m-%d %H:%M") if live else ""
    closes = timezone.localtime(page.closes_at).strftime("%Y-%m-%d %H:%M")
    parts = {name: rich_text(text) for name, text in PARTS.items()}
    day = timezone.localdate(NOW) + outcome * DAY
    data = edited(page, closes_at=closes, outcome_on=f"{day}", go_live_at=at, **parts)

    shown = said(administrator_client.post(f"/admin/pages/{page.pk}/edit/", data, follow=True))

    assert ("This day is still to come." in shown) == refused
    assert (ConsultationPage.objects.get(pk=page.pk).get_latest_revision_as_object().outcome_on == day) != refused


def test_the_latest_outcome_stands_first_in_the_list(visitor):
    index = make_consultation_page(title="The older", **PAST, **OUTCOME | {"outcome_on": NOW.date() - DAY}).get_parent()
    make_consultation_page(title="The newer", **PAST | {"closes_at": NOW - 9 * DAY}, **OUTCOME)

    shown = said(visitor.get(index.url))

    assert shown.index("The newer") < shown.index("The older")


@pytest.mark.parametrize("more", [{}, OUTCOME])
def test_what_has_closed_leads_to_the_pages_of_its_themes_and_speaks_of_what_was(visitor, more):
    texts = {"introduction": "<p>It is wet.</p>", "can_change": "The colour."}
    page = make_consultation_page(**PAST, **texts, **more)
    assert "</a>" not in said(visitor.get(page.url)).partition("on the pages of these themes")[2].partition("</ul>")[0]
    plan = PlanPage(title="The plan", slug="plan")
    page.get_parent().get_parent().add_child(instance=plan)
    about = page.consultation.questions.exclude(theme=None)[0].theme
    plan.add_child(instance=ThemePage(title="On the move", slug="move", number=1, translation_key=about.key))

    shown = said(visitor.get(page.url))

    assert 'plan/move/">On the move</a>' in shown.partition("on the pages of these themes")[2]
    assert "Why we asked" in shown and "What answers could change" in shown
    assert "Why we are asking" not in shown and "your answers can change" not in shown


def test_where_no_figures_are_published_none_are_promised(visitor):
    shown = said(visitor.get(make_consultation_page(**PAST, results="never").url))

    assert "The questions were about these themes" in shown and "figures" not in shown


def test_where_the_outcome_is_not_translated_readers_are_led_to_it(visitor, django_capture_on_commit_callbacks):
    page = make_consultation_page(**PAST)
    with django_capture_on_commit_callbacks(execute=True):
        irish = translate(page, "ga", {})
    move(page, **OUTCOME)

    shown = visitor.get(irish.url).content.decode()

    assert f'href="{page.url}"' in shown.partition('id="outcome"')[2].partition("</section>")[0]


def test_a_translation_has_the_outcome_in_its_language(visitor, django_capture_on_commit_callbacks):
    page = make_consultation_page(**PAST, **OUTCOME)

    with django_capture_on_commit_callbacks(execute=True):
        irish = translate(page, "ga", {"We built it.": "Thógamar é."})

    assert "Thógamar é." in said(visitor.get(irish.url))


def test_a_copy_begins_a_life_of_its_own(editor):
    page = make_consultation_page(**PAST, **OUTCOME, halt=Halt.PAUSED, halt_reason="A mistake.", dates_reason="Snow.")

    copy = page.copy(update_attrs={"slug": "again", "title": "Again"}, user=editor).get_latest_revision_as_object()

    kept = {copy.halt, copy.halt_reason, copy.dates_reason, copy.outcome_on, *(getattr(copy, part) for part in PARTS)}
    assert kept == {"", None}


# The start page


@pytest.fixture
def report():
    file = ContentFile(b"%PDF-1.4 " + 2_000 * b"x", name="report.pdf")
    return get_document_model().objects.create(title="Report", file=file)


def paper(**value):
    return raw_block("paper", value, str(value))


def test_documents_are_listed_with_the_web_page_first_then_type_size_and_language(report, visitor):
    both = paper(title="The draft", kind="document", address="https://example.org/", document=report.pk, language="ga")
    page = make_consultation_page(papers=[both])

    shown = said(visitor.get(page.url))

    assert shown.index('href="https://example.org/"') < shown.index(report.url) < shown.index("PDF, 2.0")
    assert '<span lang="ga">Gaeilge</span>' in shown


def test_easy_read_and_sign_language_have_a_place_of_their_own(visitor):
    page = make_consultation_page(
        papers=[paper(title="Told simply", kind="easy_read", address="https://example.org/easy/")]
    )

    shown = said(visitor.get(page.url))

    assert "Easy read and sign language" in shown
    assert "<h2>Documents</h2>" not in shown


def test_a_document_that_was_deleted_leaves_the_page_whole(report, visitor):
    page = make_consultation_page(papers=[paper(title="The draft", kind="document", document=report.pk)])
    report.delete()

    shown = visitor.get(page.url)

    assert shown.status_code == 200
    assert "The draft" not in said(shown)


def test_what_an_editor_left_empty_takes_no_room(page, visitor):
    shown = said(visitor.get(page.url))

    for heading in (
        "Documents",
        "Easy read",
        "Other ways",
        "What happens next",
        "Changes of the dates",
    ):
        assert heading not in shown


def test_other_ways_to_answer_are_said_until_it_closes(visitor):
    page = make_consultation_page(other_ways="<p>At the library.</p>")
    assert "At the library." in said(visitor.get(page.url))

    Consultation.objects.update(closes_at=timezone.now())

    assert "At the library." not in said(visitor.get(page.url))


def test_what_happens_next_is_said_before_and_after_answering(visitor, mailoutbox):
    due = dt.date(2031, 3, 1)
    page = make_consultation_page(next_steps="The partnership reads it all in May.", outcome_due=due)
    path = f"/answer/{page.consultation.pk}/en/"
    answer_all(visitor, path)

    visitor.post(f"{path}done/", {"email": "ada@example.org"})
    outbox.send_due()

    for shown in (said(visitor.get(page.url)), said(visitor.get(f"{path}done/")), mailoutbox[0].body):
        assert "The partnership reads it all in May." in shown
        assert "expected by 1 March 2031" in shown


def test_what_happens_next_is_marked_with_its_language_where_it_is_not_translated(
    visitor, django_capture_on_commit_callbacks
):
    page = make_consultation_page(next_steps="The partnership reads it all in May.")
    with django_capture_on_commit_callbacks(execute=True):
        translate(page, "ga", {})
    answer_all(visitor, path := f"/answer/{page.consultation.pk}/ga/")

    assert 'lang="en"><p>The partnership reads' in said(visitor.get(f"{path}done/"))


def test_what_the_leading_page_no_longer_says_no_translation_says(visitor, django_capture_on_commit_callbacks):
    page = make_consultation_page(next_steps="We read it all.")
    with django_capture_on_commit_callbacks(execute=True):
        irish = translate(page, "ga", {"We read it all.": "Léimid gach rud."})
    assert "Léimid gach rud." in said(visitor.get(irish.url))

    move(page, next_steps="")

    assert "Léimid gach rud." not in said(visitor.get(irish.url))


@pytest.mark.parametrize("state", State)
def test_every_state_of_the_page_renders_for_editors_who_may_not_publish(page, state, editor, editor_client):
    editor.groups.add(Group.objects.get(name="Editors"))

    shown = editor_client.get(f"/admin/pages/{page.pk}/view_draft/?mode={state.value}")

    assert shown.status_code == 200
