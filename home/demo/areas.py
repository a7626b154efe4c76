"""Areas of the demonstration: names that are evidently nobody's, in the languages that its pages have."""

from wagtail.models import Locale

from consultation.models import Area
from home.demo.blocks import key

# By a lasting key, in their order. Not checked by a native reader.
NAMES = {
    "north": {"en": "Demo North", "ga": "Demo Thuaidh", "pl": "Demo Północ"},
    "south": {"en": "Demo South", "ga": "Demo Theas", "pl": "Demo Południe"},
    "east": {"en": "Demo East", "ga": "Demo Thoir", "pl": "Demo Wschód"},
    "west": {"en": "Demo West", "ga": "Demo Thiar", "pl": "Demo Zachód"},
    "centre": {"en": "Demo Centre", "ga": "Demo Láir", "pl": "Demo Centrum"},
}


def add_all() -> None:
    """Add the areas and the names that are missing."""
    locales = {locale.language_code: locale for locale in Locale.objects.all()}
    for position, (name, words) in enumerate(NAMES.items(), 1):
        for language, text in words.items():
            if language in locales:
                Area.objects.get_or_create(
                    translation_key=key(f"area/{name}"),
                    locale=locales[language],
                    defaults={"name": text, "position": position},
                )
