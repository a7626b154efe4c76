"""Whatever communications staff do with pages in three languages: every figure, file and answer stays right.

The machine writes, saves, schedules, submits, approves, reverts, translates, stops translating, unpublishes, deletes,
moves, copies and aliases real Wagtail pages, beside what tests/identity.py has citizens and officers do. What a form
says in each language is in the account, too, so no question is ever asked in another question's words.
"""

import datetime as dt
import json
import logging
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db.models import ProtectedError
from django.db.models.signals import post_delete
from django.http import Http404
from django.test import RequestFactory, TestCase
from django.utils import timezone
from hypothesis import HealthCheck, Phase
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule, run_state_machine_as_test
from wagtail.models import Locale, Page, Revision, WorkflowState
from wagtail.signals import page_published
from wagtail_localize.models import StringSegment, StringTranslation, Translation, TranslationSource

from consultation import access, changes, compile, instrument
from consultation.models import Consultation, Response
from consultation.questionnaire import Text
from home import publication, signals
from home.models import ConsultationIndexPage, ConsultationPage, HomePage
from tests.factories import make_consultation_page
from tests.identity import BLOCKS, LANGUAGES, Account, Answering, questionnaires, with_alone

pytestmark = pytest.mark.django_db

STEPS = 20
MOST = 2  # consultations in a run
QUESTIONNAIRES = questionnaires()


def raw(parts, words):
    """The stored questionnaire; words begin with the language, and every text names its block, kind and item."""
    questions = []
    for block, kind, items in parts:
        options = [
            {"type": "item", "id": name, "value": {"label": f"{words} {block} {kind} {name}", "role": ""}}
            for name in items
        ]
        value = {"label": f"{words} {block} {kind}", "hint": "", "theme": "", "required": False}
        questions.append({"type": kind, "id": block, "value": value | ({"options": options} if options else {})})
    return [{"type": "section", "id": "s", "value": {"title": "", "introduction": "", "questions": questions}}]


def texts(stored):
    """The texts of a stored questionnaire by (block, kind) and (block, kind, item), in order."""
    found = {}
    for question in stored[0]["value"]["questions"]:
        name = question["id"], question["type"]
        found[name] = question["value"]["label"]
        for option in question["value"].get("options", []):
            found[*name, option["id"]] = option["value"]["label"]
    return found


def indexes():
    """The two lists of consultations in English."""
    return list(ConsultationIndexPage.objects.filter(locale__language_code="en").order_by("path"))


@dataclass
class PageAccount(Account):
    """What is known of one consultation's pages as well."""

    leading: str = ""  # empty: not published yet
    live: set = field(default_factory=set)
    stored: dict = field(default_factory=dict)  # texts of each language's page as last published
    words: dict = field(default_factory=lambda: {language: {} for language in LANGUAGES})  # as the forms say them
    structures: set = field(default_factory=set)

    @property
    def pages(self):
        """The pages that can be edited, by language; aliases can't."""
        found = ConsultationPage.objects.filter(translation_key=self.key, alias_of=None).select_related("locale")
        return {page.locale.language_code: page for page in found}

    def goes_live(self, language, stored):
        """Take note of what a page says from now on."""
        self.live.add(language)
        self.stored[language] = stored
        if not self.leading and (language == "en" or "en" not in self.pages):
            self.leading = language
        if language == self.leading:
            self.asked = [(*name, []) for name in stored if len(name) == 2]
            for *_name, items in self.asked:
                items += [other[2] for other in stored if other[:2] == tuple(_name) and len(other) == 3]
            self.structures.add(json.dumps(self.asked))
            self.words[language] |= stored
            for other in self.live & self.stored.keys() - {language}:
                self._translated(other)
        elif self.leading:
            self._translated(language)

    def _translated(self, language):
        # Only what was ever asked has words, and a text in another language is none of this language's.
        for name, text in self.stored[language].items():
            if name in self.words[self.leading]:
                self.words[language][name] = text if text.startswith(f"{language}: ") else ""

    def text(self, language, name):
        own = self.words[language].get(name)
        return Text(own, language) if own else Text(self.words[self.leading][name], self.leading)


