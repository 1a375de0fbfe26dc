"""A service's transit keys: a pair for each hour, made a day ahead; the public half is published, the private one destroyed.

`transit_keys: {_id: key id, starts, ends, public, s: private half sealed under the rolling ring, said: published}`. The key of
last resort is the service's signing key itself, as X25519: its public half is a file of the sender, so that a sender which knows
no key of the hour still has one that nobody else can open.
"""

import asyncio
from base64 import b64encode
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

import structlog
from nacl.public import PrivateKey
from nacl.signing import SigningKey
from pymongo import UpdateOne

from chassis.crypto import Place
from chassis.jobs import Job, periodic
from chassis.metrics import TRANSIT_KEYS_DUE
from chassis.mongo import Database, Document, bulk_write, translate_errors
from chassis.records import Clock
from chassis.rolling_ring import RollingRing
from chassis.transit import is_sealed_to_readers, key_ids, last_resort, open_sealed
from contracts.event import Event
from contracts.transit_key import ANY_OA, TransitKeyMade

log = structlog.get_logger()

HOUR = timedelta(hours=1)
AHEAD = timedelta(hours=24)
LONGEST = timedelta(hours=72)  # A key dies then, whatever still waits for it.
ALARM = timedelta(hours=6)  # A key that should be dead for so long is an alarm: what it seals would be lost.
_EVERY_SECONDS = 60.0
COLLECTION = "transit_keys"

IsRead = Callable[[datetime], Awaitable[bool]]
"""Whether this service has committed every record that was on its topics by then. Raises TransientError."""


@dataclass(slots=True)
class TransitKeys:
    service: str
    db: Database
    ring: RollingRing
    signer: SigningKey
    made: type[TransitKeyMade]  # The event that publishes one.
    publish: Callable[[Sequence[Event]], Awaitable[None]]
    is_read: IsRead
    now: Clock
    retention: timedelta  # How long a key lives in any case, after its hour.
    named: Callable[[], Awaitable[frozenset[str]]]  # Ids that dead letters still name. Raises TransientError.
    _private: dict[str, PrivateKey] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._private[last_resort(self.service)] = self.signer.to_curve25519_private_key()

    async def prepare(self) -> None:
        with translate_errors():
            await self.db[COLLECTION].create_index("ends")

    def job(self) -> Job[None]:
        return periodic("roll_transit_keys", _EVERY_SECONDS, self.roll)

    async def roll(self) -> None:
        """Makes what is missing, publishes what is not, and destroys what has been read. Raises TransientError."""
        await asyncio.to_thread(self.ring.roll, self.now().date())
        await self._make_ahead()
        await self._publish_new()
        await self._destroy_read()

    async def load(self, bodies: Iterable[str]) -> None:
        """Gets ready to open these. Raises TransientError."""
        wanted = {key_id for body in bodies if is_sealed_to_readers(body) for key_id in key_ids(body)}
        missing = wanted - self._private.keys()
        if not missing:
            return
        with translate_errors():
            documents = await self.db[COLLECTION].find({"_id": {"$in": list(missing)}}).to_list(None)
        for document in documents:
            self._private[document["_id"]] = self._open(document)

    def open(self, body: str, place: Place) -> bytes:
        """Returns the plain text of a body that was loaded. Raises DecryptionError."""
        return open_sealed(body, self._private, place)

    async def _make_ahead(self) -> None:
        first = self.now().astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        hours = [first + HOUR * ahead for ahead in range(AHEAD // HOUR + 1)]
        ring = self.ring.current()
        with translate_errors():
            stored = await self.db[COLLECTION].find({"ends": {"$gt": first}}, {"_id": 1}).to_list(None)
        known = {document["_id"] for document in stored}
        writes = []
        for starts in hours:
            key_id = f"{self.service}-{starts:%Y%m%d%H}"
            if key_id in known:
                continue
            private = PrivateKey.generate()
            document = {
                "starts": starts,
                "ends": starts + HOUR,
                "public": b64encode(bytes(private.public_key)).decode(),
                "s": ring.seal(bytes(private), self._place(key_id)),
                "said": False,
            }
            writes.append(UpdateOne({"_id": key_id}, {"$setOnInsert": document}, upsert=True))
        await bulk_write(self.db[COLLECTION], writes)

    async def _publish_new(self) -> None:
        with translate_errors():
            documents = await self.db[COLLECTION].find({"said": False}).sort("starts", 1).to_list(None)
        if not documents:
            return
        await self.publish([self._event(document) for document in documents])
        with translate_errors():
            await self.db[COLLECTION].update_many(
                {"_id": {"$in": [document["_id"] for document in documents]}}, {"$set": {"said": True}}
            )

    def _event(self, document: Document) -> TransitKeyMade:
        kind = self.made.model_fields["type"].default
        unsigned = self.made(
            id=uuid5(NAMESPACE_URL, f"{kind}#{document['_id']}#{document['public']}"),
            type=kind,
            occurred_at=document["starts"],
            conversation=document["_id"],
            oa_id=ANY_OA,
            public=document["public"],
            starts=document["starts"],
            ends=document["ends"],
            signature="-" * 88,
        )
        return unsigned.evolve(b64encode(self.signer.sign(unsigned.signed_bytes()).signature).decode())

    async def _destroy_read(self) -> None:
        """Oldest first. A key dies when its time is past and all that it seals was read, or at the latest after LONGEST."""
        now = self.now()
        with translate_errors():
            due = await self.db[COLLECTION].find({"ends": {"$lt": now - self.retention}}).sort("ends", 1).to_list(None)
        overdue = sum(document["ends"] < now - self.retention - ALARM for document in due)
        TRANSIT_KEYS_DUE.set(overdue)
        named = await self.named() if due else frozenset()
        dead = [document["_id"] for document in due if await self._may_die(document, named, now)]
        if not dead:
            return
        with translate_errors():
            await self.db[COLLECTION].delete_many({"_id": {"$in": dead}})
        for key_id in dead:
            self._private.pop(key_id, None)
        log.info("transit_keys_destroyed", keys=dead)

    async def _may_die(self, document: Document, named: frozenset[str], now: datetime) -> bool:
        if document["ends"] < now - LONGEST:
            return True
        return document["_id"] not in named and await self.is_read(document["ends"] + HOUR)

    def _open(self, document: Document) -> PrivateKey:
        return PrivateKey(self.ring.current().open(document["s"], self._place(document["_id"])))

    def _place(self, key_id: str) -> Place:
        return Place.stored(f"{self.db.name}.{COLLECTION}", key_id)
