"""The one consultation that everybody uses: six items, two sections, two themes, open now. It needs no page."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from dataclasses import replace
from io import StringIO
from itertools import product
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from wagtail.models import Locale

from consultation.compile import compile_leading
from consultation.models import Consultation, Theme
from consultation.source import Source, SourceItem, SourceOption, SourceSection

THEMES = {
    "11111111-1111-4111-8111-111111111111": "Getting about",
    "22222222-2222-4222-8222-222222222222": "Green places",
}


def make_themes() -> list[Theme]:
    """The two themes, made where they are missing."""
    return [
        Theme.objects.get_or_create(key=uuid.UUID(key), defaults={"number": number, "name": name})[0]
        for number, (key, name) in enumerate(THEMES.items(), 1)
    ]


def make_source(**changes: Any) -> Source:
    """The consultation as its editor wrote it; changes replace fields of Source.

    Numbers after publication: 1 single, 2 multiple, 3 number, 4 short_text, 5 long_text.
    """
    getting_about, green_places = THEMES
    now = timezone.now()
    travel = SourceSection(
        id="travel",
        title="Getting about",
        introduction="How people move through the town.",
        items=(
            SourceItem(
                id="main-way",
                kind="single",
                label="How do you mostly travel?",
                required=True,
                theme=getting_about,
                options=(
                    SourceOption("walk", "On foot"),
                    SourceOption("bus", "By bus"),
                    SourceOption("elsewise", "Another way", "other"),
                ),
            ),
            SourceItem(
                id="wishes",
                kind="multiple",
                label="What would help?",
                hint="Choose up to three.",
                theme=getting_about,
                limit=3,
                options=(
                    SourceOption("paths", "Wider paths"),
                    SourceOption("buses", "More buses"),
                    SourceOption("lights", "Better lighting"),
                    SourceOption("something", "Something else", "other"),
                    SourceOption("nothing", "Nothing", "exclusive"),
                ),
            ),
            SourceItem(id="age", kind="number", label="How old are you?", minimum=0, maximum=120),
        ),
    )
    green = SourceSection(
        id="green",
        title="Green places",
        introduction="",
        items=(
            SourceItem(id="about-parks", kind="information", label="<p>The town has twelve parks.</p>"),
            SourceItem(id="park", kind="short_text", label="Which park is nearest to you?", theme=green_places),
            SourceItem(id="ideas", kind="long_text", label="What should change there?", theme=green_places),
        ),
    )
    source = Source(
        key=uuid.uuid4(),
        language="en",
        title="The town’s plan",
        opens_at=now - dt.timedelta(days=1),
        closes_at=now + dt.timedelta(days=30),
        results=Consultation.Results.AFTER,
        sections=(travel, green),
    )
    return replace(source, **changes)


def make_consultation(**changes: Any) -> Consultation:
    """Publish make_source(**changes); the same key again publishes the next version."""
    make_themes()
    with transaction.atomic():
        return compile_leading(make_source(**changes))


# Pages


def raw_block(kind: str, value: Any, name: str) -> dict[str, Any]:
    """A stored block with a lasting id."""
    return {"type": kind, "value": value, "id": str(uuid.uuid5(uuid.NAMESPACE_OID, name))}


def raw_question(kind: str, label: str, **settings: Any) -> dict[str, Any]:
    """A stored question; options are labels, or (label, role)."""
    options = [option if isinstance(option, tuple) else (option, "") for option in settings.pop("options", [])]
    items = [raw_block("item", {"label": text, "role": role}, f"{label}/{text}") for text, role in options]
    value = {"label": label, "hint": "", "theme": "", "required": False} | settings
    return raw_block(kind, value | ({"options": items} if items else {}), label)


def raw_questionnaire() -> list[dict[str, Any]]:
    """Two sections. Numbers after publication: 1 single (required), 2 multiple, 3 number, 4 long text."""
    travel = [
        raw_question(
            "single",
            "How do you mostly travel?",
            options=["On foot", "By bus", ("Another way", "other")],
            required=True,
            theme=next(iter(THEMES)),
        ),
        raw_question(
            "multiple",
            "What would help?",
            options=["Wider paths", "More buses", ("Nothing", "exclusive")],
            theme=next(iter(THEMES)),
        ),
    ]
    more = [
        raw_question("number", "How old are you?", minimum=0, maximum=120),
        raw_block("information", "<p>The town has <b>twelve</b> parks.</p>", "information"),
        raw_question("long_text", "What should change?", limit=200),
    ]
    return [
        raw_block("section", {"title": "Getting about", "introduction": "Each day.", "questions": travel}, "travel"),
        raw_block("section", {"title": "Green places", "introduction": "", "questions": more}, "green"),
    ]


def make_consultation_page(**changes: Any) -> Any:
    """Publish a consultation as an editor would, below a list of consultations."""
    from home.models import ConsultationIndexPage, ConsultationPage, HomePage

    make_themes()
    index = ConsultationIndexPage.objects.first()
    if index is None:
        index = ConsultationIndexPage(title="Consultations", slug="consultations")
        HomePage.objects.get(locale__language_code="en").add_child(instance=index)
        index.save_revision().publish()
    now = timezone.now()
    fields = {
        "title": "The town’s plan",
        "opens_at": now - dt.timedelta(days=1),
        "closes_at": now + dt.timedelta(days=30),
        "questionnaire": raw_questionnaire(),
    }
    page = ConsultationPage(**fields | changes)
    index.add_child(instance=page)
    page.save_revision().publish()
    return ConsultationPage.objects.get(pk=page.pk)


def translate(page: Any, language: str, words: dict[str, str], publish: bool = True) -> Any:
    """Translate a page as wagtail-localize's editor does, and return it; what words lack stays in its own language."""
    from wagtail_localize.models import StringSegment, StringTranslation, Translation, TranslationSource

    source, _created = TranslationSource.get_or_create_from_instance(page)
    locale = Locale.objects.get(language_code=language)
    translation, _created = Translation.objects.get_or_create(source=source, target_locale=locale)
    for segment in StringSegment.objects.filter(source=source):
        if segment.string.data in words:
            StringTranslation.objects.update_or_create(
                translation_of=segment.string,
                locale=locale,
                context=segment.context,
                defaults={"data": words[segment.string.data]},
            )
    translation.save_target(publish=publish)
    return translation.get_target_instance()


def open_package(
    folder: Path, languages: Iterable[str], *options: str, commits: Callable[[], Any] = nullcontext
) -> Consultation:
    """Import a package as staff do, open its page without an end, and publish it in other languages, too.

    The translations are what the package says. commits: see the fixture django_capture_on_commit_callbacks.
    """
    from home.models import ConsultationIndexPage, ConsultationPage, HomePage

    index = ConsultationIndexPage(title="Consultations", slug="consultations")
    HomePage.objects.get(locale__language_code="en").add_child(instance=index)
    index.save_revision().publish()
    call_command("import_package", str(folder), *options, stdout=StringIO())
    page = ConsultationPage.objects.latest("pk").get_latest_revision_as_object()
    page.closes_at = None
    page.save_revision().publish()
    for language, original in product(languages, (index.get_parent().specific, index, page)):
        if not original.has_translation(Locale.objects.get(language_code=language)):
            with commits():
                translate(original, language, {})
    return Consultation.objects.get(key=page.translation_key)
