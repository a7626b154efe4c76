"""One sign-in per role for a machine of one's own, with passwords made at the first run."""

import json
import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

LOOPBACK = {"127.0.0.1", "localhost", "[::1]"}

# Role, user name, groups, and whether it may do everything.
CAST: list[tuple[str, str, tuple[str, ...], bool]] = [
    ("Editor: writes pages and sends them for approval", "editor", ("Editors",), False),
    ("Second editor: approves what the first one sent", "approver", ("Editors",), False),
    ("Moderator: the same, and reads ideas", "moderator", ("Moderators",), False),
    ("Officer, analysis: summaries, downloads without personal data", "analyst", ("Officers (analysis)",), False),
    (
        "Officer, personal data: the same, all downloads, single responses",
        "officer",
        ("Officers (personal data)",),
        False,
    ),
    (
        "Second officer, personal data: codes what the first one coded, checks, approves quotes",
        "colleague",
        ("Officers (personal data)",),
        False,
    ),
    ("Administrator: people, settings, publishing alone", "manager", ("Administrators",), False),
    ("Superuser: everything", "administrator", (), True),
]


def add(path: Path) -> None:
    """Make the users that are missing, with passwords from a file that only its owner reads, written where it lacks.

    Raises PermissionError on a site that others can reach.
    """
    if not set(settings.ALLOWED_HOSTS) <= LOOPBACK:
        raise PermissionError("sign-ins are made on a site for loopback only")
    known = json.loads(path.read_text()) if path.exists() else []
    passwords = {row["username"]: row["password"] for row in known}
    cast = []
    for role, username, groups, everything in CAST:
        password = passwords.get(username) or secrets.token_urlsafe(12)
        user, created = get_user_model().objects.get_or_create(username=username)
        if created or username not in passwords:
            user.set_password(password)
            user.is_superuser = user.is_staff = everything
            user.save()
            user.groups.set(Group.objects.filter(name__in=groups))
        cast.append({"role": role, "username": username, "password": password})
    if cast != known:
        path.parent.mkdir(exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(json.dumps(cast, indent=1))
