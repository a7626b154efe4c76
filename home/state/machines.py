"""What the site stands on: database, replica, cache, files, the disk."""

import os
import shutil
import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.db import DatabaseError, InterfaceError, connection, connections
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultation import running
from consultation.models import LastRun
from home.state.line import Found, attention, fault, fine

REPLICA = "replica"
BEHIND = 120  # seconds: a round of tick is noted every 20
SPACE, LEAST = 15, 5  # per cent of the disk

POSTGRESQL = """
    SELECT current_setting('server_version'), pg_database_size(current_database()), current_setting('fsync'),
        current_setting('full_page_writes'), current_setting('synchronous_commit'),
        current_setting('transaction_read_only')
"""


def database() -> Found:
    """The engine, its size, and whether what it has acknowledged is on the disk."""
    return _postgresql() if connection.vendor == "postgresql" else _sqlite()


def _postgresql() -> Found:
    with connection.cursor() as cursor:
        cursor.execute(POSTGRESQL)
        version, size, fsync, pages, commit, read_only = cursor.fetchone()
    settings_seen = f"fsync {fsync}, full_page_writes {pages}, synchronous_commit {commit}"
    figure = f"PostgreSQL {version.split()[0]}, {filesizeformat(size)}, {settings_seen}"
    if read_only == "on":
        return fault(figure, _("It takes no answers: it is a standby, or set to read only. Is this the primary?"))
    if "off" in (fsync, pages, commit):
        advice = _("A power cut can lose answers that people were told are received. Turn these settings on.")
        return fault(figure, advice)
    return fine(figure)


def _sqlite() -> Found:
    with connection.cursor() as cursor:
        seen = {}
        for pragma in ("journal_mode", "synchronous", "page_count", "page_size"):
            cursor.execute(f"PRAGMA {pragma}")
            seen[pragma] = cursor.fetchone()[0]
        cursor.execute("SELECT sqlite_version()")
        version = cursor.fetchone()[0]
    synchronous = {0: "off", 1: "normal", 2: "full", 3: "extra"}.get(seen["synchronous"], "?")
    size = filesizeformat(seen["page_count"] * seen["page_size"])
    figure = f"SQLite {version}, {size}, journal {seen['journal_mode']}, synchronous {synchronous}"
    if synchronous not in ("full", "extra"):
        advice = _("A power cut can lose answers that people were told are received. Turn these settings on.")
        return fault(figure, advice)
    return fine(figure)


def replica() -> Found | None:
    """How far the replica is behind, by the last round of tick that it knows; nothing where there is none."""
    if REPLICA not in connections.databases:
        return None
    advice = _("Summaries and downloads are read from it, so they may be old. The site goes on without it.")
    try:
        seen = _noted(REPLICA)
    except (DatabaseError, InterfaceError):
        return attention(_("It does not answer"), advice)
    known = _noted("default")
    if seen == known:
        return fine(_("It is up to date"))
    if seen is None or known is None:
        return attention(_("It has not seen any round of tick"), advice)
    behind = int((timezone.now() - seen).total_seconds())
    said = ngettext("At most %(n)d second behind", "At most %(n)d seconds behind", behind) % {"n": behind}
    return attention(said, advice, seen) if behind > BEHIND else fine(said)


def _noted(alias: str) -> Any:
    rows = LastRun.objects.using(alias).filter(name=running.TICK)
    return rows.values_list("ended_at", flat=True).first()


def shared_cache() -> Found:
    """Whether the cache gives back what it was given."""
    kind = settings.CACHES["default"]["BACKEND"].rpartition(".")[2]
    try:
        key = f"state-{uuid.uuid4().hex}"
        cache.set(key, "yes", 10)
        is_there = cache.get(key) == "yes"
        cache.delete(key)
    except Exception:  # whatever a cache raises, each kind its own
        is_there = False
    if is_there:
        return fine(kind)
    said = _("%(kind)s does not answer") % {"kind": kind}
    return attention(said, _("The site goes on without it, only slower. Look at the cache’s own service."))


def files() -> Found:
    """Whether each storage can be written to."""
    away = [name for name in settings.STORAGES if name != "staticfiles" and not _takes_files(storages[name])]
    kinds = sorted({type(storages[name]).__name__ for name in settings.STORAGES if name != "staticfiles"})
    if not away:
        return fine(", ".join(kinds))
    figure = _("Not reached, or not to be written to: %(names)s") % {"names": ", ".join(away)}
    return fault(figure, _("Nobody can upload pictures, bring in files or fetch large downloads. Look at the storage."))


def _takes_files(storage: Storage) -> bool:
    if isinstance(storage, FileSystemStorage):
        folder = Path(storage.location)
        while not folder.exists() and folder != folder.parent:  # it is made with the first file
            folder = folder.parent
        return os.access(folder, os.W_OK)
    try:
        storage.exists("state-of-the-site")
    except Exception:  # whatever a storage raises, each kind its own
        return False
    return True


def disk() -> Found:
    """How much is free where the site writes."""
    folder = settings.VAR_DIR if settings.VAR_DIR.exists() else settings.BASE_DIR
    usage = shutil.disk_usage(folder)
    share = 100 * usage.free // usage.total
    figure = _("%(free)s free, %(share)d %%") % {"free": filesizeformat(usage.free), "share": share}
    advice = _("Make room: old logs, old backups. A full disk refuses answers.")
    if share < LEAST:
        return fault(figure, advice)
    return attention(figure, advice) if share < SPACE else fine(figure)
