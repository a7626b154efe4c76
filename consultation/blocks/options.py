"""The options that people choose from, and the roles that these can have."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from consultation import kinds

ROLES = {
    kinds.ORDINARY: _("An ordinary option"),
    kinds.EXCLUSIVE: _("“None of these”: can't be ticked together with others"),
    kinds.OTHER: _("“Other”: people can write beside it"),
    kinds.DECLINED: _("“Prefer not to say”: percentages leave it out"),
}


def role(*offered: str) -> blocks.ChoiceBlock:
    """The choice of an option's role."""
    choices = [(name, label) for name, label in ROLES.items() if name in offered]
    return blocks.ChoiceBlock(label=_("What it does"), required=False, default="", choices=choices)


class OptionBlock(blocks.StructBlock):
    """One option of a choice."""

    label = blocks.CharBlock(label=_("Option"), max_length=255, default="")
    role = role(kinds.ORDINARY, kinds.OTHER, kinds.DECLINED)

    class Meta:
        icon = "dot"
        label_format = "{label}"


class OptionsBlock(blocks.ListBlock):
    """The options of a question: some roles are for one of them alone."""

    def clean(self, value: Any) -> Any:
        """Refuse a second option of such a role."""
        cleaned = super().clean(value)
        roles = [option.get("role", kinds.ORDINARY) for option in cleaned]
        repeated = [place for place, name in enumerate(roles) if name in kinds.ONCE and name in roles[:place]]
        if repeated:
            error = ValidationError(_("Only one option can have this role."))
            raise blocks.ListBlockValidationError(block_errors=dict.fromkeys(repeated, error))
        return cleaned