class Pages(Answering):
    """See the module."""

    def __init__(self):
        super().__init__()
        self.clock = time_machine.travel(timezone.now(), tick=True)
        self.now = self.clock.start()
        self.user = get_user_model().objects.get(username="administrator")
        self.another = get_user_model().objects.get(username="editor")
        page = ConsultationPage.objects.get()
        self.accounts = [PageAccount(page.translation_key)]
        self.accounts[0].goes_live("en", texts(page.questionnaire.raw_data))
        self.slugs = self.turn = 0
        self.look()

    def teardown(self):
        self.clock.stop()
        super().teardown()

    def offered(self, account):
        return sorted(account.live) if account.leading in account.live else []

    def look(self):
        """Note what the next step can be about: pages that can be edited, and what waits for a time or for approval."""
        number = {account.key: n for n, account in enumerate(self.accounts)}
        pages = ConsultationPage.objects.filter(alias_of=None, translation_key__in=number).order_by("pk")
        found = {
            pk: (number[key], language)
            for pk, key, language in pages.values_list("pk", "translation_key", "locale__language_code")
        }
        waiting = WorkflowState.objects.filter(status=WorkflowState.STATUS_IN_PROGRESS)
        self.every_page = sorted(found.values())
        # The pages that give structure; before a first publication, the ones that would.
        self.leading_pages = [(n, name) for n, name in self.every_page if name == (self.accounts[n].leading or "en")]
        self.other_pages = [place for place in self.every_page if place not in self.leading_pages]
        self.waiting = [found[int(pk)] for pk in waiting.values_list("object_id", flat=True) if int(pk) in found]
        self.scheduled = list(Revision.objects.filter(approved_go_live_at__isnull=False))

    def any_page(self, data, pages):
        n, language = data.draw(st.sampled_from(pages))
        return self.accounts[n], language, self.accounts[n].pages[language]

    def slug(self):
        self.slugs += 1
        return f"page-{self.slugs}"

    def going_live(self, account, language, revision, act=None):
        """Do what publishes a revision, and take note: now, or where it has a time to come, not yet."""
        page = revision.as_object()
        # As the revision knows it: a copy's may name one that was deleted with the original.
        was_live, time = page.live_revision_id, page.go_live_at
        (act or revision.publish)()
        if time is None or time <= timezone.now():
            account.goes_live(language, texts(json.loads(revision.content["questionnaire"])))
        elif not was_live:
            account.live.discard(language)  # Wagtail takes it down until then

    def edit(self, account, language, parts, words, way):
        page = account.pages[language].get_latest_revision_as_object()
        page.questionnaire = raw(parts, words)
        page.go_live_at = timezone.now() + dt.timedelta(hours=1) if way == "schedule" else None
        revision = page.save_revision(clean=False)
        if way in ("publish", "schedule"):
            self.going_live(account, language, revision)
        elif way == "submit" and not page.current_workflow_state:
            page.get_workflow().start(page, self.user)

    @precondition(lambda self: self.leading_pages)
    @rule(
        data=st.data(),
        parts=QUESTIONNAIRES,
        words=st.sampled_from(["Question", "Reworded"]),
        way=st.sampled_from(["publish", "publish", "save", "schedule", "submit"]),
    )
    def write(self, data, parts, words, way):
        account, language, _page = self.any_page(data, self.leading_pages)
        self.edit(account, language, parts, f"{language}: {words}", way)

    @precondition(lambda self: self.other_pages)
    @rule(
        data=st.data(),
        parts=QUESTIONNAIRES,
        words=st.sampled_from(["Question", "Reworded"]),
        way=st.sampled_from(["publish", "save", "schedule", "submit"]),
    )
    def stop_translating_and_write(self, data, parts, words, way):
        account, language, _page = self.any_page(data, self.other_pages)
        translations = Translation.objects.filter(source__object_id=account.key)
        translations.filter(target_locale__language_code=language).update(enabled=False)
        self.edit(account, language, parts, f"{language}: {words}", way)

    @precondition(lambda self: self.scheduled)
    @rule()
    def time_passes(self):
        self.now.shift(dt.timedelta(hours=2))
        call_command("publish_scheduled")
        for revision in self.scheduled:
            page = ConsultationPage.objects.get(pk=revision.object_id)
            account = next(account for account in self.accounts if account.key == page.translation_key)
            self.going_live(account, page.locale.language_code, revision, lambda: None)

    @precondition(lambda self: self.waiting)
    @rule(data=st.data())
    def approve(self, data):
        account, language, page = self.any_page(data, self.waiting)
        # Wagtail publishes what was saved last, even after it was submitted.
        self.going_live(account, language, page.get_latest_revision(), lambda: self.approve_each_step(page.pk))

    def approve_each_step(self, pk):
        """Somebody else than who sent it."""
        while state := ConsultationPage.objects.get(pk=pk).current_workflow_task_state:
            state.task.specific.on_action(state.specific, self.another, "approve")

    @precondition(lambda self: self.every_page)
    @rule(data=st.data())
    def revert(self, data):
        account, language, page = self.any_page(data, self.every_page)
        revisions = list(page.revisions.order_by("pk"))
        if revisions:
            earlier = data.draw(st.sampled_from(range(len(revisions))))
            again = revisions[earlier].as_object()
            again.go_live_at, again.slug = None, page.slug  # a copy has its original's revisions
            revision = again.save_revision(previous_revision=revisions[earlier], clean=False)
            self.going_live(account, language, revision)

    @precondition(lambda self: self.leading_pages)
    @rule(
        data=st.data(),
        language=st.sampled_from(LANGUAGES[1:]),
        synchronise=st.booleans(),
        blocks=st.sets(st.sampled_from(BLOCKS)),
        publish=st.sampled_from([True, True, False]),
    )
    def translate(self, data, language, synchronise, blocks, publish):
        """As wagtail-localize's editor does, from the page as it is now or as it was at the last synchronisation."""
        account, leading, page = self.any_page(data, self.leading_pages)
        locale = Locale.objects.filter(language_code=language).first()
        if locale is None or language == leading:
            return
        make = "update_or_create_from_instance" if synchronise else "get_or_create_from_instance"
        source, _created = getattr(TranslationSource, make)(page)
        translation, _created = Translation.objects.update_or_create(
            source=source, target_locale=locale, defaults={"enabled": True}
        )
        segments = StringSegment.objects.filter(source=source).select_related("string", "context")
        StringTranslation.objects.bulk_create(
            (
                StringTranslation(
                    translation_of=segment.string,
                    locale=locale,
                    context=segment.context,
                    data=f"{language}:{segment.string.data.partition(':')[2]}",
                )
                for segment in segments
                if segment.context.path.startswith("questionnaire.") and segment.string.data.split()[2] in blocks
            ),
            ignore_conflicts=True,
        )
        with TestCase.captureOnCommitCallbacks(execute=False) as publications:
            translation.save_target(publish=publish)
        page = account.pages[language]
        # What was an alias is a page now, and live with what its row holds; the live revision it names is another's.
        if page.live and not page.revisions.filter(pk=page.live_revision_id).exists():
            account.live.add(language)
            account.stored[language] = texts(page.questionnaire.raw_data)
        if publish:
            self.going_live(account, language, page.latest_revision, lambda: [act() for act in publications])

    @precondition(lambda self: self.every_page)
    @rule(data=st.data())
    def unpublish(self, data):
        account, language, page = self.any_page(data, self.every_page)
        page.unpublish()
        account.live.discard(language)

    @precondition(lambda self: self.every_page)
    @rule(data=st.data())
    def publish_the_latest(self, data):
        account, language, page = self.any_page(data, self.every_page)
        if page.latest_revision:
            self.going_live(account, language, page.latest_revision)

    @precondition(lambda self: self.every_page)
    @rule(data=st.data())
    def delete(self, data):
        account, language, page = self.any_page(data, self.every_page)
        versions = ConsultationPage.objects.filter(translation_key=account.key).exclude(pk=page.pk)
        if account.answered and not versions.exists():
            self.refused(page)
            return
        before = account.pages.keys()
        page.delete()
        account.live.discard(language)
        for other in account.pages.keys() - before:  # aliases of a page that is deleted become pages
            if account.pages[other].live:
                account.live.add(other)
                account.stored[other] = texts(account.pages[other].questionnaire.raw_data)

    @rule(data=st.data())
    def delete_what_is_above(self, data):
        """Only where it has to be refused."""
        last = []
        for account in self.accounts:
            versions = ConsultationPage.objects.filter(translation_key=account.key)
            last += [page for page in versions if account.answered and len(versions) == 1]
        if last:
            self.refused(data.draw(st.sampled_from(last)).get_parent().specific)

    def refused(self, page):
        def everything():
            return list(Page.objects.order_by("pk").values("pk", "path", "numchild", "live")), Response.objects.count()

        before = everything()
        with pytest.raises(ProtectedError):
            page.delete()
        assert everything() == before

    @precondition(lambda self: self.every_page)
    @rule(data=st.data())
    def move(self, data):
        _account, language, page = self.any_page(data, self.every_page)
        if language == "en":
            page.move(next(index for index in indexes() if not page.is_child_of(index)), pos="last-child")

    @precondition(lambda self: self.leading_pages)
    @rule(data=st.data(), language=st.sampled_from(LANGUAGES))
    def alias(self, data, language):
        """In the same tree, or in another language's as the synchronisation of trees makes them: nothing follows."""
        account, leading, page = self.any_page(data, self.leading_pages)
        locale = Locale.objects.filter(language_code=language).first()
        if language == leading:
            page.create_alias(parent=indexes()[1], update_slug=self.slug())
        elif locale and not ConsultationPage.objects.filter(translation_key=account.key, locale=locale).exists():
            page.copy_for_translation(locale, copy_parents=True, alias=True)

    @precondition(lambda self: len(self.accounts) < MOST and self.leading_pages)
    @rule(data=st.data(), keep_live=st.booleans())
    def copy(self, data, keep_live):
        _account, language, page = self.any_page(data, self.leading_pages)
        copy = page.copy(update_attrs={"slug": self.slug()}, keep_live=keep_live)
        account = PageAccount(copy.translation_key)
        self.accounts.append(account)
        if copy.live:
            account.goes_live(language, texts(copy.questionnaire.raw_data))

    @precondition(lambda self: not Locale.objects.filter(language_code="pl").exists())
    @rule()
    def polish_is_added(self):
        Locale.objects.create(language_code="pl")

    @invariant()
    def what_is_offered_is_live_and_only_a_publication_makes_a_consultation(self):
        self.look()
        assert Consultation.objects.count() == len(self.published()), "a consultation that nobody published"
        for account in self.accounts:
            offered = self.offered(account)
            page = ConsultationPage.objects.filter(translation_key=account.key, alias_of=None).first()
            if page:
                assert sorted(translation.code for translation in page.offered) == offered
            self.turn += 1
            language = LANGUAGES[self.turn % len(LANGUAGES)]
            if account.leading:
                assert is_answerable(account, language) == (language in offered)

    def check(self, account, consultation, rows):
        super().check(account, consultation, rows)
        for language in LANGUAGES:
            form = instrument.current(consultation, language)
            for question, (*name, items) in zip(form.questions, account.asked, strict=True):
                label = account.text(language, tuple(name))
                assert question.label == label, f"the form in {language} says {question.label} instead of {label}"
                for option, item in zip(question.options, items, strict=True):
                    assert option.label == account.text(language, (*name, item))
        assert consultation.versions.count() == len(account.structures), "a version without a new structure"


