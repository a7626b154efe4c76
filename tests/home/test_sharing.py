"""The form for ideas: offered where its page is, without account, cookie or JavaScript; what is typed is never lost."""

import html
import re

import pytest
from django.db import connection
from django.test import Client
from wagtail.models import Locale, PageViewRestriction

from consultation.models import Idea, IdeaAddress, Message
from home.models import HomePage, ThemePage
from tests.consultation.test_faults import away, kept, nothing_can_be_written
from tests.factories import make_themes
from tests.ideas import make_ideas_page, send, token

pytestmark = pytest.mark.django_db

FORM = "/ideas/en/"
TYPED = "More trees\r\n  <b>and</b> “quiet” =1+1 'places' 🌳\u202e"


@pytest.fixture
def page():
    return make_ideas_page()


def in_irish(page):
    irish = Locale.objects.get(language_code="ga")
    HomePage.objects.get(locale__language_code="en").copy_for_translation(irish).save_revision().publish()
    translated = page.copy_for_translation(irish)
    translated.save_revision().publish()
    return translated


def text(page):
    return html.unescape(page.content.decode())


def test_an_idea_is_stored_as_it_was_typed_and_confirmed_with_its_reference(page, visitor):
    (theme, _other) = make_themes()

    done = visitor.get(send(visitor, idea=TYPED, theme=str(theme.pk))["Location"])

    idea = Idea.objects.get()
    assert (idea.text, idea.theme, idea.language) == (TYPED.replace("\r\n", "\n"), theme, "en")
    assert (idea.moderation, idea.status) == (Idea.Moderation.NEW, Idea.Status.RECEIVED)
    assert idea.reference in text(done)
    assert "🌳" not in text(done)


def test_sending_twice_counts_once_and_gives_the_same_reference(page, visitor):
    form = {"token": token(visitor.get(FORM)), "idea": "More trees", "email": "ada@example.org"}

    first, second = visitor.post(FORM, form), Client().post(FORM, form)

    assert first["Location"] == second["Location"]
    assert Idea.objects.count() == IdeaAddress.objects.count() == 1


def test_another_idea_in_a_form_that_was_sent_is_not_lost_and_counts_on_its_own(page, visitor):
    form = {"token": token(visitor.get(FORM)), "idea": "More trees"}
    visitor.post(FORM, form)

    again = visitor.post(FORM, form | {"idea": "Fewer cars"})

    assert again.status_code == 409
    assert f"received under the reference {Idea.objects.get().reference}" in text(again)
    assert "Fewer cars</textarea>" in text(again)
    visitor.post(FORM, {"token": token(again), "idea": "Fewer cars"})
    assert {idea.text for idea in Idea.objects.all()} == {"More trees", "Fewer cars"}


@pytest.mark.parametrize(
    ("fields", "address", "said"),
    [
        ({"idea": " \r\n "}, "#idea", "Write your idea"),
        ({"idea": "x" * 2001}, "#idea", "Your idea has 2001 characters. It can have up to 2000."),
        ({"theme": "999999"}, "#theme", "Choose one of these themes"),
        ({"theme": "\x00"}, "#theme", "Choose one of these themes"),
        ({"email": "ada"}, "#email", "Enter an e-mail address"),
        ({"email": "a@example.org, b@example.org"}, "#email", "Enter an e-mail address"),
    ],
)
def test_what_is_wrong_is_said_in_the_title_the_summary_and_beside_the_field(page, visitor, fields, address, said):
    shown = text(send(visitor, **fields))

    assert re.search(r"<title>\s*Error:", shown)
    assert f'<a href="{address}">{said}' in shown
    assert shown.count(said) == 2
    assert f'id="{address[1:]}"' in shown
    assert not Idea.objects.exists()


