"""Hostile input on every public address: never a fault, and what is accepted is read back equal from the ledger."""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from random import Random
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import URLResolver, get_resolver
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from wagtail.documents.models import Document
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction

from consultation import drafts, instrument, receipts, tokens
from consultation.answers import read
from consultation.kinds import KINDS, TextBeside
from consultation.models import Consultation, Halt, Idea, Response
from consultation.questionnaire import Question, Questionnaire
from home.demo import pages as demo_pages
from home.demo.blocks import key
from home.models import Indicator
from tests.hostile.asking import Asked, Browser, Got
from tests.hostile.expecting import expected, storable
from tests.hostile.inputs import FORM, Fields, chance, cookies, form, requests, words

pytestmark = pytest.mark.django_db

BATCH = 16  # requests of an example
battery = pytest.mark.battery


def sizes(sample: int, parts: int, examples: int) -> Any:
    """A sample for every day, and parts of many examples for the battery."""
    many = [pytest.param(examples, marks=battery, id=f"{examples}-{part}") for part in range(parts)]
    return pytest.mark.parametrize("examples", [sample, *many])


# Every public address as urls.py has it, and with <> for its gaps. One that is not here fails a test: add it.
ROUTES = {
    r"documents/^(\d+)/(.*)$": "/documents/<>/<>",
    "documents/authenticate_with_password/<int:restriction_id>/": "/documents/authenticate_with_password/<>/",
    "answer/<id:consultation_id>/<slug:language>/": "/answer/<>/<>/",
    "answer/<id:consultation_id>/<slug:language>/<id:number>/": "/answer/<>/<>/<>/",
    "answer/<id:consultation_id>/<slug:language>/return/<slug:secret>/": "/answer/<>/<>/return/<>/",
    **{
        f"answer/<id:consultation_id>/<slug:language>/{step}/": f"/answer/<>/<>/{step}/"
        for step in ("later", "check", "equality", "done", "receipt", "correct", "keep", "withdraw", "again")
    },
    "paper/<id:consultation_id>/<slug:language>/": "/paper/<>/<>/",
    "results/<id:consultation_id>/<slug:language>/": "/results/<>/<>/",
    "results/<id:consultation_id>/<slug:language>/<id:number>/": "/results/<>/<>/<>/",
    "results/<id:consultation_id>/<slug:language>/<id:number>/<str:name>": "/results/<>/<>/<>/<>",
    "tell/<id:consultation_id>/<slug:language>/": "/tell/<>/<>/",
    "tell/<id:consultation_id>/<slug:language>/confirm/<slug:secret>/": "/tell/<>/<>/confirm/<>/",
    "tell/<id:consultation_id>/<slug:language>/stop/<slug:secret>/": "/tell/<>/<>/stop/<>/",
    "look/<slug:asked>.css": "/look/<>.css",
    "ideas/<slug:language>/": "/ideas/<>/",
    "sitemap.xml": "/sitemap.xml",
    "robots.txt": "/robots.txt",
    "healthz": "/healthz",
    "readyz": "/readyz",
    "metrics": "/metrics",
    "en/events.ics": "/<>/events.ics",
    "en/events/<uuid:key>.ics": "/<>/events/<>.ics",
    "en/news.atom": "/<>/news.atom",
    "en/search/": "/<>/search/",
    "ideas/<slug:language>/<slug:reference>/": "/ideas/<>/<>/",
    "indicators/<slug:language>/<uuid:key>.csv": "/indicators/<>/<>.csv",
    "en/_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/": (
        "/en/_util/authenticate_with_password/<>/<>/"
    ),
    "en/_util/login/": "/en/_util/login/",
    "admin/login/": "/admin/login/",
    r"en/^((?:[\w\-]+/)*)$": "/<>/<>/",
}
# Staff's areas let nobody in but through their door; the last two are no views.
INSIDE = ("admin/", "account/")
BESIDE = [
    "/admin/<>",
    "/admin/password_reset/",
    "/account/<>",
    "/account/login/",
    "/account/password/reset/",
    "/account/password/reset/key/<>-<>/",
    "/account/2fa/authenticate/",
    "/account/2fa/webauthn/login/",
    "/account/2fa/webauthn/keys/<>/edit/",
    "/account/oidc/<>/login/",
    "/account/oidc/<>/login/callback/",
    "/static/<>",
    "/media/<>",
]


