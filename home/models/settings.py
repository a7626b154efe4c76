"""What an administrator sets for the whole site."""

import math
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from home import design_tokens
from home.colour import READABLE, is_colour, readable, worst
from home.colour_input import ColourInput
from home.design_tokens import Choices

INKS = tuple(f"ink_{number}" for number in range(1, len(design_tokens.INKS) + 1))


class ColourField(models.CharField):  # type: ignore[type-arg]
    """A colour as #rrggbb, or nothing: the one that the look comes with."""

    default_validators = [
        RegexValidator(
            r"^#[0-9A-Fa-f]{6}\Z",
            _("Write a colour as # and six digits or letters from a to f, such as #12403a."),
        )
    ]

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs |= {"max_length": 7, "blank": True, "default": "", "db_default": ""}
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]


@register_setting(icon="site")
class SiteLook(BaseSiteSetting):
    """The names at the head and foot of every page, the demonstration notice, colours, sizes and spaces."""

    class Size(models.TextChoices):
        """How large words are, and how much room there is around parts."""

        COMPACT = "compact", _("Compact")
        NORMAL = "normal", _("Normal")
        ROOMY = "roomy", _("Roomy")

    class Headings(models.TextChoices):
        """The letters of headings. All are on the reader's own device, so nothing is downloaded."""

        SERIF = "serif", _("With serifs")
        SANS = "sans", _("Without serifs, as the text")

    name = models.CharField(
        _("name of the site"),
        max_length=60,
        default="Connected",
        help_text=_("Stands at the top of every page and in the title of the browser's window."),
    )
    council = models.CharField(
        _("name of the council"),
        max_length=120,
        blank=True,
        default="",
        help_text=_("Stands under the site's name and at the foot of every page."),
    )
    contact_email = models.EmailField(
        _("contact e-mail"),
        blank=True,
        default="",
        help_text=_("Where readers ask questions, and ask for other formats or paper copies."),
    )
    social_image = models.ForeignKey(
        "wagtailimages.Image",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture for social networks"),
        help_text=_(
            "Shown where somebody shares a page without a picture of its own: at least 1,200 pixels wide and 630 high."
        ),
    )
    social_image_alt = models.CharField(
        _("what the picture shows"),
        max_length=255,
        blank=True,
        default="",
        db_default="",
        help_text=_("Read aloud to people who can't see the picture. Required with a picture."),
    )
    demonstration = models.BooleanField(
        _("show the demonstration notice"),
        default=False,
        help_text=_("Says on every page that this is a demonstration and not a council service."),
    )
    brand_colour = ColourField(
        _("brand colour"), help_text=_("Links, buttons, and the band at the top of the home page. A deep colour.")
    )
    accent_colour = ColourField(
        _("accent colour"), help_text=_("The points in the band at the top of the home page. A light colour.")
    )
    ink_1 = ColourField(_("theme 1"))
    ink_2 = ColourField(_("theme 2"))
    ink_3 = ColourField(_("theme 3"))
    ink_4 = ColourField(_("theme 4"))
    ink_5 = ColourField(_("theme 5"))
    ink_6 = ColourField(_("theme 6"))
    type_scale = models.CharField(
        _("size of words"), max_length=10, choices=Size, default=Size.NORMAL, db_default=Size.NORMAL
    )
    spacing = models.CharField(
        _("space around parts"), max_length=10, choices=Size, default=Size.NORMAL, db_default=Size.NORMAL
    )
    headings = models.CharField(
        _("headings"), max_length=10, choices=Headings, default=Headings.SERIF, db_default=Headings.SERIF
    )

    panels = [
        FieldPanel("name"),
        FieldPanel("council"),
        FieldPanel("contact_email"),
        MultiFieldPanel([FieldPanel("social_image"), FieldPanel("social_image_alt")], heading=_("Social networks")),
        FieldPanel("demonstration"),
        MultiFieldPanel(
            [
                HelpPanel(
                    _(
                        "An empty field keeps the colour that the site comes with. Every colour has to be readable "
                        "where it stands: one that is not is refused, and the nearest that is gets named. The dark "
                        "scheme is made from these. Save, then <a href='/' target='_blank'>look at the home page</a>."
                    )
                ),
                FieldRowPanel(
                    [
                        FieldPanel("brand_colour", widget=ColourInput(design_tokens.BRAND)),
                        FieldPanel("accent_colour", widget=ColourInput(design_tokens.ACCENT)),
                    ]
                ),
            ],
            heading=_("Colours"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel(name, widget=ColourInput(ink)) for name, ink in pairs])
                for pairs in (
                    tuple(zip(INKS, design_tokens.INKS, strict=True))[:3],
                    tuple(zip(INKS, design_tokens.INKS, strict=True))[3:],
                )
            ],
            heading=_("Colours of the themes"),
        ),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("type_scale"), FieldPanel("spacing"), FieldPanel("headings")])],
            heading=_("Words and space"),
        ),
    ]

    class Meta:
        verbose_name = _("look of the site")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a colour that can't be read where it stands, and a picture without words."""
        super().clean()
        faults: dict[str, Any] = dict(self._unreadable())
        if self.social_image_id and not self.social_image_alt.strip():
            faults["social_image_alt"] = _("Say what the picture shows.")
        if faults:
            raise ValidationError(faults)

    def _unreadable(self) -> Iterator[tuple[str, str]]:
        brand = self.brand_colour if is_colour(self.brand_colour) else ""
        if is_colour(self.brand_colour):
            grounds = design_tokens.grounds_of_brand()
            yield from _fault("brand_colour", self.brand_colour, grounds, readable(self.brand_colour, grounds))
        if is_colour(self.accent_colour):
            grounds = design_tokens.grounds_of_accent(brand)
            yield from _fault("accent_colour", self.accent_colour, grounds, readable(self.accent_colour, grounds))
        for name in INKS:
            ink = getattr(self, name)
            if is_colour(ink):
                yield from _fault(name, ink, design_tokens.grounds_of_ink(ink), design_tokens.nearest_ink(ink))

    @property
    def choices(self) -> Choices:
        """What was chosen for the style sheet."""
        return Choices(
            brand=self.brand_colour,
            accent=self.accent_colour,
            inks=tuple(getattr(self, name) for name in INKS),
            scale="" if self.type_scale == self.Size.NORMAL else self.type_scale,
            spacing="" if self.spacing == self.Size.NORMAL else self.spacing,
            sans=self.headings == self.Headings.SANS,
        )


def _fault(name: str, colour: str, grounds: tuple[str, ...], nearest: str) -> Iterator[tuple[str, str]]:
    found = worst(colour, grounds)
    if found < READABLE:
        # Rounded down: 4.499 is not to be called enough.
        ratio = f"{math.floor(found * 100) / 100:.2f}"
        yield name, TOO_FAINT % {"colour": colour, "found": ratio, "needed": READABLE, "nearest": nearest}


TOO_FAINT = _(
    "%(colour)s is hard to read where it stands: the contrast is %(found)s to 1, and %(needed)s to 1 is needed. "
    "The nearest colour that can be read is %(nearest)s."
)
