"""Errors that were logged and gone on from: a test in which one happens fails, unless it says that it expects it.

A service must go on after most errors, so a test that looks at results alone may pass while something broke on the way.
Counted is what is logged as an error, or with an exception (`bad_record`, `item_parked`, `job_failed`, …), in the test's own
process, and what asyncio reports of tasks that nobody awaited. `@pytest.mark.expects_errors("bad_record")` allows by name.
"""

import logging
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

import structlog

from chassis.log import _redact

ERROR_METHODS = frozenset({"error", "exception", "critical"})
ASYNCIO = "asyncio"  # The name under which its reports are allowed.

_errors: list[str] = []


def watch() -> None:
    """Look at every line that is logged from now on, and write it as in production: without a picture of each fault.

    Once per process.
    """
    structlog.configure(processors=[_note, _redact, structlog.processors.KeyValueRenderer()])
    logging.getLogger("asyncio").addHandler(_AsyncioErrors(logging.ERROR))


@contextmanager
def swallowed_errors() -> Iterator[list[str]]:
    """Yields the names of the errors that are logged meanwhile."""
    _errors.clear()
    yield _errors


def _note(_: Any, method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    if method in ERROR_METHODS or line.get("exc_info"):
        _errors.append(str(line["event"]))
    return line


class _AsyncioErrors(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:  # noqa: ARG002 - whatever it is, it was not meant to be.
        _errors.append(ASYNCIO)
