"""Logs of the daemon and its children: one line an event on stderr, as text or JSON.

Events hold addresses, counts and reasons; no article's text and no secret is ever passed to a
logger.
"""

import json
import logging
import sys
from datetime import UTC, datetime


class TextLines(logging.Formatter):
    """`2026-11-23T07:00:00Z INFO pass-0700-1 feed_polled feed=…`, control characters escaped."""

    def __init__(self, run: str) -> None:
        super().__init__()
        self._run = run

    def format(self, record: logging.LogRecord) -> str:
        line = f"{moment(record)} {record.levelname} {self._run} {message(record, self)}"
        # an attacker's title must not forge a line or reach the terminal
        return line.encode("unicode_escape").decode("ascii").replace("\\\\", "\\")


class JsonLines(logging.Formatter):
    """One JSON object a line: `at`, `level`, `run`, `logger`, `event`."""

    def __init__(self, run: str) -> None:
        super().__init__()
        self._run = run

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(
            {
                "at": moment(record), "level": record.levelname.lower(), "run": self._run,
                "logger": record.name, "event": message(record, self),
            }
        )  # fmt: skip


def moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def message(record: logging.LogRecord, formatter: logging.Formatter) -> str:
    text = record.getMessage()
    return f"{text}\n{formatter.formatException(record.exc_info)}" if record.exc_info else text


class Quietly(logging.StreamHandler):  # type: ignore[type-arg]  # generic in the stubs only
    """Writes to stderr; a reader that went away or a full disk never ends the work."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        pass


def to_stderr(style: str, run: str) -> None:
    """Send the program's events to stderr; `style` is "json" or "text"."""
    handler = Quietly(sys.stderr)
    handler.setFormatter(JsonLines(run) if style == "json" else TextLines(run))
    for name, level in (("pipeline", logging.INFO), ("apscheduler", logging.ERROR)):
        logger = logging.getLogger(name)
        logger.handlers[:] = [handler]
        logger.setLevel(level)
        logger.propagate = False
