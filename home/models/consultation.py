"""The page of a consultation: its start page, and where editors build the questionnaire."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.fields import RichTextField, StreamField
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from consultation import basis, equality, foresight, forms, instrument, quotes, rehearsal, subscribers
from consultation.access import Offer
from consultation.answers import Answers
from consultation.basis import Received
from consultation.blocks import QuestionnaireBlock
from consultation.impact import Change
from consultation.models import Consultation, LifeEvent, PublishedResult, Quote, State, Theme
from consultation.questionnaire import Questionnaire, Text
from consultation.source import TOLD, Source, sections
from home.copy_form import DraftCopyForm
from home.models.base import BasePage, Translation
from home.models.blocks import FEATURES, BodyBlock, PaperBlock
from home.models.event_list import of_consultation
from home.models.life import OUTCOME, Life, told
from home.models.panels import ChecklistPanel, ImpactPanel, KeptPanel
from home.models.papers import ASSESSMENTS, Paper, papers
from home.models.retention import promised
from home.models.statement import Statement, shown
from home.models.theme_links import ThemeLink, theme_links
from home.records import settled, with_records


class QuestionnaireField(StreamField):
    """The questionnaire as its editor builds it. It is stored as JSON, so no block that changes needs a migration."""

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Leave the blocks out of migrations."""
        name, path, _args, kwargs = super().deconstruct()
        return name, path, [[]], {key: value for key, value in kwargs.items() if key != "block_lookup"}


