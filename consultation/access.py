"""Who may do what, one function per audience."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef
from django.http import Http404, HttpRequest
from wagtail.models import Page, PageViewRestriction

from consultation.models import Consultation


@dataclass(frozen=True)
class Offer:
    """A consultation as it is offered in one language, with the addresses of its pages by language code."""

    consultation: Consultation
    language: str
    pages: dict[str, Page]

    @property
    def page(self) -> Page:
        """The page in the language of the offer."""
        return self.pages[self.language]


def answerable(request: HttpRequest, consultation_id: int, language: str) -> Offer:
    """A consultation that the visitor may answer in that language. Two queries.

    It is offered while its leading page is live, in the languages whose pages are, and where no restriction keeps
    the visitor from the page. Raises Http404 otherwise.
    """
    published = Consultation.objects.select_related("version").filter(version__isnull=False)
    consultation = published.filter(pk=consultation_id).first()
    if consultation is None:
        raise Http404
    restrictions = PageViewRestriction.objects.annotate(inner=ExpressionWrapper(OuterRef("path"), CharField())).filter(
        inner__startswith=F("page__path")
    )
    live = (
        Page.objects.filter(translation_key=consultation.key, live=True, alias_of__isnull=True)
        .select_related("locale")
        .annotate(is_restricted=Exists(restrictions))
    )
    pages = {page.locale.language_code: page for page in live}
    if consultation.language not in pages or language not in pages:
        raise Http404
    # Where a translation lacks a text, the leading page's shows, so both have to be open to the visitor.
    if _is_kept_from(request, pages[language]) or _is_kept_from(request, pages[consultation.language]):
        raise Http404
    return Offer(consultation, language, pages)


def _is_kept_from(request: HttpRequest, page: Page) -> bool:
    return page.is_restricted and not all(
        restriction.accept_request(request) for restriction in page.get_view_restrictions()
    )


def may_see_summaries(request: HttpRequest) -> bool:
    """Officers see exact figures."""
    return request.user.has_perm("consultation.view_summary")


def may_download(request: HttpRequest) -> bool:
    """The right to download is a right of its own, apart from the right to edit pages."""
    return request.user.has_perm("consultation.download_responses")


def require(allowed: bool) -> None:
    """Refuse what is not allowed."""
    if not allowed:
        raise PermissionDenied
