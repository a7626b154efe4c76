"""The field in which an administrator writes or picks a colour."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ColourInput(forms.TextInput):
    """A colour in words, #rrggbb; with JavaScript a picker stands beside it. Empty is allowed, as no picker can be."""

    def __init__(self, default: str) -> None:
        super().__init__({"data-colour": default, "data-colour-label": _("Pick a colour"), "placeholder": default})

    class Media:
        js = ["js/colour.js"]
        css = {"all": ["css/colour.css"]}
