"""The site's entry on a host whose clock is three hours ahead."""

import datetime as dt

import time_machine

time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(hours=3), tick=True).start()

from config.wsgi import application  # noqa: E402

__all__ = ["application"]
