"""What social networks show of a page that somebody shares."""

from dataclasses import dataclass
from typing import Any

from wagtail.images.models import SourceImageIOError

from home.models import SiteLook
from home.models.base import BasePage

SIZE = "fill-1200x630|format-jpeg"
# By their own list, which has neither Irish of this side of the border nor Ulster-Scots.
LOCALES = {"en": "en_GB", "ga": "ga_IE", "pl": "pl_PL", "lt": "lt_LT", "pt": "pt_PT"}


@dataclass(frozen=True)
class Picture:
    """A picture as others load it."""

    url: str  # with the host
    width: int
    height: int
    alt: str


def picture(page: BasePage, look: SiteLook) -> Picture | None:
    """The page's own picture, or else the one of the whole site."""
    own = getattr(page, "image", None)
    image, alt = (own, page.image_alt) if own else (look.social_image, look.social_image_alt)
    return _rendered(page, image, alt) if image else None


def _rendered(page: BasePage, image: Any, alt: str) -> Picture | None:
    try:
        rendition = image.get_rendition(SIZE)
    except SourceImageIOError:  # its file is gone
        return None
    site = page.get_site()
    root = site.root_url if site and rendition.url.startswith("/") else ""
    return Picture(f"{root}{rendition.url}", rendition.width, rendition.height, alt)


def locale(code: str) -> str:
    """A language as they write it; empty where they have none."""
    return LOCALES.get(code, "")
