"""Bulk writes, with every fault blamed: the driver tells each write's own error code apart from the command's."""

from collections.abc import Iterator
from contextlib import contextmanager

from pymongo.errors import BulkWriteError

from chassis.errors import TransientError
from chassis.mongo import TRANSIENT_CODES, translate_errors

DUPLICATE = 11_000


@contextmanager
def bulk() -> Iterator[None]:
    """Raises TransientError when trying again may help: a step-down in the middle, or two upserts of the same document."""
    try:
        with translate_errors():
            yield
    except BulkWriteError as fault:
        if not may_pass(fault):
            raise
        raise TransientError("MongoDB took only a part of a batch just now") from None


def may_pass(fault: BulkWriteError) -> bool:
    codes = {error.get("code") for error in fault.details.get("writeErrors", [])}
    return (TRANSIENT_CODES | {DUPLICATE}).issuperset(codes)


def duplicates(fault: BulkWriteError) -> list[int] | None:
    """The positions refused because they were there already; None when that is not all that went wrong."""
    errors = fault.details.get("writeErrors", [])
    if fault.details.get("writeConcernErrors") or any(error.get("code") != DUPLICATE for error in errors):
        return None
    return [error["index"] for error in errors]
