"""The body of a page, as editors build it. Every text has a default, see consultation/blocks."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

FEATURES = ["h3", "bold", "italic", "link", "document-link", "ul", "ol"]


class HeadingBlock(blocks.CharBlock):
    """A heading of the second level; smaller ones are made within a paragraph."""

    class Meta:
        icon = "title"
        label = _("Heading")
        template = "home/blocks/heading.html"


class PictureBlock(blocks.StructBlock):
    """An image that says in words what it shows, unless it only decorates."""

    image = ImageChooserBlock(label=_("Image"))
    alt = blocks.CharBlock(
        label=_("What the image shows"),
        required=False,
        default="",
        max_length=255,
        help_text=_("Read aloud to people who can't see the image. Say what matters about it here."),
    )
    decorative = blocks.BooleanBlock(
        label=_("Only decoration"),
        required=False,
        default=False,
        help_text=_("Tick this where a reader who can't see the image misses nothing."),
    )
    caption = blocks.CharBlock(label=_("Caption"), required=False, default="", max_length=255)

    def clean(self, value: blocks.StructValue) -> blocks.StructValue:
        """Require words for an image that means something."""
        cleaned = super().clean(value)
        if not cleaned.get("alt") and not cleaned.get("decorative"):
            message = _("Say what the image shows, or tick “only decoration”.")
            raise blocks.StructBlockValidationError({"alt": ValidationError(message)})
        return cleaned

    class Meta:
        icon = "image"
        label = _("Image")
        template = "home/blocks/picture.html"


class QuotationBlock(blocks.StructBlock):
    """Somebody's words, with their source."""

    text = blocks.TextBlock(label=_("Words"), default="")
    source = blocks.CharBlock(label=_("Who or what is quoted"), required=False, default="", max_length=255)

    class Meta:
        icon = "openquote"
        label = _("Quotation")
        template = "home/blocks/quotation.html"


class DocumentBlock(blocks.StructBlock):
    """A document and the words of its link."""

    document = DocumentChooserBlock(label=_("Document"))
    title = blocks.CharBlock(
        label=_("Words of the link"),
        required=False,
        default="",
        max_length=255,
        help_text=_("Leave empty to use the document's own title. Type and size are added by themselves."),
    )

    class Meta:
        icon = "doc-full"
        label = _("Document")
        label_format = "{title}"


def languages() -> list[tuple[str, str]]:
    """The languages of the site, for a choice that no migration has to know."""
    return [(code, str(name)) for code, name in settings.LANGUAGES]


class PaperBlock(blocks.StructBlock):
    """Something to read before answering: a web page, a file, or the same in both."""

    KINDS = [
        ("document", _("Document")),
        ("easy_read", _("Easy read")),
        ("sign_language", _("Sign language")),
        ("equality_screening", _("Equality screening")),
        ("rural_needs", _("Rural needs assessment")),
    ]

    title = blocks.CharBlock(label=_("Title"), default="", max_length=255)
    kind = blocks.ChoiceBlock(choices=KINDS, label=_("What it is"), default="document")
    page = blocks.PageChooserBlock(label=_("Page of this site"), required=False)
    address = blocks.URLBlock(label=_("or address of a web page or video"), required=False, default="")
    document = DocumentChooserBlock(
        label=_("File"),
        required=False,
        help_text=_("A web page can be read by everyone; a file comes second. Type and size are added by themselves."),
    )
    language = blocks.ChoiceBlock(
        choices=languages,
        label=_("Language"),
        required=False,
        default="",
        help_text=_("Only where it differs from the language of this page."),
    )

    def clean(self, value: blocks.StructValue) -> blocks.StructValue:
        """Require something to read."""
        cleaned = super().clean(value)
        if not any(cleaned.get(name) for name in ("page", "address", "document")):
            message = _("Choose a page, an address or a file.")
            raise blocks.StructBlockValidationError({"page": ValidationError(message)})
        return cleaned

    class Meta:
        icon = "doc-full"
        label = _("Document")
        label_format = "{title}"


class BodyBlock(blocks.StreamBlock):
    """The body of a page."""

    heading = HeadingBlock(max_length=255, default="")
    paragraph = blocks.RichTextBlock(
        label=_("Text"), icon="pilcrow", features=FEATURES, template="home/blocks/paragraph.html"
    )
    picture = PictureBlock()
    quotation = QuotationBlock()
    documents = blocks.ListBlock(
        DocumentBlock(), label=_("Documents"), icon="doc-full-inverse", template="home/blocks/documents.html"
    )

    class Meta:
        required = False
