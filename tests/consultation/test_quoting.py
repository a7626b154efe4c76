"""Officers propose a quote beside what somebody wrote, a second officer decides, and everybody reads it."""

import datetime as dt
import html
import re
import uuid

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import PageViewRestriction

from consultation import changes, ledger, quotes
from consultation.answers import Answers
from consultation.models import AnswerWords, Channel, Consultation, Handling, Quote, Redaction, Theme
from home.models import ThemePage
from tests.factories import make_consultation_page, raw_block, raw_question, translate
from tests.plan import make_theme

pytestmark = pytest.mark.django_db

WROTE = "More trees by the river. <b>Ring</b> 028 9018 0000 \u202egnorw"
PART = "More trees by the river."


@pytest.fixture
def page():
    questions = [
        raw_question("long_text", "What should change?", theme=str(make_theme().translation_key)),
        raw_question("consent", "May we quote you?", agreed="Yes", refused="No"),
    ]
    section = raw_block("section", {"title": "All", "introduction": "", "questions": questions}, "all")
    return make_consultation_page(questionnaire=[section])


def send(page, said=1, text=WROTE):
    answers = Answers({1: True, 2: said}, {(1, 0): text})
    return ledger.submit(page.consultation, uuid.uuid4(), page.consultation.published, "en", Channel.WEB, answers)


@pytest.fixture
def sent(page):
    return send(page)


@pytest.fixture
def second_client(django_user_model):
    user = django_user_model.objects.create_user("second")
    user.groups.add(Group.objects.get(name="Officers (personal data)"))
    client = Client()
    client.force_login(user)
    return client


def place(response):
    return f"/admin/consultations/{response.consultation_id}/responses/{response.pk}/quote/1/0/"


def propose(client, response, text=PART, **more):
    data = {"text": text, "language": "en", "theme": "", "place": "1"} | more
    return client.post(place(response), data)


def decide(client, quote, does, **more):
    data = {"do": does, "revision": quote.revision, "theme": quote.theme_id or "", "place": "1", "reason": ""} | more
    return client.post(f"/admin/consultations/quotes/{quote.pk}/", data)


def close():
    Consultation.objects.update(opens_at=timezone.now() - dt.timedelta(9), closes_at=timezone.now())


def said(page):
    return " ".join(html.unescape(page.content.decode()).split())


def test_from_the_response_to_everybody(officer_client, second_client, visitor, page, sent):
    theme = Theme.objects.get(questions__number=1)
    shown = said(officer_client.get(f"/admin/consultations/{sent.consultation_id}/responses/{sent.pk}/"))
    assert place(sent) in shown

    assert propose(officer_client, sent, theme=str(theme.pk)).status_code == 302
    quote = Quote.objects.get()
    assert (quote.text, quote.theme) == (f"{PART} […]", theme)
    assert decide(officer_client, quote, "approve").status_code == 200  # one's own
    assert decide(second_client, quote, "approve").status_code == 302
    close()

    public = said(visitor.get(ThemePage.objects.get(translation_key=theme.key).get_url()))
    assert f"<bdi>{PART} […]</bdi>" in public
    assert re.search(
        rf'from a response to <a href="{page.get_url()}" ?>The town’s plan</a>, {timezone.now().year}', public
    )
    changes.withdraw(sent)
    assert PART not in said(visitor.get(ThemePage.objects.get(translation_key=theme.key).get_url()))


def test_the_theme_of_the_question_is_chosen_beforehand(officer_client, page, sent):
    theme = Theme.objects.get(questions__number=1)

    assert re.search(rf'<option value="{theme.pk}" selected', said(officer_client.get(place(sent))))


@pytest.mark.parametrize(("answer", "why"), [(2, "does not want to be quoted"), (None, "did not say whether")])
def test_without_consent_there_is_no_form_and_the_page_says_why(officer_client, page, answer, why):
    response = send(page, answer)

    shown = said(officer_client.get(place(response)))
    refused = propose(officer_client, response)

    assert why in shown and why in said(refused)
    assert "Propose the quote" not in shown
    assert not Quote.objects.exists()


def test_what_looks_like_personal_data_needs_a_second_look(officer_client, page, sent):
    text = "More trees by the river. <b>Ring</b> 028 9018 0000"

    asked = said(propose(officer_client, sent, text))
    assert "seems to hold personal data: telephone number" in asked
    assert not Quote.objects.exists()
    propose(officer_client, sent, text, checked="on")

    assert Quote.objects.exists()


@pytest.mark.parametrize("text", ["", "[…]", "More cars", "More trees by the river. And cars.", "x" * 2_000])
def test_what_was_not_written_is_not_proposed(officer_client, page, sent, text):
    assert propose(officer_client, sent, text).status_code == 200
    assert not Quote.objects.exists()


def test_what_was_written_is_words_and_no_markup_to_everybody(officer_client, second_client, visitor, page, sent):
    theme = Theme.objects.get(questions__number=1)
    propose(officer_client, sent, WROTE, checked="on", theme=str(theme.pk))
    decide(second_client, Quote.objects.get(), "approve")
    close()

    for client, address in (
        (visitor, ThemePage.objects.get(translation_key=theme.key).get_url()),
        (second_client, f"/admin/consultations/quotes/{Quote.objects.get().pk}/"),
        (second_client, "/admin/consultations/quotes/"),
    ):
        shown = client.get(address).content.decode()
        assert "&lt;b&gt;Ring" in shown
        assert "<b>Ring" not in shown


