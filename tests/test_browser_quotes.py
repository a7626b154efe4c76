"""Quotes and being told the outcome, in Chromium: by keyboard, without JavaScript, on accessible pages of any width."""

import pytest
from django.contrib.auth.models import Group

from consultation import quotes
from consultation.models import AnswerWords, Consultation, Message, Quote, Subscriber, Theme
from consultation.quotes import Proposal
from home.models import ThemePage
from tests.consultation.test_quoting import close, send
from tests.factories import make_consultation_page, raw_block, raw_question
from tests.plan import make_theme
from tests.test_browser_responses import overflows, tab_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = (320, 768, 1280)
WROTE = (
    "More trees by the river. Ring 028 9018 0000. A word that does not end"
    + "x" * 200
    + " and from right to left: שלום"
)


@pytest.fixture
def consultation_page(db):
    questions = [
        raw_question("long_text", "What should change?", theme=str(make_theme().translation_key)),
        raw_question("consent", "May we quote you?", hint="Two people read it first.", agreed="Yes", refused="No"),
    ]
    section = raw_block("section", {"title": "All", "introduction": "", "questions": questions}, "all")
    return make_consultation_page(questionnaire=[section])


@pytest.fixture
def second(django_user_model):
    user = django_user_model.objects.create_user("second")
    user.groups.add(Group.objects.get(name="Officers (personal data)"))
    return user


def test_two_officers_publish_a_quote_by_keyboard(consultation_page, new_page, axe, officer, second):
    response = send(consultation_page, text=WROTE)
    page = new_page(user=officer)
    page.goto(f"/admin/consultations/{response.consultation_id}/responses/{response.pk}/")
    tab_to(page, "Propose a quote : 1. What should change?")
    page.keyboard.press("Enter")
    page.locator("#id_text").fill("More trees by the river.")
    tab_to(page, "Propose the quote", "button")
    page.keyboard.press("Enter")
    page.get_by_text("Somebody else has to approve it").first.wait_for()

    other = new_page(user=second)
    other.goto(f"/admin/consultations/quotes/{Quote.objects.get().pk}/")
    tab_to(other, "Approve", "button")
    other.keyboard.press("Enter")
    other.get_by_text("The quote was approved").first.wait_for()

    assert Quote.objects.get().state == "approved"


def test_the_officers_pages_are_accessible_and_as_narrow_as_their_screen(
    consultation_page, new_page, axe, officer, second
):
    response, silent = send(consultation_page, text=WROTE), send(consultation_page, said=2)
    words = AnswerWords.objects.get(response=response)
    proposed = quotes.propose(words, Proposal(WROTE, "en", Theme.objects.first(), 1, False), second)
    page = new_page(user=officer, bypass_csp=True)
    root = f"/admin/consultations/{response.consultation_id}/responses/"
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for part in (
            f"{root}{response.pk}/quote/1/0/",
            f"{root}{silent.pk}/quote/1/0/",
            "/admin/consultations/quotes/",
            f"/admin/consultations/quotes/{proposed.pk}/",
        ):
            page.goto(part)
            assert not overflows(page), (part, width)
            axe(page, context="main")


def test_the_public_pages_are_accessible_and_as_narrow_as_their_screen(consultation_page, new_page, axe, second):
    response = send(consultation_page, text=WROTE)
    words, theme = AnswerWords.objects.get(response=response), Theme.objects.get(questions__number=1)
    found = quotes.propose(words, Proposal(WROTE, "ga", theme, 1, False), second)
    Quote.objects.filter(pk=found.pk).update(state="approved")
    page = new_page(bypass_csp=True)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"/tell/{consultation_page.consultation.pk}/en/")
        axe(page)
        assert not overflows(page)
    close()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(ThemePage.objects.get(translation_key=theme.key).get_url())
        page.locator(".quote").wait_for()
        axe(page)
        assert not overflows(page), width


def test_somebody_asks_and_confirms_without_javascript(consultation_page, new_page):
    page = new_page(java_script_enabled=False)
    page.goto(consultation_page.get_url())
    page.get_by_role("link", name="Tell me when the outcome is out").click()
    page.get_by_label("E-mail address").fill("ada@example.org")
    page.get_by_role("button", name="Tell me").click()
    page.get_by_role("heading", name="Look into your e-mails").wait_for()
    path = next(line.strip() for line in Message.objects.get().body.splitlines() if "/confirm/" in line)

    page.goto("/tell/" + path.split("/tell/")[1])
    page.get_by_role("button", name="Yes, tell me").click()
    page.get_by_role("heading", name="We will tell you").wait_for()

    assert Subscriber.objects.get().confirmed_at
    assert page.context.cookies() == []
    assert Consultation.objects.get().subscribers.count() == 1
