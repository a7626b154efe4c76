"""The proxy of deploy/nginx in front of the rig's web hosts, so that it can be killed and started again."""

import os
import pwd
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.conftest import MISSING
from tests.proxy import DEPLOY, FRAME, example, fill


def command(folder: Path, address: str, port: int, webs: Sequence[str]) -> list[str]:
    """How nginx is started; what it is told is written into the folder."""
    binary = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if binary is None:
        pytest.skip(f"{MISSING}Debian's package nginx")
    for inside in ("cache", "extra"):
        (folder / inside).mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)  # its workers are another user
    os.chown(folder / "cache", pwd.getpwnam("www-data").pw_uid, -1)
    values = example() | {
        "LISTEN": f"{address}:{port}",
        "SCHEME": "https",
        "WEB_SERVERS": " ".join(f"server {web} max_fails=3 fail_timeout=2s;" for web in webs),
        "CACHE": f"{folder}/cache",
        "MEDIA": f"{folder}/media",
        "EXTRA": f"{folder}/extra",
        "ACCESS_LOG": f"{folder}/access.log",
        "ERROR_LOG": f"{folder}/error.log",
        "FORGET_LISTEN": f"{address}:8081",
        "FORGET_FROM": f"{address}/24",
        "EDITION_LISTEN": "127.0.0.1:8082",
    }
    (folder / "connected.conf").write_text(fill((DEPLOY / "connected.conf.template").read_text(), values))
    (folder / "nginx.conf").write_text(FRAME.format(folder=folder, user="user www-data;"))
    return [binary, "-e", f"{folder}/frame.log", "-c", f"{folder}/nginx.conf"]
