"""Irish and Polish for the demonstration: its pages but its news, and the records of its plan.

wagtail-localize makes them as it does for an editor.

Not checked by a native reader: home, plan and draft plan say so in their own language until somebody signs them off.
"""

import json
from pathlib import Path

from wagtail.models import Locale, Page, TranslatableMixin
from wagtail_localize.models import StringSegment, StringTranslation, Translation, TranslationSource

from home.demo import texts
from home.demo.adding import find
from home.demo.consultations import CONSULTATIONS
from home.demo.events import EVENTS
from home.demo.plan import RECORDS, record
from home.demo.standard import TEXTS

FOLDER = Path(__file__).parent / "translations"
LANGUAGES = ("ga", "pl")
# In this order: a page can only be translated below a translated parent.
PAGES = (
    "plan",
    "plan/read",
    "plan/partners",
    *(f"theme/{text.key}" for text in texts.THEMES),
    *(f"theme/{text.key}/group" for text in texts.THEMES),
    "consultations",
    *(consultation.name for consultation in CONSULTATIONS),
    "ideas",
    "events",
    *(event.name for event in EVENTS),
    *(text.name for text in TEXTS),
)


def add_all() -> None:
    """Translate the pages and records that have no translation yet."""
    home = Page.objects.filter(depth=2, locale=Locale.get_default()).first()
    pages = [home, *(find(name) for name in PAGES)]
    records = [record(model, name) for model, name in RECORDS]
    for language in LANGUAGES:
        locale = Locale.objects.get(language_code=language)
        words = json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8"))
        for page in pages:
            # has_translation asks the database each time: a parent's translation was just made.
            if page is not None and not page.has_translation(locale):
                _translate(page.specific, locale, words)
        for found in records:
            if found is not None and not found.has_translation(locale):
                _translate(found, locale, words)


def _translate(original: TranslatableMixin, locale: Locale, words: dict[str, str]) -> None:
    source, _created = TranslationSource.get_or_create_from_instance(original)
    translation = Translation.objects.create(source=source, target_locale=locale)
    for segment in StringSegment.objects.filter(source=source).select_related("string"):
        if segment.string.data in words:
            StringTranslation.objects.get_or_create(
                translation_of=segment.string,
                locale=locale,
                context=segment.context,
                defaults={"data": words[segment.string.data]},
            )
    translation.save_target(publish=True)
