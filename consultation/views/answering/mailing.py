"""The form that asks for an e-mail: the link, or a copy of what was sent."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import Http404
from django.utils.translation import gettext as _

from consultation import letters
from consultation.views.answering.visit import Visit


@dataclass(frozen=True)
class Mailing:
    """The form as it is shown: what was typed, what is wrong with it; or where the e-mail will go."""

    typed: str = ""
    error: str = ""
    sent_to: str = ""

    @property
    def errors(self) -> list[tuple[str, str]]:
        """For the summary at the head of the page."""
        return [("#email", self.error)] if self.error else []


def asked(visit: Visit, write: Callable[[str], None]) -> Mailing | None:
    """Read the form where it was sent, and write the e-mail to the address; None where the site sends none.

    The page is shown in reply to the form itself: an address to go on to would stand in logs.
    """
    is_sent = visit.request.method == "POST"
    if not settings.OFFER_MAIL:
        if is_sent:
            raise Http404
        return None
    if not is_sent:
        return Mailing()
    typed = visit.request.POST.get("email", "").strip()
    try:
        validate_email(typed)
        write(typed)
    except ValidationError:
        return Mailing(typed, _("Enter an e-mail address in the correct format, like name@example.org"))
    except letters.Enough:
        return Mailing(
            typed, _("Three e-mails were asked for about these answers already. Copy the link from this page instead.")
        )
    return Mailing(sent_to=typed)
