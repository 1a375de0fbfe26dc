"""structlog as JSON lines on standard output: one line per batch or per notable record, never a citizen's text.

An exception is logged by its type and the place where it was raised, never by its text, which could quote a citizen. That holds
for libraries too, and for uncaught exceptions.
"""

import json
import logging
import sys
import threading
import traceback
from collections.abc import MutableMapping
from datetime import UTC, datetime
from typing import Any

import structlog


def configure(service: str, level: str = "info") -> None:
    """Call once, first thing in `__main__`."""
    level_number = logging.getLevelNamesMapping()[level.upper()]
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(_RedactingFormatter(service))
    logging.basicConfig(level=logging.ERROR, handlers=[handler], force=True)
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # Our own metrics and log lines say the same, and better.
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            _ServiceName(service),
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _redact,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level_number),
        cache_logger_on_first_use=True,
    )
    sys.excepthook = lambda _, fault, __: _log_uncaught(fault)
    threading.excepthook = lambda unraisable: _log_uncaught(unraisable.exc_value)
    sys.unraisablehook = lambda unraisable: _log_uncaught(unraisable.exc_value)


def fault_location(fault: BaseException) -> dict[str, Any]:
    """Returns an exception without its text: its type, and the last places it came through."""
    frames = traceback.extract_tb(fault.__traceback__)
    at = [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in frames[-4:]]
    return {"fault": type(fault).__name__, "at": at}


class _RedactingFormatter(logging.Formatter):
    """Returns a library's log line as its logger and level. Its text is left out, since it may quote a citizen."""

    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {"event": "library", "logger": record.name, "level": record.levelname.lower()}
        line |= {"service": self._service, "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat()}
        if record.exc_info and record.exc_info[1]:
            line |= fault_location(record.exc_info[1])
        return json.dumps(line)


class _ServiceName:
    """Add the service's name to every line, also from threads, which inherit no context."""

    def __init__(self, service: str) -> None:
        self._service = service

    def __call__(self, _: Any, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        line["service"] = self._service
        return line


def _redact(_: Any, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    fault = line.pop("exc_info", None)
    if fault is True:
        fault = sys.exc_info()[1]
    if isinstance(fault, BaseException):
        line.update(fault_location(fault))
    return line


def _log_uncaught(fault: BaseException | None) -> None:
    if fault is not None:
        structlog.get_logger().error("uncaught", exc_info=fault)