@pytest.mark.parametrize("does", ["refuse", "take-down", "", "erase"])
def test_no_is_said_with_a_reason_and_by_a_button(officer_client, second_client, page, sent, does):
    propose(officer_client, sent)
    quote = Quote.objects.get()
    if does == "take-down":
        decide(second_client, quote, "approve")
        quote.refresh_from_db()

    assert decide(second_client, quote, does).status_code == 200

    assert Quote.objects.get().revision == quote.revision


def test_two_tabs_do_not_decide_twice(officer_client, second_client, page, sent):
    propose(officer_client, sent)
    quote = Quote.objects.get()
    decide(second_client, quote, "approve")

    late = said(decide(second_client, quote, "refuse", reason="No"))

    assert "Somebody else has changed this quote" in late
    assert Quote.objects.get().state == "approved"


def test_the_trail_says_who_quoted_and_who_looked(officer_client, second_client, page, sent):
    propose(officer_client, sent)
    second_client.get(f"/admin/consultations/quotes/{Quote.objects.get().pk}/")

    assert set(Handling.objects.values_list("name", "act")) == {("officer", "quoted"), ("second", "viewed")}


def test_a_redacted_copy_takes_down_what_it_leaves_out(officer_client, second_client, page, sent):
    propose(officer_client, sent)
    decide(second_client, Quote.objects.get(), "approve")

    copy = WROTE.replace("by the river", "[…]")
    address = f"/admin/consultations/{sent.consultation_id}/responses/{sent.pk}/redact/1/0/"
    told = said(officer_client.post(address, {"text": copy}, follow=True))

    assert Redaction.objects.exists()
    assert "1 quote says what is left out now" in told
    assert not quotes.shown()


def test_the_list_shows_what_waits_first_and_filters(officer_client, page, sent):
    make_quotes(page, sent, 2)
    propose(officer_client, sent)

    rows = re.findall(
        r'href="/admin/consultations/quotes/(\d+)/"', said(officer_client.get("/admin/consultations/quotes/"))
    )
    approved = said(officer_client.get("/admin/consultations/quotes/?state=approved"))

    assert int(rows[0]) == Quote.objects.get(state="proposed").pk
    assert len(rows) == 3
    assert approved.count("/admin/consultations/quotes/") < 20
    assert f"/quotes/{rows[0]}/" not in approved


def make_quotes(page, response, n, theme=None):
    for number in range(n):
        Quote.objects.create(
            consultation=page.consultation,
            response=response,
            question=1,
            text=f"Words {number}",
            language="ga" if number else "en",
            year=2026,
            theme=theme,
            place=n - number,
            state="approved",
            proposer="officer",
        )


def test_one_quote_or_ten_cost_the_same(officer_client, visitor, page, sent):
    theme = Theme.objects.get(questions__number=1)
    close()
    addresses = [ThemePage.objects.get(translation_key=theme.key).get_url(), "/admin/consultations/quotes/"]

    def queries():
        found = []
        for client, address in zip((visitor, officer_client), addresses, strict=True):
            client.get(address)
            with CaptureQueriesContext(connection) as asked:
                client.get(address)
            found.append(len(asked))
        return found

    make_quotes(page, sent, 1, theme)
    one = queries()
    make_quotes(page, sent, 9, theme)

    assert queries() == one


def test_quotes_stand_in_their_order_with_their_language(visitor, page, sent):
    theme = Theme.objects.get(questions__number=1)
    close()
    make_quotes(page, sent, 3, theme)

    shown = said(visitor.get(ThemePage.objects.get(translation_key=theme.key).get_url()))

    assert re.findall(r"<bdi>(Words \d)</bdi>", shown) == ["Words 2", "Words 1", "Words 0"]
    assert len(re.findall(r'<blockquote lang="ga">', shown)) == 2


def test_quotes_stand_with_the_outcome(visitor, page, sent):
    make_quotes(page, sent, 2)
    type(page).objects.update(
        we_asked="<p>A</p>", you_said="<p>B</p>", we_did="<p>C</p>", outcome_on=timezone.localdate()
    )
    close()
    Consultation.objects.update(outcome_on=timezone.localdate())

    shown = said(visitor.get(page.get_url()))

    assert re.findall(r"<bdi>(Words \d)</bdi>", shown) == ["Words 1", "Words 0"]
    assert "from a response, 2026" in shown


def test_a_consultation_that_not_everybody_can_read_is_not_quoted(visitor, page, sent):
    theme = Theme.objects.get(questions__number=1)
    close()
    make_quotes(page, sent, 1, theme)
    PageViewRestriction.objects.create(page=page, restriction_type="login")

    assert "Words 0" not in said(visitor.get(ThemePage.objects.get(translation_key=theme.key).get_url()))


def test_the_words_of_a_response_that_was_taken_back_are_nowhere(officer_client, second_client, page, sent):
    propose(officer_client, sent)
    changes.withdraw(sent)

    assert officer_client.get(place(sent)).status_code == 404
    assert not AnswerWords.objects.exists()
    assert not Quote.objects.exists()


def test_editors_find_the_question_worded(editor_client):
    from consultation.blocks import ConsentBlock

    block = ConsentBlock()

    assert block.get_default()["agreed"] == "Yes"
    assert "without your name" in block.get_default()["label"]


def test_a_translation_of_the_question_keeps_its_options(page, at_once):
    irish = translate(page, "ga", {"May we quote you?": "An bhfuil cead?", "Yes": "Tá", "No": "Níl"})

    from consultation import instrument

    question = instrument.current(page.consultation, "ga").question(2)
    assert irish.live
    assert [option.label.text for option in question.options] == ["Tá", "Níl"]
