"""A line of the log as JSON: what happened, when and to which request, and nothing that anybody sent."""

import datetime as dt
import json
import logging
from typing import Any

from config import request_id, traces
from config.masking import clean


class Formatter(logging.Formatter):
    """Takes from a record what is named here, and leaves whatever else hangs on it."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        facts: dict[str, Any] = getattr(record, "facts", {})  # of config.access_log, which has cleaned them
        said = record.getMessage()
        line: dict[str, Any] = {
            "time": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": said if facts else clean(said),
            "request": request_id.current(),
        }
        line |= facts
        if record.exc_info and record.exc_info[1]:
            line["exception"] = traces.described(record.exc_info[1])
        return json.dumps(line)
