"""Quarantine: what could not be proven or understood is counted, sealed and stored, so that an operator can try it again."""

import time
from base64 import b64decode, b64encode
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import orjson
import structlog

from chassis.crypto import KeyRing, Place
from chassis.errors import TransientError
from chassis.jobs import Job
from chassis.mongo import Document
from chassis.wake_up import WakeUp
from services.gateway.decide import Verdict
from services.gateway.events import EventFactory
from services.gateway.metrics import REASONS, REJECTS_LOST
from services.gateway.store.quarantine import QuarantineStore, new_id
from services.gateway.zalo.catalogue import CATALOGUE
from services.gateway.zalo.envelope import UnreadableError, first, open_envelope

log = structlog.get_logger()

_WAITING_MOST, _PAGE = 1_000, 50
_EVERY_SECONDS = 5.0  # Unless it is woken.
_RECOUNT_SECONDS = 10.0
_WHOLE_BYTES = 32 * 1024  # Zalo's own are smaller.
_WHOLE_PER_OA = 20  # Enough to try again what came just after a key was reset; with the size, what a stranger can fill.


@dataclass(slots=True)  # Not frozen: made once per webhook, and freezing trebles what that costs.
class Delivery:
    """The bytes as they came, and their signature: enough to judge them again."""

    raw: bytes = field(repr=False)
    signature: bytes | None = field(repr=False)


class DigestAloneError(Exception):
    """Of this delivery only the digest was kept."""


@dataclass(slots=True)
class Quarantine:
    store: QuarantineStore
    ring: KeyRing
    events: EventFactory
    limit: int
    seconds: float
    _waiting: deque[Document] = field(default_factory=deque)
    _wake: WakeUp = field(default_factory=WakeUp)
    _full: dict[str, tuple[float, bool]] = field(default_factory=dict)
    _whole: dict[str, tuple[float, int]] = field(default_factory=dict)  # By OA: when it was counted, and how many.

    async def save(self, verdict: Verdict, delivery: Delivery) -> bool:
        """Proven to be Zalo's: durable when it returns True; otherwise Zalo must send it again."""
        REASONS.labels(verdict.reason or verdict.outcome).inc()
        try:
            if await self._is_full(verdict.outcome):
                REJECTS_LOST.labels("limit").inc()
                return True  # Thousands of its like lie there already: counted is enough.
            await self.store.add(self._document(verdict, delivery), self.seconds)
        except TransientError as fault:
            log.warning("reject_not_kept", why=str(fault))
            return False
        return True

    def quarantine(self, verdict: Verdict, delivery: Delivery) -> None:
        """Not proven: stored if possible (a secret may have been reset), without delaying the answer.

        Anybody can send it, so of each OA a few are kept whole, and of the others a digest.
        """
        if len(self._waiting) >= _WAITING_MOST:
            REJECTS_LOST.labels("queue").inc()
            return
        document = self._document(verdict, delivery)
        document["d"] = self.events.digest(document["oa"], delivery.raw)
        self._waiting.append(document if len(delivery.raw) <= _WHOLE_BYTES else _digest_alone(document))
        self._wake.wake()

    def job(self) -> Job[Document]:
        """Stores what is not proven. It is taken out of memory first: what cannot be stored is counted, and lost."""
        return Job("quarantine", _EVERY_SECONDS, self._take, self._store, key=None, page=_PAGE, wake=self._wake)

    async def _take(self, _: frozenset[str]) -> Sequence[Document]:
        return [self._waiting.popleft() for _ in range(min(_PAGE, len(self._waiting)))]

    async def _store(self, documents: Sequence[Document]) -> None:
        for stored, document in enumerate(documents):
            try:
                if await self._is_full(document["why"]):
                    REJECTS_LOST.labels("limit").inc()
                    continue
                keeps_whole = "s" in document and await self._has_room(document["oa"], document["why"])
                await self.store.add(document if keeps_whole else _digest_alone(document), self.seconds)
            except TransientError:
                REJECTS_LOST.labels("away").inc(len(documents) - stored)
                return

    def open(self, document: Document) -> Delivery:
        """Raises DecryptionError when the key it was sealed under is gone, DigestAloneError when it was not kept whole."""
        if "s" not in document:
            raise DigestAloneError
        content = orjson.loads(self.ring.open(document["s"], self._place(document["_id"], document["oa"] or "")))
        signature = content["signature"]
        return Delivery(b64decode(content["raw"]), signature.encode() if signature else None)

    async def _is_full(self, why: str) -> bool:
        counted_at, full = self._full.get(why, (0.0, False))
        if not counted_at or time.monotonic() - counted_at > _RECOUNT_SECONDS:
            full = await self.store.count(why, self.limit) >= self.limit
            self._full[why] = (time.monotonic(), full)
        return full

    async def _has_room(self, oa_id: str, why: str) -> bool:
        counted_at, count = self._whole.get(oa_id, (0.0, 0))
        if not counted_at or time.monotonic() - counted_at > _RECOUNT_SECONDS:
            counted_at, count = time.monotonic(), await self.store.count_whole(why, oa_id, _WHOLE_PER_OA)
        self._whole[oa_id] = counted_at, count + 1
        return count < _WHOLE_PER_OA

    def _place(self, key: object, oa_id: str) -> Place:
        return Place.stored(self.store.collection, str(key), oa_id)

    def _document(self, verdict: Verdict, delivery: Delivery) -> Document:
        signature = delivery.signature.decode("ascii", "replace") if delivery.signature else None
        content = orjson.dumps({"raw": b64encode(delivery.raw).decode(), "signature": signature})
        key, oa_id = new_id(), verdict.oa_id or ""
        document = {
            "_id": key,
            "why": str(verdict.outcome),
            "reason": verdict.reason,
            "event": verdict.event_name,
            "oa": oa_id,
            "app": verdict.app_id,
            "size": len(delivery.raw),
            "s": self.ring.seal(content, self._place(key, oa_id)),
            "at": datetime.now(UTC),
        }
        conversation = self._conversation(verdict, delivery.raw)
        return {**document, "k": conversation} if conversation else document

    def _conversation(self, verdict: Verdict, raw: bytes) -> str | None:
        """Returns the citizen it seems to be about, so that it is erased with that citizen."""
        row = CATALOGUE.get(verdict.event_name)
        if row is None or not verdict.oa_id:
            return None
        try:
            id_and_path = first(open_envelope(raw).body, row.person)
        except UnreadableError:
            return None
        return self.events.conversation(verdict.oa_id, id_and_path[0]) if id_and_path else None


def _digest_alone(document: Document) -> Document:
    """Returns it without content and citizen: enough to see that it came, how large and how often."""
    return {name: value for name, value in document.items() if name not in ("s", "k")}