def is_answerable(account, language):
    """Whether a visitor would get the form."""
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    try:
        access.answerable(request, account.consultation.pk, language)
    except Http404:
        return False
    return True


@pytest.fixture(autouse=True)
def pages(db, administrator, editor, caplog):
    """What every run begins with: two lists of consultations, one consultation, English and Irish."""
    caplog.set_level(logging.CRITICAL)
    Locale.objects.exclude(language_code__in=["en", "ga"]).delete()
    make_consultation_page(questionnaire=raw([("a", "single", ["x", "y"])], "en: Question"))
    home = HomePage.objects.get(locale__language_code="en")
    home.add_child(instance=ConsultationIndexPage(title="More", slug="more", live=True))
    for page in indexes():
        page.copy_for_translation(Locale.objects.get(language_code="ga"), copy_parents=True, alias=True)


def run(examples=6, machine=Pages, phases=tuple(Phase)):
    chosen = hypothesis_settings(
        max_examples=examples,
        stateful_step_count=STEPS,
        phases=phases,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )
    run_state_machine_as_test(machine, settings=chosen)


def run_until_found(*rules):
    """Enough runs with these rules alone to find a planted fault; which of them is the smallest does not matter."""
    run(500, with_alone(Pages, rules), [Phase.generate])


def test_nothing_that_happens_to_pages_harms_a_figure_or_an_answer():
    run()


