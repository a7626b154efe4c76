"""Pages show the ideas that were let through, by theme, with what became of each; none asks more the more there are."""

import re

import pytest
from wagtail.models import PageViewRestriction

from consultation.models import Idea, Theme
from home.models import HomePage, PlanPage, ThemePage
from tests.factories import make_themes
from tests.home.test_pages import add, queries
from tests.ideas import decide, make_idea, make_ideas_page

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script> https://evil.example.org \u202egnirts {{ 7|add:7 }}"


@pytest.fixture
def page():
    return make_ideas_page()


@pytest.fixture
def theme_page():
    home = HomePage.objects.get(locale__language_code="en")
    plan = add(home, PlanPage(title="The plan", slug="plan"))
    return add(plan, ThemePage(title="Getting about", slug="about", number=1))


@pytest.fixture
def theme(theme_page):
    return Theme.objects.get(key=theme_page.translation_key)


def shown(visitor, page, query=""):
    return visitor.get(page.url + query).content.decode()


def listed(content):
    """The texts of a list, in order."""
    return re.findall(r'<bdi class="answer">(.*?)</bdi>', content, re.DOTALL)


def test_what_nobody_has_read_is_on_no_page(page, theme, theme_page, visitor):
    for moderated in (Idea.Moderation.NEW, Idea.Moderation.NOT_SHOWN):
        make_idea("A canary", moderated, theme=theme)

    for place in (page, theme_page, HomePage.objects.first()):
        assert "canary" not in shown(visitor, place)
    assert "Yours could be the first" in shown(visitor, page)


def test_the_newest_is_first_with_its_status_its_note_and_its_day(page, visitor, editor):
    make_idea("The first")
    idea = make_idea("The second")
    decide(idea, editor, status=Idea.Status.TAKEN, note="It is in the plan.\nFrom spring on.")

    content = shown(visitor, page)

    assert listed(content) == ["The second", "The first"]
    steps = re.sub(r"\s+", " ", content.split('<ol class="steps"')[1].split("</ol>")[0])
    assert steps.index("Received") < steps.index("Taken into the plan") < steps.index("It is in the plan.<br>")
    assert steps.count("<time") == 2
    assert idea.reference in content


def test_a_citizens_text_is_text(page, theme, theme_page, visitor):
    make_idea(HOSTILE, theme=theme)

    for place in (page, theme_page):
        content = shown(visitor, place)
        assert "<script" not in content
        assert "evil.example.org" in content and 'href="https://evil' not in content
        assert "{{ 7|add:7 }}" in content
        assert listed(content)[0].endswith("{{ 7|add:7 }}")


def test_what_is_shown_instead_is_all_that_the_public_sees(page, visitor, editor):
    decide(make_idea("Write to ada@example.org"), editor, shown_text="Write to […]", reason="An address of Ada's.")

    content = shown(visitor, page)

    assert listed(content) == ["Write to […]"]
    assert "ada@" not in content and "Ada's" not in content
    assert "Parts were left out or changed" in content


def test_texts_and_notes_in_another_language_are_marked(page, visitor, editor):
    decide(make_idea("Więcej drzew", language="pl"), editor, status=Idea.Status.WITH_GROUP, note="Grupa radzi w maju.")
    make_idea("More trees")

    content = shown(visitor, page)

    assert re.search(r'<p class="idea__text">\s*<bdi class="answer">More trees', content)
    assert re.search(r'<p class="idea__text" lang="pl">\s*<bdi class="answer">Więcej drzew', content)
    assert '<p lang="pl">Grupa radzi w maju.</p>' in content


def test_a_theme_is_chosen_by_a_link_and_each_says_how_many_there_are(page, visitor):
    about, green = make_themes()
    for text, theme in [("A path", about), ("A bus", about), ("A tree", green), ("A clock", None)]:
        make_idea(text, theme=theme)

    everything = re.sub(r"\s+", " ", shown(visitor, page))

    assert len(listed(everything)) == 4
    for said in ("All themes (4)", "Getting about (2)", "Green places (1)", "No theme yet (1)"):
        assert said in everything
    assert listed(shown(visitor, page, f"?theme={about.pk}")) == ["A bus", "A path"]
    assert listed(shown(visitor, page, "?theme=unsure")) == ["A clock"]
    assert f"/ideas/en/?theme={about.pk}" in shown(visitor, page, f"?theme={about.pk}")


def test_a_former_theme_keeps_its_ideas_in_the_list(page, visitor):
    about, _green = make_themes()
    make_idea(theme=about)
    Theme.objects.filter(pk=about.pk).update(retired_at=page.first_published_at)

    assert "Getting about" in shown(visitor, page)
    assert listed(shown(visitor, page, f"?theme={about.pk}")) == ["More trees"]


def test_the_list_is_paged_within_a_theme(page, visitor):
    about, _green = make_themes()
    for number in range(21):
        make_idea(f"Idea {number}", theme=about)
    make_idea("Of no theme")

    first = shown(visitor, page, f"?theme={about.pk}")

    (onward,) = re.findall(r'rel="next" href="([^"]+)"', first)
    assert (len(listed(first)), listed(shown(visitor, page, onward.replace("&amp;", "&")))) == (20, ["Idea 0"])


@pytest.mark.parametrize("query", ["?theme=%00", "?theme=999999", "?page=%00", "?theme=unsure&page=99", "?theme=1;--"])
def test_strange_addresses_break_nothing(page, visitor, query):
    make_idea()

    assert visitor.get(page.url + query).status_code == 200


def test_a_themes_page_shows_its_newest_ideas_and_leads_to_all_and_to_the_form(page, theme, theme_page, visitor):
    for number in range(5):
        make_idea(f"Idea {number}", theme=theme)
    make_idea("Of no theme")

    content = shown(visitor, theme_page)

    assert listed(content) == ["Idea 4", "Idea 3", "Idea 2"]
    assert "All ideas on this theme (5)" in content
    assert f'href="{page.url}?theme={theme.pk}"' in content
    assert f'href="/ideas/en/?theme={theme.pk}"' in content


def test_the_home_page_leads_to_the_ideas(page, visitor):
    assert f'href="{page.url}"' in shown(visitor, HomePage.objects.get(locale__language_code="en")).split("<main")[1]


@pytest.mark.parametrize("gone", ["unpublished", "restricted"])
def test_no_page_leads_to_ideas_that_are_not_open_to_everybody(page, theme_page, visitor, gone):
    if gone == "unpublished":
        page.unpublish()
    else:
        PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)

    for place in (theme_page, HomePage.objects.get(locale__language_code="en")):
        main = shown(visitor, place).split("<main")[1]
        assert "/ideas/" not in main


def test_pages_ask_the_same_with_one_idea_and_with_fifty(page, theme, theme_page, visitor, editor):
    places = [page.url, theme_page.url, HomePage.objects.get(locale__language_code="en").url]
    make_idea(theme=theme)
    before = [queries(visitor, place) for place in places]

    for number in range(49):
        decide(make_idea(theme=theme if number % 2 else None), editor, status=Idea.Status.WITH_GROUP, note="Soon.")

    assert [queries(visitor, place) for place in places] == before


def test_ideas_stay_when_their_page_is_deleted(page):
    make_idea()

    page.delete()

    assert Idea.objects.count() == 1


def test_a_draft_of_the_page_can_be_previewed_and_offers_no_form(page, administrator_client):
    page.unpublish()
    draft = administrator_client.get(f"/admin/pages/{page.pk}/view_draft/").content.decode()

    assert "Ideas can be shared when this page is published" in draft
    assert "/ideas/en/" not in draft.split("<main")[1]
