"""All of it: the lines in their order, each found by itself, so that what can't be asked hides nothing else."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import DatabaseError, InterfaceError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from home.state import machines, rounds, software, work
from home.state.line import Found, Line, State, fault


@dataclass(frozen=True)
class Look:
    """Something to look at. far: it asks another machine than the database, which takes time."""

    name: str
    title: object
    ask: Callable[[], Found | None]
    far: bool = False


LOOKS = [
    Look("database", gettext_lazy("Database"), machines.database),
    Look("migrations", gettext_lazy("Changes to the database"), software.migrations),
    Look("replica", gettext_lazy("Replica"), machines.replica, far=True),
    Look("cache", gettext_lazy("Cache"), machines.shared_cache, far=True),
    Look("files", gettext_lazy("Storage of files"), machines.files, far=True),
    Look("disk", gettext_lazy("Disk"), machines.disk),
    Look("tick", gettext_lazy("Work of each minute (tick)"), rounds.tick),
    Look("fold", gettext_lazy("Counting of responses"), work.folding),
    Look("outbox", gettext_lazy("E-mails"), work.outbox),
    Look("schedule", gettext_lazy("Scheduled pages"), work.scheduled),
    Look("exports", gettext_lazy("Large downloads"), work.exports),
    Look("imports", gettext_lazy("Imports"), work.uploads),
    Look("tabulations", gettext_lazy("Large tables"), work.tabulations),
    Look("retention", gettext_lazy("Deletion of personal data"), work.retention),
    Look("held", gettext_lazy("Held responses"), work.held),
    Look("recount", gettext_lazy("Counts compared with the answers"), rounds.recount),
    Look("backup", gettext_lazy("Last backup"), rounds.backup),
    Look("restore", gettext_lazy("Last proven restore"), rounds.restore),
    Look("settings", gettext_lazy("Settings"), software.web),
    Look("software", gettext_lazy("Software"), software.software),
]
GRAVITY = {State.FAULT: 0, State.ATTENTION: 1, State.FINE: 2}


def lines(near: bool = False) -> list[Line]:
    """Every line, the worst first. near: without what asks other machines."""
    found = [
        Line(look.name, str(look.title), seen) for look in LOOKS if not (near and look.far) if (seen := _see(look))
    ]
    return sorted(found, key=lambda line: GRAVITY[line.state])


def worst(found: Iterable[Line]) -> State:
    """The gravest state of some lines."""
    return min((line.state for line in found), key=GRAVITY.__getitem__, default=State.FINE)


def _see(look: Look) -> Found | None:
    try:
        return look.ask()
    except (DatabaseError, InterfaceError, OSError) as trouble:
        said = _("It can’t be asked (%(fault)s)") % {"fault": type(trouble).__name__}
        return fault(said, _("The log says why. Look at the database first."))
