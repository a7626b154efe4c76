"""The moderators' area: who gets in, what a decision needs, and the officers' file of ideas."""

import csv
import io
import re
from itertools import product

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from consultation import moderators_urls
from consultation.columns import unguard
from consultation.models import Idea, IdeaAddress, Message
from tests.consultation.test_officers import METHODS, opened
from tests.factories import make_themes
from tests.ideas import decide, make_idea

pytestmark = pytest.mark.django_db

MODERATE, ERASE = "moderate_ideas", "erase_ideas"
# What each address needs, and what can be done there beside reading. An address that is not named here is a fault.
OPEN_TO = {"index": {MODERATE}, "index_results": {MODERATE}, "idea": {MODERATE}, "erase": {MODERATE, ERASE}}
CHANGING = {"idea", "erase"}


@pytest.fixture
def moderator_client(editor, editor_client):
    """The browser of somebody who moderates."""
    editor.groups.set(Group.objects.filter(name="Moderators"))
    return editor_client


def address(pattern, idea):
    return reverse(f"ideas:{pattern.name}", args=[idea.pk] if "pk" in pattern.pattern.converters else [])


def form(idea, **changes):
    """The form as the page shows it, with changes."""
    stands = {
        "moderation": idea.moderation,
        "reason": idea.reason,
        "shown_text": idea.public_text.replace("\n", "\r\n"),
        "language": idea.language,
        "theme": idea.theme_id or "",
        "status": idea.status,
        "note": "",
        "revision": idea.revision,
    }
    return stands | changes


@pytest.mark.parametrize(
    "rights", [set(), {MODERATE}, {ERASE}, {MODERATE, ERASE}, {"view_summary", "download_responses"}]
)
def test_every_address_is_open_to_its_own_right_and_method_alone(officer, officer_client, rights):
    officer.groups.clear()
    officer.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", *rights]))

    for pattern, method in product(moderators_urls.urlpatterns, METHODS):
        fits = method in ("get", "head") or (method == "post" and pattern.name in CHANGING)
        page = getattr(officer_client, method)(address(pattern, make_idea()))
        assert opened(page) == (OPEN_TO[pattern.name] <= rights and fits), (pattern.name, method, page.status_code)


def test_editors_officers_and_visitors_get_in_nowhere_and_change_nothing(editor_client, officer_client, visitor):
    idea = make_idea()
    for pattern, method, client in product(
        moderators_urls.urlpatterns, METHODS, [editor_client, officer_client, visitor]
    ):
        assert not opened(getattr(client, method)(address(pattern, idea), form(idea, status="taken")))

    assert Idea.objects.get().status == Idea.Status.RECEIVED


def test_moderators_have_the_way_in_and_others_do_not_see_it(moderator_client, officer_client):
    assert "/admin/ideas/" in moderator_client.get("/admin/").content.decode()
    assert "/admin/ideas/" not in officer_client.get("/admin/").content.decode()


def test_editors_do_not_see_the_way_in(editor_client):
    assert "/admin/ideas/" not in editor_client.get("/admin/").content.decode()


def test_what_nobody_has_read_comes_first(moderator_client):
    make_idea("The unread", Idea.Moderation.NEW)
    make_idea("The newest")

    content = moderator_client.get("/admin/ideas/").content.decode()

    assert content.index("The unread") < content.index("The newest")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("moderation=new", {"A"}),
        ("status=taken", {"B"}),
        ("theme=unsure", {"A"}),
        ("theme={theme}", {"B"}),
        ("q=B-word", {"B"}),
        ("", {"A", "B"}),
    ],
)
def test_the_list_is_filtered_and_searched(moderator_client, editor, query, found):
    (theme, _other) = make_themes()
    make_idea("A-word", Idea.Moderation.NEW)
    decide(make_idea("B-word", theme=theme), editor, status=Idea.Status.TAKEN)

    content = moderator_client.get(f"/admin/ideas/?{query.format(theme=theme.pk)}").content.decode()

    assert set(re.findall(r"<a[^>]*>\s*([AB])-word", content)) == found


def test_a_citizens_text_is_text_in_the_admin(moderator_client):
    idea = make_idea("</textarea><script>alert(1)</script>")

    for place in ("/admin/ideas/", f"/admin/ideas/{idea.pk}/"):
        assert "<script>alert" not in moderator_client.get(place).content.decode()


def test_the_address_itself_is_on_no_page_of_staff(moderator_client):
    idea = make_idea(email="ada@example.org", page="https://plan.example.org/")

    content = moderator_client.get(f"/admin/ideas/{idea.pk}/").content.decode()

    assert "An e-mail address was given" in content
    assert "ada@" not in content


def test_saving_the_form_as_it_is_changes_nothing_not_even_blanks_and_line_ends(moderator_client):
    idea = make_idea("\n  More trees\nand benches \n")
    shown = moderator_client.get(f"/admin/ideas/{idea.pk}/").content.decode()
    assert re.search(r"<textarea[^>]*shown_text[^>]*>\n\n  More trees", shown)

    assert moderator_client.post(f"/admin/ideas/{idea.pk}/", form(idea)).status_code == 302

    idea.refresh_from_db()
    assert (idea.shown_text, idea.revision) == ("", 0)


