"""Logs of a process: the standard library's logging, as plain lines or one JSON object a line.

Everything goes to stderr, where systemd and a terminal both find it; stdout belongs to what a
command was asked for. Times are UTC with milliseconds. Facts given as ``extra=`` become fields
of the JSON object and are left out of the plain line, whose text must do without them.
"""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Final, Literal, TextIO

LogForm = Literal["plain", "json"]
LogLevel = Literal["debug", "info", "warning", "error"]

_STANDARD_FIELDS: Final = frozenset(
    vars(logging.LogRecord("", logging.INFO, "", 0, "", None, None))
) | {"message", "asctime"}
_CHATTY: Final = ("amqtt", "transitions", "aiohttp.access", "watchfiles")
_REPEATED: Final = "mqtt"
"""The library's own words for what `paihao_runtime.mqtt` says of each connection."""


class PlainFormatter(logging.Formatter):
    """``2026-11-20T01:02:03.004Z warning paihao_kiosk.printer: paper is out``."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, followed by the traceback when there is one."""
        head = f"{_time(record)} {record.levelname.lower()} {record.name}: {record.getMessage()}"
        trace = _traceback(self, record)
        return f"{head}\n{trace}" if trace else head


class JsonFormatter(logging.Formatter):
    """One JSON object a line: ``at``, ``level``, ``from``, ``message``, facts, ``traceback``."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the object as one line of JSON; facts that JSON lacks are written as text."""
        line: dict[str, object] = {
            "at": _time(record),
            "level": record.levelname.lower(),
            "from": record.name,
            "message": record.getMessage(),
        }
        line |= {name: fact for name, fact in vars(record).items() if name not in _STANDARD_FIELDS}
        if trace := _traceback(self, record):
            line["traceback"] = trace
        return json.dumps(line, ensure_ascii=False, default=str)


def start_logs(form: LogForm, level: LogLevel, *, stream: TextIO | None = None) -> None:
    """Send the logs of this process to a stream, replacing what was set before.

    Args:
        form: plain lines for people, JSON lines for machines.
        level: the least serious lines to show; libraries that tell every packet stay at warning
            unless it is ``debug``.
        stream: where to; stderr when not given.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter() if form == "json" else PlainFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    logging.captureWarnings(capture=True)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.NOTSET if level == "debug" else logging.WARNING)
    logging.getLogger(_REPEATED).setLevel(logging.NOTSET if level == "debug" else logging.CRITICAL)


def _time(record: logging.LogRecord) -> str:
    at = datetime.fromtimestamp(record.created, UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _traceback(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    return formatter.formatException(record.exc_info) if record.exc_info else ""