def routes(resolver: URLResolver, before: str = "") -> Iterator[str]:
    """Every pattern of the site outside of the staff's areas."""
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if not isinstance(pattern, URLResolver):
            yield route
        elif route not in INSIDE:
            yield from routes(pattern, route)


def test_no_public_address_is_unknown_to_these_tests():
    assert set(routes(get_resolver())) == set(ROUTES)


@dataclass(frozen=True)
class Site:
    """The demonstration, and the addresses of what it shows."""

    consultation: Consultation
    known: list[str]

    @property
    def path(self) -> str:
        """Where it is answered."""
        return f"/answer/{self.consultation.pk}/en/"

    @property
    def questionnaire(self) -> Questionnaire:
        """Every kind of question, in several sections."""
        return instrument.current(self.consultation, "en")

    @property
    def names(self) -> list[str]:
        """What its fields are called."""
        found = [question.name for question in self.questionnaire.questions]
        beside = [f"{name}_{text}" for name in found for text in ("other", "name", "role")]
        others = ["about_age", "about_trans", "skip", "website", "idea", "theme", "email", "then", "return", "password"]
        return [*found, *beside, "q0", "q99999", "q" + "9" * 5_000, *others]


@pytest.fixture
def site(settings: Any, tmp_path: Any) -> Site:
    """The demonstration, with a page and a document that need a password."""
    settings.MEDIA_ROOT = tmp_path
    demo_pages.add_all()
    about = Consultation.objects.get(key=key("consultation/getting-about"))
    hidden = Page.objects.filter(depth=4).first()
    page_rule = PageViewRestriction.objects.create(page=hidden, restriction_type="password", password="word")
    open_ = Document.objects.create(title="Open", file=ContentFile(b"text", "open.txt"))
    apart = Collection.get_first_root_node().add_child(name="Apart")
    rule = CollectionViewRestriction.objects.create(collection=apart, restriction_type="password", password="word")
    closed = Document.objects.create(title="Closed", file=ContentFile(b"text", "closed.txt"), collection=apart)
    pages = [page.get_url() for page in Page.objects.live().filter(depth__gt=1)]
    steps = [
        "",
        "later/",
        "check/",
        "equality/",
        "done/",
        "receipt/",
        "correct/",
        "keep/",
        "withdraw/",
        "again/",
        "return/abc/",
    ]
    sections = [f"{section.number}/" for section in instrument.current(about, "en").sections]
    over = Consultation.objects.get(key=key("consultation/town-centres"))
    known = [
        *(f"/answer/{over.pk}/en/{step}" for step in [*steps, *sections]),
        *(f"/answer/{about.pk}/{language}/{step}" for language in ("en", "pl") for step in steps + 3 * sections),
        *(f"/paper/{consultation.pk}/{language}/" for consultation in (over, about) for language in ("en", "pl")),
        *3 * ["/ideas/en/", "/ideas/ga/"],
        *(f"/tell/{about.pk}/{step}/" for step in ("en", "pl", "en/confirm/abc", "en/stop/abc")),
        *(f"/indicators/en/{indicator.translation_key}.csv" for indicator in Indicator.objects.all()[:3]),
        *pages,
        open_.url,
        closed.url,
        f"/documents/authenticate_with_password/{rule.pk}/",
        f"/en/_util/authenticate_with_password/{page_rule.pk}/{hidden.pk}/",
        "/admin/login/",
        "/",
    ]
    return Site(about, known)


