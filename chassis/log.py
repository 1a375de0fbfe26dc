"""structlog as JSON lines on standard output: one line per batch or per record of note, never a citizen's words.

An exception is logged by its type and the place it was raised: its text could quote a citizen.
"""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog


def configure(house: str, level: str = "info") -> None:
    """Call once, first thing in `__main__`."""
    number = logging.getLevelNamesMapping()[level.upper()]
    logging.basicConfig(level=logging.ERROR, format="%(name)s %(levelname)s", stream=sys.stderr)
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # Its warnings quote keys; our metrics say the same.
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _discreet,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(house=house)


def _discreet(_: Any, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    fault = line.pop("exc_info", None)
    if fault is True:
        fault = sys.exc_info()[1]
    if isinstance(fault, BaseException):
        line["fault"] = type(fault).__name__
        frames = traceback.extract_tb(fault.__traceback__)
        line["at"] = [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in frames[-4:]]
    return line
