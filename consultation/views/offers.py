"""What a consultation's page offers to download: to each officer only what their rights let them take."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consultation import pin, summary
from consultation.access import levels
from consultation.models import Consultation, Export, Level


@dataclass(frozen=True)
class Explained:
    """A level in words."""

    level: Level
    allowed: bool
    has: str | Promise
    who: str | Promise


@dataclass(frozen=True)
class Offers:
    """What the page shows."""

    explained: list[Explained]
    levels: list[Level]  # of responses, those that may be taken
    full: bool
    open: bool  # may be taken
    published: bool  # and there is something
    languages: list[tuple[str, str]]
    exports: list[Export]  # the officer's own, of the last day


WORDS = {
    Level.OPEN: (
        _(
            "The figures that the public sees, rounded, with * for 1 to 7. Nothing that the theme pages do not show, so"
            " it can be passed on to anybody."
        ),
        _("For whoever may pass figures on."),
    ),
    Level.ANALYSIS: (
        _(
            "Every response with what people chose and wrote, without the names of organisations, the roles of those"
            " who wrote for them, and the questions that are marked “Personal data”. Somebody may have named a person"
            " elsewhere all the same, so keep it inside the council."
        ),
        _("For officers who work with the answers."),
    ),
    Level.FULL: (
        _("Every response with everything that was asked and written, names and roles included. It is personal data."),
        _("For the few officers who have to know who said something, or who keep the whole package."),
    ),
}


def of(request: HttpRequest, consultation: Consultation) -> Offers | None:
    """The offers to whoever asks; None where they may take nothing."""
    allowed = levels(request)
    if not allowed:
        return None
    is_open = Level.OPEN in allowed
    own = Export.objects.filter(consultation=consultation, by=request.user.pk, level__in=allowed)
    return Offers(
        [Explained(level, level in allowed, *words) for level, words in WORDS.items()],
        [level for level in allowed if level != Level.OPEN],
        Level.FULL in allowed,
        is_open,
        is_open and pin.of_consultation(consultation, consultation.language) is not None,
        summary.languages(consultation),
        list(own.order_by("-pk")),
    )
