"""Answering: section by section, kept on the server, sent once."""

import datetime as dt
import re
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from wagtail.models import PageViewRestriction

from consultation import drafts, ledger, tokens
from consultation.models import Consultation, Draft, Response
from tests.factories import make_consultation_page, raw_block

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    return make_consultation_page()


@pytest.fixture
def path(page):
    return f"/answer/{page.consultation.pk}/en/"


def token(shown):
    return re.search(r'name="token" value="([^"]+)"', shown.content.decode()).group(1)


def hidden(shown):
    """What a form sends beside what is filled in."""
    return dict(re.findall(r'type="hidden"\s+name="(\w+)"\s+value="([^"]*)"', shown.content.decode()))


def send(client, address, **fields):
    """Fill in the form at an address, as it was shown."""
    return client.post(address, hidden(client.get(address)) | fields)


def answer_all(client, path, **fields):
    send(client, f"{path}1/", q1="2", q2=["1", "2"], **fields)
    send(client, f"{path}2/", q3="41", q4="More trees")
    return send(client, f"{path}check/")


def test_answers_travel_from_the_form_to_the_ledger(visitor, path):
    sent = answer_all(visitor, path)

    stored = Response.objects.get()
    assert sent.status_code == 303
    assert stored.answers == {"1": 2, "2": [1, 2], "3": 41, "4": True}
    assert stored.words.get().text == "More trees"
    assert (stored.language, stored.channel, stored.version.number) == ("en", "web", 1)
    assert stored.reference in visitor.get(sent["Location"]).content.decode()


def test_reading_sets_no_cookie_and_answering_sets_one_for_this_consultation_alone(visitor, page, path):
    assert not visitor.get(page.url).cookies
    assert not visitor.get(f"{path}1/").cookies

    saved = send(visitor, f"{path}1/", q1="2")

    assert set(saved.cookies) == {"answering"}
    cookie = saved.cookies["answering"]
    assert cookie["path"] == f"/answer/{page.consultation.pk}/"
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_the_menu_of_the_site_is_left_out_while_somebody_answers(visitor, page, path):
    menu = 'class="menu '

    assert menu in visitor.get(page.url).text
    assert menu not in visitor.get(f"{path}1/").text


def test_the_secret_of_a_draft_is_stored_hashed(visitor, path):
    saved = send(visitor, f"{path}1/", q1="2")

    assert saved.cookies["answering"].value not in str(Draft.objects.values().get())


def test_sending_twice_counts_once_and_shows_the_same_reference(visitor, path):
    send(visitor, f"{path}1/", q1="2")
    check = hidden(visitor.get(f"{path}check/"))

    for _ in range(2):
        assert visitor.post(f"{path}check/", check)["Location"] == f"{path}done/"

    assert Response.objects.count() == 1


def test_sending_again_after_the_cookie_was_lost_still_confirms_the_stored_response(visitor, path):
    send(visitor, f"{path}1/", q1="2")
    check = hidden(visitor.get(f"{path}check/"))
    visitor.post(f"{path}check/", check)

    again = Client().post(f"{path}check/", check)

    assert Response.objects.get().reference in again.content.decode()


def test_a_first_section_sent_twice_begins_one_answering(visitor, path):
    form = hidden(visitor.get(f"{path}1/"))
    for option in ("1", "2"):
        Client().post(f"{path}1/", form | {"q1": option})

    assert Draft.objects.count() == 1


def test_a_crash_while_sending_stores_nothing_by_halves_and_sending_again_stores_it_once(visitor, path, monkeypatch):
    def crash(draft):
        raise RuntimeError

    send(visitor, f"{path}1/", q1="2")
    check = hidden(visitor.get(f"{path}check/"))
    with monkeypatch.context() as broken, pytest.raises(RuntimeError):
        broken.setattr(
            ledger, "submit_draft", lambda *given, **beside: False
        )  # in steps, as where it can't be one statement
        broken.setattr(drafts, "finish", crash)
        visitor.post(f"{path}check/", check)

    visitor.post(f"{path}check/", check)

    assert Response.objects.count() == 1


def test_errors_keep_the_entries_and_link_to_the_fields(visitor, path):
    shown = send(visitor, f"{path}2/", q3="nine", q4="More trees").content.decode()

    assert re.search(r"<title>\s*Error:", shown)
    assert 'href="#q3"' in shown
    assert 'value="nine"' in shown
    assert "More trees" in shown
    assert not Draft.objects.exists()


