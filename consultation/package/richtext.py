"""The rich text of a package: a few elements, and links that lead to the same place on every site."""

from wagtail.whitelist import Whitelister, allow_without_attributes, attribute_rule, check_url

# The key is how the editor knows a paragraph again.
_BLOCK = attribute_rule({"data-block-key": True})


class _Portable(Whitelister):  # type: ignore[misc, unused-ignore]
    element_rules = {
        "[document]": allow_without_attributes,
        **dict.fromkeys(("p", "ul", "ol", "li"), _BLOCK),
        **dict.fromkeys(("b", "strong", "i", "em", "br"), allow_without_attributes),
        "a": attribute_rule({"href": check_url}),
    }


def portable(html: str) -> str:
    """What of it means the same elsewhere. A link to a page of this site keeps its words: numbers of pages differ."""
    return str(_Portable().clean(html)).strip()