def test_what_was_typed_is_still_there_when_something_was_wrong(page, visitor):
    (theme, _other) = make_themes()

    shown = text(send(visitor, idea=TYPED, theme=str(theme.pk), email="ada"))

    assert TYPED.replace("\r\n", "\n") in shown
    assert re.search(rf'value="{theme.pk}"\s+checked', shown)
    assert 'value="ada"' in shown


def test_what_is_typed_is_never_markup(page, visitor):
    shown = send(visitor, idea="</textarea><script>alert(1)</script>", email="ada").content.decode()

    assert "<script" not in shown


def test_an_idea_of_two_thousand_emoji_and_what_cannot_be_stored(page, visitor):
    done = visitor.get(send(visitor, idea="🌳" * 1_999 + "\x00!")["Location"])

    assert Idea.objects.get().text == "🌳" * 1_999 + "!"
    assert "could not be kept, because they are not text" in text(done)


def test_a_form_that_was_open_for_too_long_or_was_forged_is_shown_again_with_the_idea(page, visitor):
    shown = visitor.post(FORM, {"token": "forged", "idea": "More trees"})

    assert "nothing was sent yet" in text(shown)
    assert "More trees</textarea>" in text(shown)
    assert not Idea.objects.exists()
    visitor.post(FORM, {"token": token(shown), "idea": "More trees"})
    assert Idea.objects.count() == 1


def test_a_token_of_a_consultation_is_none_of_this_form(page, visitor, consultation):
    from consultation import tokens

    visitor.post(FORM, {"token": tokens.issue(consultation.pk), "idea": "More trees"})

    assert not Idea.objects.exists()


