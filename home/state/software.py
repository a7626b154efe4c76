"""Which release of the software runs."""

from functools import cache
from pathlib import Path

import django
import wagtail
from django.conf import settings
from django.utils.translation import gettext as _

from config import probes
from home.state.line import Found, attention, fault, fine


def software() -> Found:
    """What RELEASE says, or the commit of the checkout."""
    name = settings.RELEASE or commit(settings.BASE_DIR) or _("not known")
    said = _("%(release)s, on Wagtail %(wagtail)s and Django %(django)s")
    return fine(said % {"release": name, "wagtail": wagtail.__version__, "django": django.__version__})


@cache
def commit(folder: Path) -> str:
    """The commit that a checkout stands at, shortened; empty where it is none. As it was when this process began."""
    try:
        git = folder / ".git"
        if git.is_file():  # a worktree says where its records are
            git = folder / git.read_text().removeprefix("gitdir:").strip()
        head = (git / "HEAD").read_text().strip()
        if not head.startswith("ref: "):
            return head[:12]
        name = head.removeprefix("ref: ")
        common = git / "commondir"
        records = git / common.read_text().strip() if common.exists() else git
        loose = records / name
        if loose.exists():
            return loose.read_text().strip()[:12]
        packed = (records / "packed-refs").read_text().splitlines()
        return next((line[:12] for line in packed if line.endswith(f" {name}")), "")
    except OSError:
        return ""


def migrations() -> Found:
    """Whether the database is as this release needs it."""
    missing = probes.migrations.unapplied()
    if not missing:
        return fine(_("All are applied"))
    figure = _("Not applied: %(names)s") % {"names": ", ".join(missing[:5])}
    return fault(figure, _("Run “manage.py migrate”. Until then pages may fail."))


def web() -> Found:
    """Whether the settings are those of a site that others can reach."""
    if settings.DEBUG or settings.SETTINGS_MODULE == "config.settings.dev":
        advice = _("That is right for trying it out. For the public, run it with config.settings.production.")
        return attention(_("On a machine of one’s own"), advice)
    return fine(_("For the public"))