def test_a_required_question_can_not_be_passed_by_address(visitor, path):
    send(visitor, f"{path}2/", q3="41")

    shown = send(visitor, f"{path}check/").content.decode()

    assert "Choose an answer to “How do you mostly travel?”" in shown
    assert f"{path}1/?return=check#q1" in shown
    assert not Response.objects.exists()


def test_change_links_return_to_the_check_page(visitor, path):
    send(visitor, f"{path}1/", q1="2")
    send(visitor, f"{path}2/")

    shown = visitor.get(f"{path}1/?return=check").content.decode()

    assert 'name="return" value="check"' in shown
    assert send(visitor, f"{path}1/", q1="1", **{"return": "check"})["Location"] == f"{path}check/"


def test_a_draft_keeps_what_was_filled_in(visitor, path):
    send(visitor, f"{path}1/", q1="3", q1_other="by <b>boat</b>")

    shown = visitor.get(f"{path}1/").content.decode()

    assert re.search(r'value="3"\s+checked', shown)
    assert "by &lt;b&gt;boat&lt;/b&gt;" in shown


@pytest.mark.parametrize(("opens", "closes", "words"), [(1, 2, "not open yet"), (-2, -1, "has closed")])
def test_outside_the_opening_hours_the_page_says_so(visitor, page, path, opens, closes, words):
    now = timezone.now()
    Consultation.objects.update(opens_at=now + dt.timedelta(days=opens), closes_at=now + dt.timedelta(days=closes))

    assert words in visitor.get(f"{path}1/").content.decode()


def test_sending_after_the_closing_time_is_refused_with_the_answers_still_there(visitor, path):
    send(visitor, f"{path}1/", q1="3", q1_other="by boat")
    form = hidden(visitor.get(f"{path}2/"))
    Consultation.objects.update(closes_at=timezone.now())

    late = visitor.post(f"{path}2/", form | {"q4": "More trees"})

    assert late.status_code == 409
    assert "by boat" in late.content.decode()
    assert "More trees" in late.content.decode()
    assert not Response.objects.exists()


def test_a_live_change_brings_the_check_page_once_more(visitor, page, path):
    send(visitor, f"{path}1/", q1="2", q2=["1"])
    check = hidden(visitor.get(f"{path}check/"))
    del page.questionnaire[0].value["questions"][1]
    page.save_revision().publish()

    shown = visitor.post(f"{path}check/", check)

    assert "changed since this page was shown" in shown.content.decode()
    assert not Response.objects.exists()
    visitor.post(f"{path}check/", hidden(shown))
    assert Response.objects.get().answers == {"1": 2, "3": None, "4": None}


