"""What people said in their own words, on the page of a theme: in a fixed number of queries however many there are."""

from dataclasses import dataclass

from wagtail.models import Page

from consultation import quotes
from consultation.access import is_public
from consultation.models import Quote, Theme
from consultation.questionnaire import Text

MOST = 12  # quotes that a theme's page shows


@dataclass(frozen=True)
class ShownQuote:
    """A quote with the consultation that it is from, as its page calls it."""

    quote: Quote
    title: Text
    url: str


def quotes_of_theme(theme: Theme, language: str) -> list[ShownQuote]:
    """The published quotes of a theme, in their order. Two queries.

    Only of consultations whose leading page is live and for everybody.
    """
    found = list(quotes.shown().filter(theme=theme))
    keys = {quote.consultation.key for quote in found}
    live = Page.objects.live().filter(is_public(), translation_key__in=keys, alias_of=None).select_related("locale")
    pages = {(page.translation_key, page.locale.language_code): page for page in live} if found else {}
    shown = []
    for quote in found:
        consultation = quote.consultation
        leading = pages.get((consultation.key, consultation.language))
        if leading is not None:
            page = pages.get((consultation.key, language), leading)
            shown.append(ShownQuote(quote, Text(page.title, page.locale.language_code), str(page.url or "")))
    return shown[:MOST]
