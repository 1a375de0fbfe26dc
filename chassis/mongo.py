"""The only way to MongoDB besides the stores: connected so that nothing acknowledged is lost, with every error translated.

Motor is what the owner's card names; `docs/decisions/0003-mongo-driver.md` says what leaving it takes.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorCollection, AsyncIOMotorDatabase
from pymongo import DeleteOne, InsertOne, ReadPreference, ReplaceOne, UpdateOne, WriteConcern
from pymongo.errors import (
    BulkWriteError,
    ConnectionFailure,
    ExecutionTimeout,
    OperationFailure,
    PyMongoError,
    WTimeoutError,
)
from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent
from pymongo.read_concern import ReadConcern

from chassis.errors import TransientError
from chassis.metrics import MONGO_COMMANDS, MONGO_SECONDS, UP

Document = dict[str, Any]
Collection = AsyncIOMotorCollection[Document]
Database = AsyncIOMotorDatabase[Document]
Write = InsertOne[Document] | UpdateOne | ReplaceOne[Document] | DeleteOne

_TIMEOUT_MS = 5_000  # Milliseconds for one operation. Waiting longer is the caller's decision.


class _CommandMetrics(CommandListener):
    def started(self, event: CommandStartedEvent) -> None:
        """Nothing: what matters is how it ends."""

    def succeeded(self, event: CommandSucceededEvent) -> None:
        if event.command_name in MONGO_COMMANDS:
            MONGO_SECONDS.labels(event.command_name, "ok").observe(event.duration_micros / 1e6)

    def failed(self, event: CommandFailedEvent) -> None:
        if event.command_name in MONGO_COMMANDS:
            MONGO_SECONDS.labels(event.command_name, "failed").observe(event.duration_micros / 1e6)


@asynccontextmanager
async def database(url: str, name: str) -> AsyncIterator[Database]:
    """Majority-acknowledged and journaled writes: a standalone or w=1 server was measured to lose them on kill -9."""
    client: AsyncIOMotorClient[Document] = AsyncIOMotorClient(
        url,
        tz_aware=True,
        serverSelectionTimeoutMS=_TIMEOUT_MS,
        connectTimeoutMS=_TIMEOUT_MS,
        timeoutMS=_TIMEOUT_MS,
        maxPoolSize=32,
        event_listeners=[_CommandMetrics()],
    )
    try:
        yield client.get_database(
            name,
            write_concern=WriteConcern(w="majority", j=True),
            read_concern=ReadConcern("majority"),
            read_preference=ReadPreference.PRIMARY,
        )
    finally:
        client.close()


def full_name(collection: Collection) -> str:
    """Returns `database.collection`."""
    name: Any = collection.full_name  # A text, although Motor's types call it a function.
    return str(name)


@contextmanager
def translate_errors() -> Iterator[None]:
    """Translate the driver's exceptions: those of an unavailable server become TransientError, others stay what they are."""
    try:
        yield
    except (ConnectionFailure, ExecutionTimeout, WTimeoutError) as fault:
        UP.labels("mongo").set(0)
        raise TransientError(f"MongoDB does not answer ({type(fault).__name__}): is it up at MONGO_URL?") from None
    except BulkWriteError as fault:
        if _may_succeed_later(fault):
            raise TransientError("MongoDB took only a part of a batch just now") from None
        raise
    except OperationFailure as fault:
        if (
            fault.code in _AUTHENTICATION_CODES
        ):  # No record's fault: dead-lettering a topic for a wrong password would be worse than waiting.
            raise TransientError("MongoDB does not let us in: look at user, password and rights in MONGO_URL") from None
        if fault.has_error_label("RetryableWriteError") or fault.code in TRANSIENT_CODES:
            raise TransientError(f"MongoDB could not just now (code {fault.code})") from None
        raise
    except PyMongoError as fault:
        if fault.timeout:
            raise TransientError("MongoDB took too long") from None
        raise


def _may_succeed_later(fault: BulkWriteError) -> bool:
    """Whether nothing but a server that is away or in a hurry stood against the batch; a copy that lags behind is that, too."""
    codes = {error.get("code") for error in fault.details.get("writeErrors", ())}
    return codes <= TRANSIENT_CODES


async def bulk_write(collection: Collection, writes: Sequence[Write], *, keep_existing: bool = False) -> list[int]:
    """Writes all of them, unordered. Each must be harmless to repeat.

    A document that is there already refuses an insert or an upsert. With `keep_existing` it stays, and the positions of those
    writes are returned; otherwise another process inserted the same at the same moment, and trying again updates it. Raises
    TransientError when trying again may help, BulkWriteError when it can not.
    """
    if not writes:
        return []
    try:
        with translate_errors():
            await collection.bulk_write(writes, ordered=False)
    except BulkWriteError as fault:
        errors = fault.details.get("writeErrors", [])
        codes = {error["code"] for error in errors}
        if keep_existing and codes == {_DUPLICATE_KEY} and not fault.details.get("writeConcernErrors"):
            return [error["index"] for error in errors]
        if codes <= _TRANSIENT_WRITE_CODES:
            raise TransientError("MongoDB took only a part of a batch just now") from None
        raise
    return []


# MongoDB's error codes: away, electing, stepping or shutting down, in conflict with another write, out of time, out of disk.
TRANSIENT_CODES = frozenset(
    {6, 7, 24, 46, 50, 64, 89, 91, 112, 133, 134, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436, 14031}
)
_DUPLICATE_KEY = 11_000
_TRANSIENT_WRITE_CODES = TRANSIENT_CODES | {_DUPLICATE_KEY}
_AUTHENTICATION_CODES = frozenset({13, 18})  # Unauthorized, AuthenticationFailed.


async def ping(db: Database) -> None:
    """Raises TransientError unless the primary answers."""
    with translate_errors():
        await db.command("ping")
    UP.labels("mongo").set(1)