@contextmanager
def forgotten() -> Iterator[None]:
    """An example leaves nothing behind, and a broken transaction ends with it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def explore(examples: int, example: Any) -> None:
    """Let Hypothesis find examples. They are not made smaller: the message shows the one request that broke."""
    checks = {"deadline": None, "suppress_health_check": list(HealthCheck), "database": None}
    run = given(st.randoms(use_true_random=True))(example)
    settings(max_examples=examples, phases=[Phase.generate], **checks)(run)()


# Whatever is asked


def somebody(dice: Random, site: Site) -> tuple[Browser, Fields]:
    """A browser, wherever its owner is in answering, and what the forms it was shown hold."""
    browser, stage = Browser(), dice.choice(["new", "begun", "ready", "sent", "correcting"])
    about, born = site.consultation, uuid.uuid4()
    draft = None
    if stage != "new":
        draft, browser.cookies["answering"] = drafts.begin(about, born)
    if draft and stage != "begun":
        honest = {name: [value] for question in site.questionnaire.questions for name, value in honestly(question)}
        reading = read(site.questionnaire.questions, honest)
        assert not reading.errors
        drafts.save(
            draft, about, site.questionnaire.questions, reading.answers, drafts.sight(drafts.answers(draft), [])
        )
        draft.refresh_from_db()
        if stage != "ready":
            receipts.send(draft, about, "en", reading.answers.asked_by(site.questionnaire))
        if stage == "correcting":
            drafts.reopen(draft, reading.answers)
        draft.refresh_from_db()
    numbers = [str(question.number) for question in site.questionnaire.questions]
    return browser, [
        ("token", tokens.issue(about.pk, draft.sends if draft else born)),
        ("asked", " ".join(numbers[: dice.randrange(len(numbers) + 1)])),
        ("version", str(about.published.number)),
        ("revision", str(draft.revision if draft else 0)),
        ("seen", ""),
    ]


def stop(dice: Random, about: Consultation) -> None:
    """Whatever ends the taking of answers while somebody answers."""
    over = {"closes_at": timezone.now()}
    Consultation.objects.filter(pk=about.pk).update(
        **dice.choice([over, {"halt": Halt.PAUSED}, {"halt": Halt.WITHDRAWN}])
    )


def honestly(question: Question) -> list[tuple[str, str]]:
    """Something that is accepted."""
    if question.options:
        return [(question.name, str(question.options[0].number))]
    return [(question.name, {"number": "12", "date": ""}.get(question.kind, "More trees"))]


def any_address(site: Site, examples: int) -> None:
    """Ask anything of any address."""
    known, gaps = site.known, [*ROUTES.values(), *BESIDE]

    def example(dice):
        with forgotten():
            browser, hidden = somebody(dice, site)
            if chance(dice, 3):
                stop(dice, site.consultation)
            for _ in range(BATCH):
                browser.ask(requests(dice, known, gaps, hidden, site.names), cookies(dice))

    explore(examples, example)


@sizes(sample=40, parts=8, examples=1_000)
def test_nothing_that_is_asked_of_a_public_address_is_a_fault(site, examples):
    before = Browser.asked

    any_address(site, examples)

    say(examples, "any address", before)
    assert Browser.asked - before == examples * BATCH


# Whatever is accepted


def fields_of(shown: Got) -> Fields:
    """What a form sends beside what is filled in."""
    found = re.findall(r'type="hidden"\s+name="(\w+)"\s+value="([^"]*)"', shown.text)
    return [(name, unescape(value)) for name, value in found]


def post(site: Site, step: str, fields: Fields) -> Asked:
    """A form as a browser sends it."""
    return Asked("POST", f"{site.path}{step}".encode(), body=form(fields), content_type=FORM)


def hostile(dice: Random, question: Question) -> list[str]:
    """What is put into the inputs of a question."""
    if question.options:
        own = [*(str(option.number) for option in question.options), "", "99"]
        return [words(dice) if chance(dice, 8) else dice.choice(own) for _ in range(dice.randrange(4))]
    if question.kind == "date":
        part = ["", "1", "31", "02", " 3 ", "2026", "29", "12"]
        spoilt = [words(dice) if chance(dice, 6) else dice.choice(part) for _ in range(dice.choice([0, 1, 3, 3, 3]))]
        return dice.choice([spoilt, ["2", "3", "2026"], [str(dice.randrange(1, 29)), "02", " 2027 "]])
    if question.kind == "number":
        return [dice.choice(["", "0", "12", " 7 ", "1,000", "1 000", "+5", "007", "12.0", "1,5", ".5", words(dice)])]
    return [words(dice)]


Typed = tuple[list[str], dict[str, str]]  # what was typed into a question's inputs, and beside them by name


def beside(dice: Random, question: Question) -> dict[str, str]:
    """What is typed beside the options."""
    return {name: dice.choice(["", words(dice)]) for name in ["other", *(text.name for text in texts(question))]}


def texts(question: Question) -> tuple[TextBeside, ...]:
    """What is asked in words beside the options."""
    return KINDS[question.kind].texts


def answer(dice: Random, site: Site, browser: Browser, number: int) -> dict[int, Typed]:
    """Fill in a section until it is taken, and return by question what was typed."""
    step = f"{number}/"
    asked = site.questionnaire.sections[number - 1].questions
    typed = {q.number: (hostile(dice, q), beside(dice, q)) for q in asked}
    hidden = fields_of(browser.ask(Asked("GET", f"{site.path}{step}".encode())))
    for _attempt in range(4):
        fields = [*hidden]
        for question in asked:
            inputs, more = typed[question.number]
            fields += [(question.name, text) for text in inputs]
            fields += [(f"{question.name}_{name}", text) for name, text in more.items()]
        got = browser.ask(post(site, step, fields))
        if got.status == 303:
            return typed
        assert got.status == 200
        refused = {int(n) for n in re.findall(r'<a href="#q(\d+)', got.text)}
        assert refused, got.text
        for question in asked:  # whoever is refused gives in
            if question.number in refused:
                typed[question.number] = ([value for _name, value in honestly(question)], {})
    raise AssertionError(f"section {number} was not taken: {typed}")


def sends_and_reads_back(dice: Random, site: Site) -> None:
    """Answer everything, send it, and compare the ledger with what was typed."""
    browser = Browser()
    typed: dict[int, Typed] = {}
    for section in site.questionnaire.sections:
        typed |= answer(dice, site, browser, section.number)
    hidden = fields_of(browser.ask(Asked("GET", f"{site.path}check/".encode())))
    sent = browser.ask(post(site, "check/", hidden))
    assert sent.status == 303, sent.text
    stored = Response.objects.get()
    words = {(row.question, row.option): row.text for row in stored.words.all()}
    for question in site.questionnaire.questions:
        inputs, more = typed[question.number]
        value, said = expected(question, inputs)
        assert stored.answers[str(question.number)] == value, (question.kind, inputs)
        others = [option.number for option in question.options if option.role == "other"]
        assert words.pop((question.number, 0), "") == said, (question.kind, inputs)
        for other in others:
            chosen = value == other or (isinstance(value, list) and other in value)
            kept = storable(more.get("other", "")) if chosen else ""
            assert words.pop((question.number, other), "") == (kept if kept.strip() else ""), (question.kind, more)
        roles = {option.role for option in question.options if option.number == value}
        for text in texts(question):
            # What is typed beside an option that does not ask for it is left out, as the page says.
            kept = storable(more.get(text.name, "")) if roles & {*text.roles} else ""
            assert words.pop((question.number, text.number), "") == (kept if kept.strip() else ""), more
    assert words == {}


def accepted(site: Site, examples: int) -> None:
    """Send anything, and read back what was taken."""

    def example(dice):
        with forgotten():
            sends_and_reads_back(dice, site)

    explore(examples, example)


@sizes(sample=20, parts=4, examples=400)
def test_what_is_accepted_is_read_back_equal(site, examples):
    assert {question.kind for question in site.questionnaire.questions} == set(KINDS)
    before = Browser.asked

    accepted(site, examples)

    say(examples, "accepted and read back", before)


def shares_and_reads_back(dice: Random) -> None:
    """Share an idea, whatever it says, and compare what is stored, if anything, with what was typed."""
    typed, browser = words(dice), Browser()
    hidden = fields_of(browser.ask(Asked("GET", b"/ideas/en/")))
    got = browser.ask(Asked("POST", b"/ideas/en/", body=form([*hidden, ("idea", typed)]), content_type=FORM))
    assert got.status == (303 if Idea.objects.exists() else 200)
    assert [idea.text for idea in Idea.objects.all()] in ([], [storable(typed)])


@sizes(sample=20, parts=1, examples=2_000)
def test_what_an_idea_says_is_read_back_equal(site, examples):
    Idea.objects.all().delete()
    before = Browser.asked

    def example(dice):
        with forgotten():
            shares_and_reads_back(dice)

    explore(examples, example)
    say(examples, "ideas read back", before)


def say(examples: int, what: str, before: int) -> None:
    """How many cases there were, for whoever runs the battery with -rP."""
    print(f"{what}: {examples:,} examples, {Browser.asked - before:,} requests, none a fault")  # noqa: T201


@battery
def test_without_the_cleaner_both_are_found(site, monkeypatch):
    monkeypatch.setattr("consultation.kinds.words.clean", lambda text: (text, False))

    with pytest.raises((AssertionError, ValueError, ExceptionGroup)):
        accepted(site, 300)