class ConsultationPage(Life):
    """A consultation in one language. Answers hang on the Consultation record of the same key, never on a page."""

    introduction = RichTextField(
        _("why"),
        blank=True,
        default="",
        features=FEATURES,
        help_text=_("Why people are asked, in plain words."),
    )
    decision = models.TextField(
        _("what is being decided, and by whom"),
        blank=True,
        default="",
        help_text=_("Who takes the decision, and when: “The partnership decides in March.”"),
    )
    can_change = models.TextField(
        _("what can still change"),
        blank=True,
        default="",
        help_text=_("What the answers can influence, and what is already settled."),
    )
    body = StreamField(BodyBlock(), blank=True, verbose_name=_("more to read"))
    papers = StreamField(
        [("paper", PaperBlock())],
        blank=True,
        verbose_name=_("documents"),
        help_text=_("What people should be able to read first, easy-read and sign-language versions among them."),
    )
    other_ways = RichTextField(
        _("other ways to answer"),
        blank=True,
        default="",
        features=FEATURES,
        help_text=_("On paper, by telephone, at an event: how, where and until when."),
    )
    paper_return = models.TextField(
        _("where paper forms go"),
        blank=True,
        default="",
        db_default="",
        help_text=_(
            "Stands on the form to print: the address, and where it can be handed in. As long as this is empty, the "
            "form names the site’s contact e-mail."
        ),
    )
    privacy = RichTextField(
        _("privacy"),
        blank=True,
        default="",
        features=FEATURES,
        help_text=_("What happens to what people say about themselves, in short, or a link to the privacy notice."),
    )
    results = models.CharField(
        _("public figures"),
        max_length=10,
        choices=Consultation.Results,
        default=Consultation.Results.AFTER,
        help_text=_("When the theme pages show rounded figures of what people answered."),
    )
    ask_equality = models.BooleanField(
        _("ask the equality questions"),
        default=False,
        db_default=False,
        help_text=_(
            "After people have checked their answers, one page asks about the groups of Section 75. Every question can "
            "be skipped, and what people say is kept apart from their answers."
        ),
    )
    political_basis = models.TextField(
        _("lawful basis of asking for political opinions"),
        blank=True,
        default="",
        db_default="",
        help_text=_(
            "Which condition of Article 9 of the UK GDPR it rests on, and who decided so and when. As long as this is "
            "empty, nobody is asked about political opinions. It is not shown to the public."
        ),
    )
    questionnaire = QuestionnaireField(
        QuestionnaireBlock(),
        blank=True,
        verbose_name=_("questionnaire"),
        help_text=_("Each section is one page of the form. Questions that were answered are never lost by an edit."),
    )

    # What a preview shows in place of what was published.
    is_preview = False
    previewed_state: State | None = None

    override_translatable_fields = [
        *BasePage.override_translatable_fields,
        *Life.one_for_all_languages,
        SynchronizedField("results", overridable=False),
        SynchronizedField("ask_equality", overridable=False),
        SynchronizedField("political_basis", overridable=False),
    ]
    content_panels = [
        ImpactPanel(heading=_("What publishing this draft would change"), icon="warning"),
        ChecklistPanel(heading=_("Checklist"), icon="list-ul"),
        *BasePage.content_panels,
        Life.dates_panel,
        MultiFieldPanel(
            [FieldPanel("introduction"), FieldPanel("decision"), FieldPanel("can_change")],
            heading=_("What it is about"),
        ),
        FieldPanel("papers"),
        MultiFieldPanel(
            [
                FieldPanel("other_ways"),
                FieldPanel("paper_return"),
                FieldPanel("privacy"),
                FieldPanel("kept_until"),
                KeptPanel(),
            ],
            heading=_("Taking part"),
        ),
        Life.next_panel,
        FieldPanel("results"),
        FieldPanel("body"),
    ]
    edit_handler = TabbedInterface(
        [
            ObjectList(content_panels, heading=_("Start page")),
            ObjectList(
                [
                    FieldPanel("questionnaire"),
                    MultiFieldPanel(
                        [FieldPanel("ask_equality"), FieldPanel("political_basis")], heading=_("Equality questions")
                    ),
                ],
                heading=_("Questionnaire"),
            ),
            ObjectList(Life.course_panels, heading=_("Pause and outcome")),
            ObjectList(BasePage.promote_panels, heading=_("Promote")),
            ObjectList(BasePage.settings_panels, heading=_("Settings")),
        ]
    )
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("introduction"),
        index.SearchField("decision"),
        index.SearchField("can_change"),
        index.SearchField("we_asked"),
        index.SearchField("you_said"),
        index.SearchField("we_did"),
        index.SearchField("statements"),
        index.SearchField("body"),
    ]
    copy_form_class = DraftCopyForm
    exclude_fields_in_copy = [
        "review_on",
        "political_basis",  # each consultation needs its own
        "halt",
        "halt_reason",
        "dates_reason",
        "short_reason",
        "kept_until",
        "outcome_due",
        *OUTCOME,
        "statements",
        "decision_url",
    ]
    parent_page_types = ["home.ConsultationIndexPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("consultation")
        verbose_name_plural = _("consultations")

    def clean(self) -> None:
        """Give every block of the questionnaire its lasting id, and refuse what its life can't be."""
        # Wagtail stores what nobody has read as it came, and an id that is missing there would be a new one each time
        # it is read. Reading every block now makes the ids part of what is saved, in the page and in its revision.
        for section in self.questionnaire:
            list(section.value["questions"])
        super().clean()

    def source(self) -> Source:
        """This page's questionnaire as plain values. Meant for a page as it is stored, not one being edited."""
        return Source(
            key=self.translation_key,
            language=self.locale.language_code,
            title=self.title,
            opens_at=self.opens_at,
            closes_at=self.closes_at,
            results=self.results,
            sections=with_records(sections(list(self.questionnaire.raw_data)), self.locale.language_code),
            ask_equality=self.ask_equality,
            political_basis=self.political_basis,
            halt=self.halt,
            outcome_due=self.outcome_due,
            outcome_on=self.outcome_on,
            told=told(lambda name: getattr(self, name)),
        )

    @cached_property
    def consultation(self) -> Consultation | None:
        """The record that answers hang on; None before the leading page was first published."""
        return Consultation.objects.filter(key=self.translation_key).first()

    def would_change(self) -> list[Change]:
        """What publishing this page, as it is stored, would change about what people have answered."""
        return foresight.changes(self.consultation, settled(self.source(), self.consultation))

    @property
    def leads(self) -> bool:
        """Whether this page gives the consultation its questions and dates; before there is a record, any does."""
        own = self.locale.language_code
        return self.alias_of_id is None and (self.consultation is None or self.consultation.language == own)

    @property
    def period(self) -> Consultation:
        """Its life: the record's; in a preview or before there is one, this page's."""
        if self.consultation and not self.is_preview:
            return self.consultation
        own = self.as_record()
        if self.opens_at:
            own.kept_until, own.kept_months = promised(self)
        return own

    @property
    def state(self) -> State:
        """Where it is in its life, now; in a preview, whatever was asked for."""
        return self.previewed_state or self.period.state()

    @property
    def has_ended(self) -> bool:
        """Whether nobody will answer it any more."""
        return self.state in (State.CLOSED, State.OUTCOME, State.WITHDRAWN)

    @cached_property
    def told(self) -> dict[str, Text]:
        """What it tells beside the questionnaire, in the leading page's words where a translation has none."""
        if self.is_preview or not self.consultation:
            return {name: Text(text, self.lang) for name, text in told(lambda name: getattr(self, name)).items()}
        return {name: instrument.told(self.consultation, name, self.lang) for name in TOLD}

    @cached_property
    def events(self) -> list[LifeEvent]:
        """What changed since it had begun, in order."""
        return list(self.consultation.life.all()) if self.consultation else []

    @property
    def changed_dates(self) -> list[LifeEvent]:
        """The changes of its dates, in order."""
        return [event for event in self.events if event.kind in (LifeEvent.Kind.OPENING, LifeEvent.Kind.CLOSING)]

    @property
    def changed_keeping(self) -> list[LifeEvent]:
        """The changes of the day on which personal data goes, in order."""
        return [event for event in self.events if event.kind == LifeEvent.Kind.KEPT]

    @property
    def halted_at(self) -> dt.datetime | None:
        """Since when it is paused or withdrawn; None where nothing was noted, as in a preview."""
        kinds = {State.PAUSED: LifeEvent.Kind.PAUSED, State.WITHDRAWN: LifeEvent.Kind.WITHDRAWN}
        since = [event.at for event in self.events if event.kind == kinds.get(self.state)]
        return since[-1] if since else None

    @property
    def outcome_elsewhere(self) -> Translation | None:
        """The leading page, where that one alone says what came of it."""
        leading = self.consultation.language if self.consultation else None
        return None if self.has_outcome else next((t for t in self.translations if t.code == leading), None)

    @cached_property
    def told_figures(self) -> basis.Pinned:
        """The figures that everybody may see, of this consultation alone."""
        return basis.published([self.consultation]) if self.consultation else {}

    @property
    def received(self) -> Received | None:
        """How many took part, as published."""
        return basis.received(next(iter(self.told_figures.values()), None))

    @property
    def results_address(self) -> str:
        """Where its published results are, in this page's language or the leading one; empty where there are none."""
        result = next(iter(self.told_figures.values()), None)
        is_published = isinstance(result, PublishedResult) and not self.is_preview
        return reverse("results:newest", args=[result.consultation_id, self.lang]) if result and is_published else ""

    @cached_property
    def stated(self) -> tuple[Statement, ...]:
        """What people said, point by point, with what came of it; a draft that was never published rests on nothing."""
        return shown([(self.consultation or self.as_record(), self, self.lang)], self.lang, self.told_figures)[0]

    @cached_property
    def quotes(self) -> list[Quote]:
        """Words of those who agreed to be quoted, as they are shown with the outcome."""
        return list(quotes.shown().filter(consultation=self.consultation)[:MOST]) if self.consultation else []

    @cached_property
    def themes(self) -> list[ThemeLink]:
        """The themes that its questions belong to, or belonged to while they were asked."""
        asked = Theme.objects.filter(questions__consultation=self.consultation).distinct()
        return list(theme_links(asked, self.lang).values()) if self.consultation else []

    @property
    def documents(self) -> list[Paper]:
        """What there is to read, in the editor's order."""
        return papers(self.papers, "document", *ASSESSMENTS)

    @property
    def other_formats(self) -> list[Paper]:
        """Easy-read and sign-language versions."""
        return papers(self.papers, "easy_read", "sign_language")

    @property
    def offered(self) -> list[Translation]:
        """The languages in which it can be answered: none while the leading page is not live."""
        leading = self.consultation.language if self.consultation else None
        return self.translations if any(item.code == leading for item in self.translations) else []

    @property
    def equality_questions(self) -> tuple[equality.Question, ...]:
        """The equality questions that publishing this page would ask."""
        return equality.asked(self.ask_equality, self.political_basis)

    @cached_property
    def form(self) -> Questionnaire | None:
        """The questionnaire as published, in this page's language."""
        if self.consultation is None or self.consultation.version_id is None:
            return None
        return instrument.current(self.consultation, self.lang)

    def answer_url(self) -> str:
        """Where answering begins, in this page's language; from a preview, a test."""
        if self.is_preview:
            return reverse("trial:start", args=[self.pk]) if self.pk else ""
        return reverse("answering:start", args=[self.period.pk, self.lang])

    def tell_url(self) -> str:
        """Where somebody asks to be told the outcome; empty where nobody can, or there is nothing to wait for."""
        waits = self.state in subscribers.OFFERED and self.form is not None and self.offered
        if self.is_preview or not settings.OFFER_MAIL or not waits:
            return ""
        return reverse("telling:ask", args=[self.period.pk, self.lang])

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add what the start page says about the form, and the events that belong to it."""
        questions = len(list(self.form.questions)) if self.form else 0
        answerable = questions and self.state == State.OPEN and (self.offered or self.is_preview)
        return {
            **super().get_context(request, *args, **kwargs),
            "answer_url": self.answer_url() if answerable else "",
            "question_count": questions,
            "tell_url": self.tell_url(),
            "events": of_consultation(self.translation_key, self.lang),
        }

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        """The start page as it stands and in every state, and the form."""
        return [
            ("", _("Start page, today")),
            *((state.value, _("Start page: %(state)s") % {"state": state.label}) for state in State),
            (FORM, _("The form")),
        ]

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        """Show this text with its own dates, and the form that publishing it would make."""
        self.closes_at = self.closes_at or (timezone.now() if mode_name in (State.CLOSED, State.OUTCOME) else None)
        self.is_preview = True
        self.previewed_state = State(mode_name) if mode_name in State.values else None
        self.form = rehearsal.questionnaire(self.source())
        context: dict[str, Any] = super().get_preview_context(request, mode_name)
        offer = Offer(self.period, self.form.language, {self.form.language: self})
        sections = [(section, forms.filled(section, Answers())) for section in self.form.sections]
        return context | {"offer": offer, "sections": sections}

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        """The form has a page of its own."""
        template: str = super().get_preview_template(request, mode_name)
        return "home/consultation_form.html" if mode_name == FORM else template


FORM = "form"
MOST = 12  # quotes that stand with the outcome
