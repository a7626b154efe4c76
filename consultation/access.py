"""Who may do what, one function per audience."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q
from django.http import Http404, HttpRequest
from wagtail.models import Page, PageViewRestriction

from consultation.models import Consultation, Level, Version
from consultation.questionnaire import Text


def interface(language: str) -> str:
    """The language of the site's own words on a form in some language."""
    found: str = settings.INTERFACE_LANGUAGES.get(language, language)
    return found


@dataclass(frozen=True)
class Offer:
    """A consultation as it is offered in one language, with the addresses of its pages by language code."""

    consultation: Consultation
    language: str
    pages: Mapping[str, Page]

    @property
    def page(self) -> Page:
        """The page in the language of the offer."""
        return self.pages[self.language]

    @property
    def title(self) -> Text:
        """What the page is called: in the leading language where it is called as the leading page is."""
        leading = self.pages.get(self.consultation.language, self.page)
        is_own = self.page.title != leading.title
        return Text(self.page.title, self.language if is_own else self.consultation.language)

    @property
    def interface(self) -> str:
        """The language of what the form says around the questions."""
        return interface(self.language)


# A consultation beside each page on which it is offered; restricted where a page above it, or itself, is.
LIVE = """
    FROM consultation_consultation c
    JOIN wagtailcore_page p ON p.translation_key = c.key AND p.live AND p.alias_of_id IS NULL
    JOIN wagtailcore_locale l ON l.id = p.locale_id
    WHERE c.id = %s AND c.version_id IS NOT NULL
"""
RESTRICTED = """
    EXISTS (
        SELECT 1 FROM wagtailcore_pageviewrestriction r JOIN wagtailcore_page above ON above.id = r.page_id
        WHERE substr(p.path, 1, length(above.path)) = above.path
    ) AS restricted
"""
OFFERED = {
    "sqlite": f"""
        SELECT c.*, p.id AS page, l.language_code AS offered_in, {RESTRICTED} {LIVE} ORDER BY p.path
    """,  # noqa: S608  nothing but our own constants
    # By a function, whose plan a connection keeps: planning takes longer than finding (migrations/0015_send.py).
    "postgresql": """
        SELECT c.*, o.page, o.offered_in, o.restricted
        FROM consultation_consultation c, consultation_offered(c.key) o
        WHERE c.id = %s AND c.version_id IS NOT NULL ORDER BY o.place
    """,
}


class Pages(Mapping[str, Page]):
    """Pages by language code; each is read when it is asked for."""

    def __init__(self, keys: Mapping[str, int]) -> None:
        self._keys = keys
        self._read: dict[str, Page] = {}

    def __getitem__(self, language: str) -> Page:
        """The page in a language, with its locale."""
        if language not in self._read:
            self._read[language] = Page.objects.select_related("locale").get(pk=self._keys[language])
        return self._read[language]

    def __iter__(self) -> Iterator[str]:
        """The languages."""
        return iter(self._keys)

    def __len__(self) -> int:
        """How many languages."""
        return len(self._keys)


def answerable(request: HttpRequest, consultation_id: int, language: str) -> Offer:
    """A consultation that the visitor may answer in that language. One query, and one where a page is asked for.

    It is offered while its leading page is live, in the languages whose pages are, and where no restriction keeps
    the visitor from the page. Raises Http404 otherwise.
    """
    rows: Iterable[Any] = Consultation.objects.raw(OFFERED[connection.vendor], [consultation_id])
    offered = {row.offered_in: row for row in rows}
    consultation: Consultation | None = next(iter(offered.values()), None)
    if consultation is None or consultation.language not in offered or language not in offered:
        raise Http404
    # All else of the version, its structure above all, is read by those who need it.
    consultation.version = Version.from_db(connection.alias, ["id"], [consultation.version_id])
    pages = Pages({code: row.page for code, row in offered.items()})
    # Where a translation lacks a text, the leading page's shows, so both have to be open to the visitor.
    for code in (language, consultation.language):
        if offered[code].restricted and is_kept_from(request, pages[code]):
            raise Http404
    return Offer(consultation, language, pages)


