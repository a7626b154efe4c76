"""How gunicorn serves the site, in a container and as a unit alike: gunicorn --config deploy/gunicorn.conf.py."""

import os

wsgi_app = "config.wsgi"
pythonpath = "site"
bind = os.environ.get("BIND", "127.0.0.1:8000")

# Threads, because what a request waits for is the database. On SQLite, which has one writer, WEB_CONCURRENCY=1.
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "8"))

timeout = 60  # the proxy waits a little longer
graceful_timeout = 30  # for requests at hand when a worker is to end; all that is stopped has to be given as long
keepalive = 2
# A worker starts afresh now and then, not all at once, so that no leak lasts.
max_requests = 20_000
max_requests_jitter = 2_000

worker_tmp_dir = "/dev/shm"  # noqa: S108  a heartbeat that never waits for a disk  # nosec B108
control_socket_disable = True
