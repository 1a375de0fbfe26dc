"""Bulk writes, with every fault blamed: the driver tells each write's own error code apart from the command's."""

from collections.abc import Iterator
from contextlib import contextmanager

from pymongo.errors import BulkWriteError

from chassis.blame import Transient
from chassis.mongo import PASSING, blame

DUPLICATE = 11_000


@contextmanager
def bulk() -> Iterator[None]:
    """Raises Transient when trying again may help: a step-down in the middle, or two upserts of the same document."""
    try:
        with blame():
            yield
    except BulkWriteError as fault:
        if not may_pass(fault):
            raise
        raise Transient("MongoDB took only a part of a batch just now") from None


def may_pass(fault: BulkWriteError) -> bool:
    codes = {error.get("code") for error in fault.details.get("writeErrors", [])}
    return (PASSING | {DUPLICATE}).issuperset(codes)


def duplicates(fault: BulkWriteError) -> list[int] | None:
    """The positions refused because they were there already; None when that is not all that went wrong."""
    errors = fault.details.get("writeErrors", [])
    if fault.details.get("writeConcernErrors") or any(error.get("code") != DUPLICATE for error in errors):
        return None
    return [error["index"] for error in errors]
