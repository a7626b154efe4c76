"""What stands between questions."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock


class InformationBlock(blocks.RichTextBlock):
    """Words between questions."""

    class Meta:
        icon = "info-circle"
        label = _("Words between questions")


class PictureBlock(blocks.StructBlock):
    """An image between questions."""

    image = ImageChooserBlock(label=_("Image"))
    alt = blocks.CharBlock(
        label=_("What the image shows"),
        max_length=255,
        default="",
        help_text=_("Read aloud to people who can't see the image. Say what they need to answer the questions."),
    )

    class Meta:
        icon = "image"
        label = _("Image between questions")
