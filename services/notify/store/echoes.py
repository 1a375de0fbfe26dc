"""Zalo's echoes of messages whose end is not in the ledger yet: what proves, after a crash too, that one arrived.

`{_id: reference of the Zalo message, c: conversation, t: keyed digest of its text, exp}`: nothing that can be read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pymongo import IndexModel, UpdateOne

from chassis.mongo import Collection, bulk_write, translate_errors

_KEPT = timedelta(days=1)  # As long as a reply may wait for its end.


@dataclass(frozen=True, slots=True)
class Echo:
    reference: str
    conversation: str
    text_digest: str


class EchoStore:
    def __init__(self, echoes: Collection) -> None:
        self._echoes = echoes

    async def prepare(self) -> None:
        expiry = IndexModel([("exp", 1)], name="expiry", expireAfterSeconds=0)
        with translate_errors():
            await self._echoes.create_indexes([IndexModel([("c", 1)], name="conversation"), expiry])

    async def add(self, echoes: Sequence[Echo]) -> None:
        """Idempotent. Raises TransientError."""
        expires = datetime.now(UTC) + _KEPT
        writes = [
            UpdateOne(
                {"_id": echo.reference},
                {"$setOnInsert": {"c": echo.conversation, "t": echo.text_digest, "exp": expires}},
                upsert=True,
            )
            for echo in echoes
        ]
        await bulk_write(self._echoes, writes)

    async def find(self, conversation: str, text_digest: str) -> list[str]:
        """Returns the references of what was echoed with this text. Raises TransientError."""
        with translate_errors():
            documents = await self._echoes.find({"c": conversation, "t": text_digest}, {"_id": 1}).to_list(None)
        return [document["_id"] for document in documents]

    async def erase(self, conversation: str) -> None:
        with translate_errors():
            await self._echoes.delete_many({"c": conversation})
