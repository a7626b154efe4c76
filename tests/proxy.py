"""The proxy of deploy/nginx on this machine alone: a real nginx, filled in as on a server, on ports of its own."""

import json
import os
import pwd
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import MISSING, ROOT

DEPLOY = ROOT / "deploy" / "nginx"
PATIENCE = 20  # seconds for nginx to answer

# What the distribution's own nginx.conf has around ours, with every folder in one place.
FRAME = """
daemon off;
worker_processes 2;
pid {folder}/pid;
error_log {folder}/frame.log warn;
{user}
events {{ worker_connections 512; }}
http {{
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/connected.conf;
}}
"""


@dataclass
class Proxy:
    """A running nginx."""

    folder: Path
    host: str
    port: int
    forget_port: int
    process: "subprocess.Popen[bytes]"

    @property
    def url(self) -> str:
        """Where visitors come in."""
        return f"http://{self.host}:{self.port}"

    @property
    def forget_url(self) -> str:
        """One of PROXY_CACHES."""
        return f"http://{self.host}:{self.forget_port}"

    @property
    def log(self) -> list[dict[str, Any]]:
        """What was written down, a line for each request."""
        return [json.loads(line) for line in (self.folder / "access.log").read_text().splitlines()]

    @property
    def everything_written(self) -> str:
        """Every log there is, as text."""
        return "".join(file.read_text() for file in sorted(self.folder.glob("*.log")))

    @property
    def kept(self) -> str:
        """Every page and file that is kept at the moment, as text."""
        files = [file for file in (self.folder / "cache").rglob("*") if file.is_file()]
        return "".join(file.read_bytes().decode(errors="replace") for file in files)


def fill(template: str, values: dict[str, str]) -> str:
    """Put values for names in ${}, as envsubst does; a name without a value is an error."""
    return re.sub(r"\$\{([A-Z_]+)\}", lambda name: values[name[1]], template)


def example() -> dict[str, str]:
    """The values of the example, by name."""
    lines = (DEPLOY / "proxy.env.example").read_text().splitlines()
    return dict(re.findall(r"^([A-Z_]+)='(.*)'$", "\n".join(lines), re.MULTILINE))


@contextmanager
def proxy(
    web: Sequence[str],
    *,
    host: str = "127.0.0.1",
    forget_from: str = "127.0.0.1",
    prefix: Sequence[str] = (),
    media: Path | None = None,
    template: str = "",
    **changes: str,
) -> Iterator[Proxy]:
    """Run nginx in front of web hosts ("127.0.0.1:8000"). prefix: a command to run it by, such as ip netns exec NAME.

    changes: other values of the example; template: another text than that of deploy/nginx.
    """
    binary = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if binary is None:
        pytest.skip(f"{MISSING}nginx")
    with tempfile.TemporaryDirectory(prefix="connected-proxy-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # nginx's workers are another user where root starts it
        for inside in ("cache", "extra"):
            (folder / inside).mkdir()
        if os.getuid() == 0:
            os.chown(folder / "cache", pwd.getpwnam("www-data").pw_uid, -1)
        port, forget_port, edition_port = free_ports(3)
        values = example() | {
            "LISTEN": f"{host}:{port}",
            "SCHEME": "$scheme",
            "WEB_SERVERS": " ".join(f"server {address} max_fails=3 fail_timeout=2s;" for address in web),
            "CACHE": f"{folder}/cache",
            "MEDIA": str(media or folder / "media"),
            "EXTRA": f"{folder}/extra",
            "ACCESS_LOG": f"{folder}/access.log",
            "ERROR_LOG": f"{folder}/error.log",
            "FORGET_LISTEN": f"{host}:{forget_port}",
            "FORGET_FROM": forget_from,
            "EDITION_LISTEN": f"127.0.0.1:{edition_port}",
            **changes,
        }
        text = template or (DEPLOY / "connected.conf.template").read_text()
        (folder / "connected.conf").write_text(fill(text, values))
        user = "user www-data;" if os.getuid() == 0 else ""
        (folder / "nginx.conf").write_text(FRAME.format(folder=folder, user=user))
        for log in ("access.log", "error.log", "frame.log"):
            (folder / log).touch()
        command = [*prefix, binary, "-e", f"{folder}/frame.log", "-c", f"{folder}/nginx.conf"]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        try:
            if not prefix:
                _wait(process, host, port)
            yield Proxy(folder, host, port, forget_port, process)
        finally:
            process.terminate()
            process.wait(10)


def _wait(process: "subprocess.Popen[bytes]", host: str, port: int) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        with closing(socket.socket()) as probe:
            if probe.connect_ex((host, port)) == 0:
                return
        if process.poll() is not None:
            said = process.stderr.read().decode() if process.stderr else ""
            raise AssertionError(f"nginx did not start: {said}")
        assert time.monotonic() < until, "nginx does not answer"
        time.sleep(0.05)


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()