def is_public() -> Q:
    """Whether no restriction of a page, or of one above it, keeps anybody out: for lists of pages.

    The same as Wagtail's public(), which would read the restrictions first, in a query of its own for every list.
    """
    path = ExpressionWrapper(OuterRef("path"), output_field=CharField())
    return ~Q(Exists(PageViewRestriction.objects.alias(inside=path).filter(inside__startswith=F("page__path"))))


def is_kept_from(request: HttpRequest, page: Page) -> bool:
    """Whether a restriction of the page, or of one above it, keeps the visitor out."""
    return not all(restriction.accept_request(request) for restriction in page.get_view_restrictions())


def may_see_summaries(request: HttpRequest) -> bool:
    """Officers see exact figures."""
    return request.user.has_perm("consultation.view_summary")


def may_see_equality(request: HttpRequest) -> bool:
    """Rounded equality figures are a right of their own; nobody has one to the answers themselves."""
    return may_see_summaries(request) and request.user.has_perm("consultation.view_equality")


RIGHTS = {Level.OPEN: "download_open", Level.ANALYSIS: "download_responses", Level.FULL: "download_full"}


def may_download(request: HttpRequest, level: Level = Level.ANALYSIS) -> bool:
    """Each level is a right of its own, apart from the right to edit pages, and none brings another with it."""
    return request.user.has_perm(f"consultation.{RIGHTS[level]}")


def levels(request: HttpRequest) -> list[Level]:
    """What may be downloaded, the most careful first."""
    return [level for level in RIGHTS if may_download(request, level)]


def may_download_ideas(request: HttpRequest) -> bool:
    """Ideas as they are shown; as they were written, with the right to personal data."""
    return may_download(request, Level.ANALYSIS) or may_download(request, Level.FULL)


def may_see_downloads(request: HttpRequest) -> bool:
    """Who took what away is seen by those who answer for it."""
    return request.user.has_perm("consultation.view_downloads")


def may_decide(request: HttpRequest) -> bool:
    """Who releases and rejects what is held reads what people wrote, so it is a right of its own."""
    return request.user.has_perm("consultation.decide_on_held")


def may_read(request: HttpRequest) -> bool:
    """What one person answered is read by those with a right of their own: figures do not need it."""
    return request.user.has_perm("consultation.read_responses")


def may_redact(request: HttpRequest) -> bool:
    """Who redacts what people wrote has to read it."""
    return may_read(request) and request.user.has_perm("consultation.redact_responses")


def may_code(request: HttpRequest) -> bool:
    """Who codes what people wrote has to read it, and makes the codes, too."""
    return may_read(request) and request.user.has_perm("consultation.code_responses")


def may_quote(request: HttpRequest) -> bool:
    """Who proposes and approves quotes has to read what they are taken from."""
    return may_read(request) and request.user.has_perm("consultation.publish_quotes")


def may_erase(request: HttpRequest) -> bool:
    """Who erases a response has to see that it is the right one."""
    return may_read(request) and request.user.has_perm("consultation.erase_responses")


def may_bring_in(request: HttpRequest) -> bool:
    """Who keys in, imports, checks and undoes sees what people wrote on paper, so it is a right of its own."""
    return request.user.has_perm("consultation.bring_in_responses")


def may_publish_results(request: HttpRequest) -> bool:
    """Who publishes results sees the exact figures that they are made of."""
    return may_see_summaries(request) and request.user.has_perm("consultation.publish_results")


def may_see_trail(request: HttpRequest) -> bool:
    """Who handled which response is seen by those who answer for it."""
    return request.user.has_perm("consultation.view_audit")


def may_see_kept(request: HttpRequest) -> bool:
    """When personal data goes and what went is seen by officers and by those who answer for it."""
    return may_see_summaries(request) or may_see_trail(request)


def may_see_state(request: HttpRequest) -> bool:
    """Whether the site is well is seen by those who run it."""
    return request.user.has_perm("consultation.view_state")


def may_moderate(request: HttpRequest) -> bool:
    """Moderators read ideas before the public does."""
    return request.user.has_perm("consultation.moderate_ideas")


def may_erase_ideas(request: HttpRequest) -> bool:
    """What somebody wants to have deleted is deleted by those with a right of their own."""
    return request.user.has_perm("consultation.erase_ideas")


def require(allowed: bool) -> None:
    """Refuse what is not allowed."""
    if not allowed:
        raise PermissionDenied
