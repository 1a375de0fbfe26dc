"""Saying how messages ended. The ledger remembers what is still to be said, so a crash or a broker's outage loses nothing."""

import asyncio
from collections import deque
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid5

import structlog

from chassis.blame import Transient
from chassis.headers import ARRIVED, utter
from chassis.types import Mouth, Record, Utterance
from contracts.event import Event
from contracts.message import Lane
from contracts.notify import MessageSettled
from services.notify.entry import Document, Rank
from services.notify.metrics import TOLD
from services.notify.store.ledger import Finished, Ledger, Settlement

log = structlog.get_logger()

_LINGER_SECONDS = 1.0  # Statistics are in no hurry; a batch of them is cheaper.
_AT_ONCE, _WAITING_AT_MOST = 1_000, 10_000
_REST_SECONDS = 5.0
_AGAIN_AFTER_MS = 10_000

Saying = tuple[str, Utterance]  # (entry id, what is said of it).


def settled(known: Document, status: str, at_ms: int) -> MessageSettled:
    """The fact, from an entry's document. Its id is the entry's and the status's: told twice, it is one fact."""
    return MessageSettled.model_validate(
        {
            "id": uuid5(UUID(hex=known["_id"]), f"message.settled.v1#{status}"),
            "occurred_at": datetime.fromtimestamp(at_ms / 1_000, UTC),
            "conversation": known["c"],
            "oa_id": known["oa"],
            "caused_by": UUID(hex=known["ev"]),
            "status": status,
            "lane": Lane(Rank(known["lane"]).lane),
            "code": known.get("code", 0),
            "attempts": known.get("k", 0),
        }
    )


class Teller:
    def __init__(self, ledger: Ledger, mouth: Mouth, prefix: str) -> None:
        self._ledger, self._mouth, self._prefix = ledger, mouth, prefix
        self._waiting: deque[Saying] = deque()
        self._news = asyncio.Event()

    def put(self, settlements: Sequence[Settlement]) -> None:
        """What the ledger has just taken. More than can be held is left to `again`."""
        for one in settlements:
            if isinstance(one, Finished) and len(self._waiting) < _WAITING_AT_MOST:
                self._waiting.append(self._from_entry(one))
        self._news.set()

    def _from_entry(self, done: Finished) -> Saying:
        entry = done.entry
        known: Document = {
            "_id": entry.id,
            "c": entry.conversation,
            "oa": entry.oa_id,
            "ev": entry.event,
            "lane": entry.rank,
            "code": done.code,
            "k": entry.attempts,
            "arr": entry.arrived_ms,
            "tp": entry.trace,
        }
        return self._saying(known, done.status.value, done.at_ms)

    def _saying(self, known: Document, status: str, at_ms: int) -> Saying:
        headers = {"traceparent": known.get("tp", "").encode(), ARRIVED: str(known.get("arr", 0)).encode()}
        cause = Record("", 0, 0, b"", b"", headers)
        return known["_id"], utter(settled(known, status, at_ms), "notify", cause, self._prefix)

    async def run(self) -> None:
        while True:
            await self._news.wait()
            await asyncio.sleep(_LINGER_SECONDS)
            self._news.clear()
            while self._waiting:
                batch = [self._waiting.popleft() for _ in range(min(_AT_ONCE, len(self._waiting)))]
                await self._say(batch)

    async def _say(self, batch: Sequence[Saying]) -> bool:
        try:
            await self._mouth.say([utterance for _, utterance in batch])
            await self._ledger.told([name for name, _ in batch])
        except Transient:
            log.warning("endings_not_said_yet", entries=len(batch))  # The ledger has them; `again` will say them.
            await asyncio.sleep(_REST_SECONDS)
            return False
        return True

    async def say_facts(self, facts: Sequence[Event]) -> None:
        """Raises Transient."""
        await self._mouth.say([utter(fact, "notify", None, self._prefix) for fact in facts])

    async def again(self, now_ms: int) -> int:
        """Say what has been settled for a while and is not known to be said. Raises Transient."""
        documents = await self._ledger.untold(now_ms - _AGAIN_AFTER_MS, _AT_ONCE)
        batch = [self._saying(one, one["tell"], one["done"]) for one in documents]
        if batch and await self._say(batch):
            TOLD.inc(len(batch))
        return len(batch)