def test_another_site_can_not_send_the_form(page, visitor):
    form = {"token": token(visitor.get(FORM)), "idea": "More trees"}

    assert visitor.post(FORM, form, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert not Idea.objects.exists()


def test_an_address_is_kept_apart_only_where_one_is_given_and_nothing_is_sent_yet(page, visitor):
    quiet = visitor.get(send(visitor)["Location"])
    told = visitor.get(send(visitor, email=" ada@example.org ")["Location"])

    address = IdeaAddress.objects.get()
    assert (address.to, address.page) == ("ada@example.org", f"http://testserver{page.get_url()}")
    assert "ada@" not in repr(list(Idea.objects.values()))
    assert "whenever the status of your idea changes" in text(told)
    assert "nothing is sent to you" in text(quiet)
    assert not Message.objects.exists()


def test_where_no_mail_is_set_up_no_address_is_asked_for_or_kept(page, visitor, settings):
    settings.OFFER_MAIL = False

    assert "mail" not in text(visitor.get(FORM)).split("<main")[1].split("</main")[0]
    send(visitor, email="ada@example.org")

    assert Idea.objects.count() == 1
    assert not IdeaAddress.objects.exists()


def test_the_theme_of_the_page_that_one_came_from_is_chosen(page, visitor):
    (theme, _other) = make_themes()

    shown = text(visitor.get(f"{FORM}?theme={theme.pk}"))

    assert re.search(rf'value="{theme.pk}"\s+checked', shown)
    assert shown.count("checked") == 1


def test_themes_have_their_names_in_the_language_of_the_form_and_former_ones_are_not_offered(page, visitor):
    shown, former = make_themes()
    former.retired_at = page.first_published_at
    former.save()
    irish_home = in_irish(page).get_parent()
    irish = irish_home.locale
    theme_page = ThemePage(title="Ag dul thart", slug="theme", number=1, locale=irish, translation_key=shown.key)
    irish_home.add_child(instance=theme_page)
    theme_page.save_revision().publish()

    form = text(visitor.get("/ideas/ga/"))

    assert "Ag dul thart" in form
    assert "Green places" not in form
    send(visitor, "/ideas/ga/", theme=str(shown.pk))
    assert (Idea.objects.get().language, Idea.objects.get().theme) == ("ga", shown)


@pytest.mark.parametrize("language", ["ga", "xx", "en-gb"])
def test_no_form_in_a_language_that_the_page_is_not_live_in(page, visitor, language):
    assert visitor.get(f"/ideas/{language}/").status_code == 404


def test_changing_the_language_takes_what_was_typed_along_and_sends_nothing(page, visitor):
    (theme, _other) = make_themes()
    in_irish(page)
    typed = {"idea": TYPED, "theme": str(theme.pk), "email": "ada"}
    form = {"token": token(visitor.get(FORM)), "switch": "1"}

    blank, filled = (visitor.post("/ideas/ga/", form | fields) for fields in ({}, typed))

    assert "error-summary" not in text(blank)
    assert 'href="#email"' in text(filled) and 'href="#idea"' not in text(filled)
    assert filled["Content-Language"] == "ga"
    assert TYPED.replace("\r\n", "\n") in text(filled) and 'value="ada"' in text(filled)
    assert re.search(rf'value="{theme.pk}"\s+checked', text(filled))
    assert not Idea.objects.exists()

    visitor.post("/ideas/ga/", typed | {"token": token(filled), "email": ""})
    assert Idea.objects.get().language == "ga"


def test_no_form_while_the_page_is_a_draft(page, visitor):
    page.unpublish()

    assert visitor.get(FORM).status_code == 404


@pytest.mark.parametrize("above", [False, True])
def test_no_form_and_no_confirmation_for_whom_a_restriction_keeps_out(page, visitor, editor_client, above):
    done = send(visitor)["Location"]
    kept_page = page.get_parent() if above else page
    PageViewRestriction.objects.create(page=kept_page, restriction_type=PageViewRestriction.LOGIN)

    assert visitor.get(FORM).status_code == visitor.get(done).status_code == 404
    assert editor_client.get(FORM).status_code == 200


def test_what_was_sent_while_the_page_was_taken_back_is_shown_to_copy(page, visitor):
    form = {"token": token(visitor.get(FORM)), "idea": "<b>More</b> trees"}
    page.unpublish()

    gone = visitor.post(FORM, form)

    assert gone.status_code == 404
    assert "&lt;b&gt;More&lt;/b&gt; trees" in gone.content.decode()
    assert "no-store" in gone["Cache-Control"]


def test_no_cookie_no_cache_and_a_strict_policy(page, visitor):
    done = send(visitor)
    kept_for_going_back = "private, no-cache"
    for shown, kept_how in (
        (visitor.get(FORM), kept_for_going_back),
        (done, "no-store"),
        (visitor.get(done["Location"]), "no-store"),
    ):
        assert not shown.cookies
        assert kept_how in shown["Cache-Control"]
        assert "unsafe" not in shown["Content-Security-Policy"]


def test_a_reference_that_nobody_got_confirms_nothing(page, visitor):
    assert visitor.get("/ideas/en/ABC-DEF-GHJ/").status_code == 404
    assert visitor.get("/ideas/en/nothing/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_what_could_not_be_stored_goes_back_with_the_page_and_counts_once(page, visitor):
    form = {"token": token(visitor.get(FORM)), "idea": TYPED, "email": "ada@example.org"}
    with nothing_can_be_written():
        failed = visitor.post(FORM, form)

    assert failed.status_code == 503
    assert "🌳" in text(failed).split("What you wrote")[1]
    assert {name: texts[0] for name, texts in kept(failed).items()} == form
    for _ in range(2):
        assert visitor.post(FORM, kept(failed)).status_code == 303
    assert Idea.objects.count() == 1


def test_without_the_database_the_form_says_so(page, visitor):
    with connection.execute_wrapper(away):
        assert visitor.get(FORM).status_code == 503


def test_a_form_that_is_sent_in_a_strange_way_breaks_nothing(page, visitor):
    for body in ({}, {"idea": ["a", "b"]}, {"token": "\x00", "idea": "\ud800".encode("utf-8", "surrogatepass")}):
        assert visitor.post(FORM, body).status_code < 500
    assert visitor.put(FORM).status_code == 405