@pytest.mark.battery
@pytest.mark.parametrize("part", range(8))
def test_nothing_harms_a_figure_or_an_answer_in_two_thousand_runs(part):
    run(250)


def test_what_was_left_in_english_before_the_first_publication_is_not_irish():
    """A copy's Irish page goes live first; then the English page is reworded and published for the first time."""
    copy = ConsultationPage.objects.get().copy(update_attrs={"slug": "copy"}, keep_live=False)
    source, _created = TranslationSource.update_or_create_from_instance(copy)
    irish = Translation.objects.create(source=source, target_locale=Locale.objects.get(language_code="ga"))
    with TestCase.captureOnCommitCallbacks(execute=True):
        irish.save_target(publish=True)
    copy.refresh_from_db()
    copy.questionnaire = raw([("a", "single", ["x", "y"])], "en: Reworded")
    copy.save_revision().publish()

    (question,) = instrument.current(Consultation.objects.get(key=copy.translation_key), "ga").questions

    assert question.label == Text("en: Reworded a single", "en")


# Planted faults


@pytest.mark.battery
def test_structure_from_every_language_is_found(monkeypatch):
    monkeypatch.setattr(publication, "_leads", lambda page: True)

    with pytest.raises(AssertionError, match="^the form in (en|ga|pl) (asks|says)"):
        run_until_found("write", "translate", "stop_translating_and_write")


