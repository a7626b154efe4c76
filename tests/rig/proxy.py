"""The proxy in front of the rig's web hosts."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.conftest import MISSING

CONFIGURATION = """
daemon off;
worker_processes 1;
error_log stderr;
pid {folder}/pid;
events {{ worker_connections 512; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/unused;
  uwsgi_temp_path {folder}/unused;
  scgi_temp_path {folder}/unused;
  client_max_body_size 16m;
  keepalive_requests 100000;
  upstream site {{
    {servers}
    keepalive 16;
  }}
  server {{
    listen {address}:{port} backlog=511;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_set_header Host $host;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header X-Forwarded-Proto https;
    proxy_connect_timeout 2s;
    proxy_read_timeout 40s;
    proxy_next_upstream error timeout;
    proxy_next_upstream_tries 2;
    location / {{ proxy_pass http://site; }}
    location /answer/ {{
      # Each form has the key of its answering, so that sending it twice is sending it once.
      proxy_next_upstream error timeout non_idempotent;
      proxy_pass http://site;
    }}
  }}
}}
"""


def configuration(folder: Path, address: str, port: int, webs: Sequence[str]) -> str:
    """What nginx is told."""
    servers = "\n    ".join(f"server {web} max_fails=1 fail_timeout=2s;" for web in webs)
    return CONFIGURATION.format(folder=folder, address=address, port=port, servers=servers)


def program() -> str:
    """Debian's nginx."""
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if found is None:
        pytest.skip(f"{MISSING}Debian's package nginx")
    return found