def test_a_form_from_another_site_is_refused(visitor, path):
    form = hidden(visitor.get(f"{path}1/")) | {"q1": "2"}

    assert visitor.post(f"{path}1/", form, headers={"origin": "https://elsewhere.example"}).status_code == 403
    assert visitor.post(f"{path}1/", form, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert visitor.post(f"{path}1/", form, headers={"origin": "http://testserver"}).status_code == 303


@pytest.mark.parametrize("forged", ["", "x", "\x00", "eyJjIjoxfQ:1abc:def"])
def test_a_forged_token_saves_nothing_and_keeps_the_entries(visitor, path, forged):
    shown = visitor.post(f"{path}1/", hidden(visitor.get(f"{path}1/")) | {"token": forged, "q1": "2"})

    assert "had been open for a long time" in shown.content.decode()
    assert re.search(r'value="2"\s+checked', shown.content.decode())
    assert not Draft.objects.exists()


def test_a_token_of_another_consultation_does_not_fit(visitor, path):
    other = make_consultation_page(title="Another")
    foreign = token(visitor.get(f"/answer/{other.consultation.pk}/en/1/"))

    visitor.post(f"{path}1/", hidden(visitor.get(f"{path}1/")) | {"token": foreign, "q1": "2"})

    assert not Draft.objects.exists()


def test_without_the_cookie_the_check_page_says_what_happened(visitor, path):
    assert "could not be found" in visitor.get(f"{path}check/").content.decode()


def test_somebody_else_can_answer_on_the_same_device(visitor, path):
    answer_all(visitor, path)

    visitor.post(f"{path}again/")
    answer_all(visitor, path)

    assert Response.objects.count() == 2


def test_only_live_unrestricted_pages_can_be_answered(visitor, page, path):
    restriction = PageViewRestriction.objects.create(page=page.get_parent(), restriction_type="login")
    assert visitor.get(f"{path}1/", follow=True).status_code == 404
    restriction.delete()
    assert visitor.get(f"{path}1/").status_code == 200

    page.unpublish()
    assert visitor.get(f"{path}1/", follow=True).status_code == 404


def test_a_language_is_offered_only_while_its_page_is_live(visitor, path):
    assert visitor.get(path.replace("/en/", "/ga/") + "1/", follow=True).status_code == 404


def test_answering_pages_are_kept_out_of_every_cache(visitor, path):
    assert "no-store" in visitor.get(f"{path}1/")["Cache-Control"]


HOSTILE = ["\x00", "a\x00b", "\ud800".encode("utf-8", "surrogatepass"), "\u202ex", "x" * 100_000, "=1+1", "%00", "'"]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(
    "field", ["q1", "q2", "q3", "q4", "q1_other", "token", "asked", "version", "revision", "return", "unknown"]
)
def test_no_text_in_any_field_breaks_a_page(visitor, path, field, text):
    valid = token(visitor.get(f"{path}1/"))
    for address in (f"{path}1/", f"{path}2/", f"{path}check/"):
        form = {"token": valid, "asked": "1 2 3 4", "q1": "3", "version": "1", "revision": "1"}
        sent = visitor.post(address, form | {field: text})
        assert sent.status_code < 500


def test_what_is_not_storable_is_taken_out_and_the_reader_is_told(visitor, path):
    send(visitor, f"{path}1/", q1="2")
    saved = send(visitor, f"{path}2/", q4="More\x00 trees")

    shown = visitor.get(saved["Location"]).content.decode()

    assert "More trees" in shown
    assert "could not be kept" in shown


@pytest.mark.parametrize(
    ("method", "address", "queries"),
    [("get", "1/", 9), ("post", "1/", 9), ("post", "check/", 13)],
)
def test_each_step_has_a_known_number_of_queries(
    visitor, path, method, address, queries, django_assert_max_num_queries
):
    answered = send(visitor, f"{path}1/", q1="2")
    assert answered.status_code == 303
    form = hidden(visitor.get(path + address)) | {"q1": "2"}

    with django_assert_max_num_queries(queries):
        getattr(visitor, method)(path + address, form if method == "post" else None)


def insert_section_before(page):
    """A live change: another section comes first."""
    raw = list(page.questionnaire.raw_data)
    page.questionnaire = [raw_block("section", {"title": "New", "questions": []}, "new"), *raw]
    page.save_revision().publish()


def test_a_section_that_moved_meanwhile_loses_nothing(visitor, page, path):
    send(visitor, f"{path}2/", q3="41", q4="Benches")
    form = hidden(visitor.get(f"{path}2/")) | {"q3": "42", "q4": "More trees"}
    insert_section_before(page)

    saved = visitor.post(f"{path}2/", form)

    assert "moved=1" in saved["Location"]
    assert drafts.answers(Draft.objects.get()).values == {3: 42, 4: True}
    assert drafts.answers(Draft.objects.get()).words == {(4, 0): "More trees"}


def test_a_section_that_was_removed_meanwhile_keeps_what_is_still_asked(visitor, page, path):
    form = hidden(visitor.get(f"{path}2/")) | {"q3": "42", "q4": "More trees"}
    first, second = page.questionnaire.raw_data
    first["value"]["questions"].append(second["value"]["questions"][0])
    page.questionnaire = [first]
    page.save_revision().publish()

    saved = visitor.post(f"{path}2/", form)

    assert saved["Location"].startswith(f"{path}check/")
    assert drafts.answers(Draft.objects.get()).values == {3: 42}


def test_an_error_in_a_section_that_moved_is_shown_with_its_entry(visitor, page, path):
    form = hidden(visitor.get(f"{path}2/")) | {"q3": "nine", "q4": "More trees"}
    insert_section_before(page)

    shown = visitor.post(f"{path}2/", form).content.decode()

    assert "Section 3 of 3" in shown
    assert 'value="nine"' in shown
    assert "More trees" in shown


def test_an_option_that_was_retired_meanwhile_is_not_sent(visitor, page, path):
    send(visitor, f"{path}1/", q1="2")
    options = page.questionnaire.raw_data[0]["value"]["questions"][0]["value"]["options"]
    del options[1]
    page.questionnaire = list(page.questionnaire.raw_data)
    page.save_revision().publish()

    shown = send(visitor, f"{path}check/").content.decode()

    assert "“How do you mostly travel?”: choose one of the options on the page." in shown
    assert not Response.objects.exists()


def test_a_check_page_sends_only_what_it_showed(visitor, path):
    send(visitor, f"{path}1/", q1="1")
    check = hidden(visitor.get(f"{path}check/"))
    send(visitor, f"{path}1/", q1="2")

    shown = visitor.post(f"{path}check/", check)

    assert "changed since this page was shown" in shown.content.decode()
    assert not Response.objects.exists()


def test_a_section_saved_after_sending_is_refused_and_shown(visitor, path):
    send(visitor, f"{path}1/", q1="1")
    form = hidden(visitor.get(f"{path}2/")) | {"q3": "", "q4": "A late thought"}
    send(visitor, f"{path}check/")

    late = visitor.post(f"{path}2/", form)

    assert late.status_code == 409
    assert "A late thought" in late.content.decode()
    assert Draft.objects.get().answers == {}


def test_an_old_tab_begins_anew_for_the_next_person(visitor, path):
    old = hidden(visitor.get(f"{path}1/"))
    visitor.post(f"{path}1/", old | {"q1": "1"})
    send(visitor, f"{path}check/")
    visitor.post(f"{path}again/")

    visitor.post(f"{path}1/", old | {"q1": "2"})
    send(visitor, f"{path}check/")

    assert Response.objects.count() == 2


def test_when_a_consultation_is_paused_midway_the_entries_are_still_shown(visitor, page, path):
    form = hidden(visitor.get(f"{path}2/")) | {"q4": "More trees"}
    page.unpublish()

    gone = visitor.post(f"{path}2/", form)

    assert gone.status_code == 404
    assert "More trees" in gone.content.decode()


def test_a_longest_section_full_of_emoji_is_not_too_large(visitor, page, path):
    form = hidden(visitor.get(f"{path}2/")) | {f"q{number}": "👩" * 20_000 for number in range(4, 24)}

    assert visitor.post(f"{path}2/", form).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_save_at_once_lose_nothing(visitor, path):
    saved = send(visitor, f"{path}1/", q1="1")
    secret = saved.cookies["answering"].value

    def save(job):
        turn, number = job
        client = Client()
        client.cookies["answering"] = secret
        answers = {"q1": str(turn % 2 + 1)} if number == 1 else {"q3": str(turn), "q4": ""}
        try:
            return client.post(f"{path}{number}/", forms[number] | answers).status_code
        finally:
            connection.close()

    for turn in range(1, 11):
        forms = {n: hidden(visitor.get(f"{path}{n}/")) for n in (1, 2)}
        with ThreadPoolExecutor(2) as pool:
            assert list(pool.map(save, [(turn, 1), (turn, 2)])) == [303, 303]
        values = drafts.answers(Draft.objects.get()).values
        assert (values[1], values[3]) == (turn % 2 + 1, turn)


def test_a_name_of_a_field_with_five_thousand_digits_is_no_question(visitor, path):
    strange = urlencode({"q" + "9" * 5000: "hello there"})

    answer_all(visitor, path)
    sent = visitor.post(f"{path}1/", strange, content_type="application/x-www-form-urlencoded")
    Consultation.objects.update(closes_at=timezone.now())
    closed = Client().post(f"{path}1/", strange, content_type="application/x-www-form-urlencoded")

    assert (sent.status_code, closed.status_code) == (409, 409)


def test_a_questionnaire_without_sections_breaks_no_page_of_a_draft(visitor, page, path):
    send(visitor, f"{path}1/", q1="2")
    page.questionnaire = []
    page.save_revision().publish()

    for step in ("", "1/", "check/", "later/"):
        assert visitor.get(path + step).status_code < 500
        assert visitor.post(path + step, {"token": tokens.issue(page.consultation.pk)}).status_code < 500
