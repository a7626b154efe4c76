"""Pages of the demonstration by lasting keys: found where they are, added where they are missing."""

from typing import Any, TypeVar, cast

from wagtail.models import Locale, Page

from home.demo.blocks import key

P = TypeVar("P", bound=Page)


def find(name: str) -> Page | None:
    """The page of that name in English, if it is there."""
    page: Page | None = Page.objects.filter(translation_key=key(name), locale=Locale.get_default()).first()
    return page.specific if page else None


def add(parent: Page, model: type[P], name: str, **fields: Any) -> P:
    """Publish a page below its parent, unless one of that name is there already."""
    found = find(name)
    if found is not None:
        return cast(P, found)
    page: P = model(translation_key=key(name), locale=Locale.get_default(), slug=name.rsplit("/", 1)[-1], **fields)
    parent.refresh_from_db()
    parent.add_child(instance=page)
    page.save_revision().publish()
    page.refresh_from_db()
    return page
