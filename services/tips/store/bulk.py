"""Many writes at once, each harmless to repeat."""

from collections.abc import Sequence
from typing import Any

from pymongo.errors import BulkWriteError

from chassis.errors import TransientError
from chassis.mongo import Collection, translate_errors

_DUPLICATE = 11_000


async def bulk(collection: Collection, writes: Sequence[Any]) -> None:
    """Raises TransientError when the world, or another process inserting the same, was in the way: do the same again."""
    if not writes:
        return
    try:
        with translate_errors():
            await collection.bulk_write(list(writes), ordered=False)
    except BulkWriteError as fault:
        errors = fault.details.get("writeErrors", [])
        if not errors or any(error.get("code") != _DUPLICATE for error in errors):
            raise
        raise TransientError(f"{len(errors)} documents were inserted by another process meanwhile") from None