@pytest.mark.battery
def test_a_cascade_is_found(monkeypatch):
    """What is no longer asked is deleted."""
    monkeypatch.setattr(compile, "_retire", lambda rows: [row.delete() for row in list(rows)])

    with pytest.raises(AssertionError, match="^a question is lost|^a column is lost"):
        run_until_found("write", "submit")


@pytest.mark.battery
def test_a_missing_decrement_is_found(monkeypatch):
    monkeypatch.setattr(changes, "_take_out", lambda row, folded: None)

    with pytest.raises(AssertionError, match="^the figures are not those of the ledger"):
        run_until_found("submit", "correct", "take_back", "fold")


@contextmanager
def without(signal, name):
    """Leave out what follows from a signal."""
    assert signal.disconnect(sender=ConsultationPage, dispatch_uid=name)
    try:
        yield
    finally:
        signals.connect()


@pytest.mark.parametrize(
    ("fault", "rules"),
    [
        pytest.param("schedule", ["write", "unpublish"], marks=pytest.mark.battery),  # takes some 60 runs to be found
        pytest.param("alias", ["write", "alias"], marks=pytest.mark.battery),
    ],
)
def test_a_publication_that_is_none_is_found(fault, rules):
    """A page that is only scheduled, or an alias, takes effect at once."""

    def take_effect(instance, **kwargs):
        if fault == "schedule" and instance.alias_of_id is None or fault == "alias" and instance.live:
            publication.compile_page(instance)

    name = "take_effect_ConsultationPage"
    with without(page_published, name):
        page_published.connect(take_effect, sender=ConsultationPage, dispatch_uid=f"{name}_faulty")
        try:
            with pytest.raises(
                AssertionError, match="^the form in (en|ga|pl) (asks|says)|^a consultation that nobody published"
            ):
                run_until_found(*rules)
        finally:
            page_published.disconnect(sender=ConsultationPage, dispatch_uid=f"{name}_faulty")


def test_a_deletion_that_is_not_refused_is_found():
    with (
        without(post_delete, "refuse_last_page"),
        pytest.raises(pytest.fail.Exception, match="^DID NOT RAISE .*ProtectedError"),
    ):
        run_until_found("submit", "delete", "delete_what_is_above")