def test_a_moderator_shows_redacts_and_moves_an_idea_on(moderator_client):
    idea = make_idea("Write to ada@example.org", Idea.Moderation.NEW)
    (theme, _other) = make_themes()
    changes = {"moderation": "shown", "shown_text": "Write to […]", "theme": theme.pk, "language": "pl"}

    moderator_client.post(f"/admin/ideas/{idea.pk}/", form(idea, status="with-group", note="W maju.", **changes))

    idea.refresh_from_db()
    assert (idea.moderation, idea.shown_text, idea.theme, idea.language) == ("shown", "Write to […]", theme, "pl")
    assert (idea.text, idea.steps.last().note) == ("Write to ada@example.org", "W maju.")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"moderation": "not-shown"}, "Say why it is not shown"),
        ({"status": "not-taken"}, "Say why it was not taken up"),
        ({"shown_text": " \r\n"}, "Leave some of the text"),
        ({"revision": 7}, "Somebody else has changed this idea meanwhile"),
    ],
)
def test_a_decision_without_its_reason_is_refused_with_what_was_typed(moderator_client, changes, error):
    idea = make_idea(email="ada@example.org", page="https://plan.example.org/")

    page = moderator_client.post(f"/admin/ideas/{idea.pk}/", form(idea, **changes))

    assert page.status_code == 200
    assert error in page.content.decode()
    assert "The idea was not saved." in page.content.decode()
    idea.refresh_from_db()
    assert (idea.moderation, idea.status, idea.revision) == ("shown", "received", 0)
    assert not Message.objects.exists()


def test_the_note_on_a_former_status_is_not_told_of_the_new_one(moderator_client, editor):
    idea = make_idea()
    decide(idea, editor, status=Idea.Status.WITH_GROUP, note="The group meets in May.")
    idea.refresh_from_db()

    page = moderator_client.post(
        f"/admin/ideas/{idea.pk}/", form(idea, status="taken", note="The group meets in May.")
    ).content.decode()

    assert "This note belongs to the former status" in page


def test_an_idea_of_a_former_theme_can_still_be_moderated(moderator_client):
    (theme, _other) = make_themes()
    idea = make_idea(theme=theme)
    make_idea(theme=theme)
    theme.retired_at = idea.received_at
    theme.save()

    assert moderator_client.post(f"/admin/ideas/{idea.pk}/", form(idea, status="taken")).status_code == 302
    idea.refresh_from_db()
    assert (idea.theme, idea.status) == (theme, "taken")


def test_erasing_asks_once_more(administrator_client):
    idea = make_idea(email="ada@example.org", page="https://plan.example.org/")

    assert "deleted for good" in administrator_client.get(f"/admin/ideas/{idea.pk}/erase/").content.decode()
    assert Idea.objects.exists()
    administrator_client.post(f"/admin/ideas/{idea.pk}/erase/")

    assert not Idea.objects.exists() and not IdeaAddress.objects.exists()


def rows(download):
    return list(csv.DictReader(io.StringIO(b"".join(download.streaming_content).decode())))


def test_the_file_has_what_was_written_what_is_shown_and_no_address(administrator_client, editor):
    (theme, _other) = make_themes()
    hostile = make_idea(
        '=HYPERLINK("x")\nand, "more"', theme=theme, email="ada@example.org", page="https://a.example.org"
    )
    decide(hostile, editor, status=Idea.Status.WITH_GROUP, note="@group", shown_text="-2+3")
    make_idea("Not read", Idea.Moderation.NEW, language="ga")

    first, second = rows(administrator_client.get("/admin/consultations/ideas.csv"))

    assert unguard(first["text"]) == '=HYPERLINK("x")\nand, "more"'
    assert (first["text"][0], first["note"], first["shown_text"]) == ("'", "'@group", "'-2+3")
    assert (first["theme"], first["status"], first["shown"]) == ("Getting about", "With the working group", "Shown")
    assert (second["theme"], second["language"], second["shown_text"]) == ("", "ga", "")
    assert first["reference"] == hostile.reference
    assert first["received_at"] <= first["status_since"]
    assert "ada@" not in b"".join(administrator_client.get("/admin/consultations/ideas.csv").streaming_content).decode()


def test_a_themes_summary_counts_its_ideas_and_leads_moderators_to_them(officer, officer_client):
    (theme, _other) = make_themes()
    make_idea(theme=theme, moderated=Idea.Moderation.NEW)
    make_idea(theme=theme)
    place = f"/admin/consultations/themes/{theme.pk}/"

    content = re.sub(r"\s+", " ", officer_client.get(place).content.decode())

    assert "2 ideas were shared on this theme. Not read yet: 1." in content
    assert "/admin/ideas/" not in content
    officer.groups.add(Group.objects.get(name="Moderators"))
    assert f'href="/admin/ideas/?theme={theme.pk}"' in officer_client.get(place).content.decode()
