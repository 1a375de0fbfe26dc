"""What a service stores of each conversation: one document with the state, the ids received, and the events to publish.

`{_id: conversation, v: version, s: sealed state, h and ht: the inbox, o: {id: [its topic, events to publish]}, …open fields}`.
State and events are saved in one write, guarded by the version: during a rebalance the losing process fails before publishing.

Why `o` is short: a conversation's records on one topic are processed in order, and a batch is committed only after its events
are published. So a later record of a topic proves that the events of earlier ones of that topic are on the log. Of each topic the
last batch stays, with what that batch published again; other topics, and timers, prove nothing about each other.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, Protocol, TypeVar

from pydantic import BaseModel
from pymongo import ReplaceOne

from chassis.crypto import Place
from chassis.errors import TransientError
from chassis.inbox import Inbox
from chassis.metrics import VERSION_CONFLICTS
from chassis.model import to_json
from chassis.mongo import Collection, Document, bulk_write, full_name, translate_errors
from contracts.catalogue import read
from contracts.event import Event

S = TypeVar("S", bound=BaseModel)

_REMEMBERED = timedelta(
    days=7
)  # How long a forgotten conversation is still known as such: as the log keeps its events.


EncodedEvents = list[tuple[str, bytes]]  # Topic and value of each event.


@dataclass(slots=True)
class ConversationRecord(Generic[S]):
    """One conversation while a batch is decided."""

    conversation: str
    oa_id: str
    state: S
    version: int = 0
    inbox: Inbox = field(default_factory=Inbox)
    outbox: dict[bytes, tuple[str, EncodedEvents]] = field(
        default_factory=dict
    )  # Event id: its topic, and what it led to.
    _batch_outbox: dict[bytes, tuple[str, EncodedEvents]] = field(
        default_factory=dict
    )  # What this batch publishes: decided now, or replayed.
    _updated: bool = False
    _forgotten: bool = False

    def is_duplicate(self, event: Event) -> bool:
        """Whether it was handled, or may have been and is forgotten."""
        return event.id.bytes in self._batch_outbox or event in self.inbox

    def replay(self, event: Event) -> list[Event]:
        """Returns the events decided for a duplicate; empty when they are published, or this batch publishes them anyway."""
        key = event.id.bytes
        stored = None if key in self._batch_outbox else self.outbox.get(key)
        if stored is None:
            return []
        self._batch_outbox[key] = stored
        return [read(topic, value) for topic, value in stored[1]]

    def record_event(self, event: Event, state: S, events: Sequence[Event]) -> None:
        self.state = state
        encoded = [(outgoing.topic, to_json(outgoing)) for outgoing in events]
        self._batch_outbox[event.id.bytes] = (event.topic, encoded)
        self.inbox.add(event)
        self._forgotten = False

    def forget(self, event: Event, state: S, events: Sequence[Event]) -> None:
        """The citizen withdrew: `state` is as of a new conversation, and nothing that was still to be said is said again.

        The ids stay, so that neither this event nor an earlier one is handled a second time when it is delivered again: it would
        erase what the citizen did since.
        """
        self.outbox = {}
        self._batch_outbox = {key: (topic, []) for key, (topic, _) in self._batch_outbox.items()}
        self.record_event(event, state, events)
        self._forgotten = True

    def update(self, state: S) -> None:
        """Replace the state without a received event, as a job does. Events that may still have to be published stay."""
        self.state, self._updated = state, True

    @property
    def stored_version(self) -> int:
        """The version in the database once this record is saved."""
        return self.version + self.changed

    @property
    def changed(self) -> bool:
        return self._updated or self.inbox.changed

    def document(self, sealed: str, fields: Mapping[str, Any]) -> Document:
        published_topics = {topic for topic, _ in self._batch_outbox.values()}
        outbox = {
            key: entry for key, entry in self.outbox.items() if entry[0] not in published_topics
        } | self._batch_outbox
        forgotten = {"gone": datetime.now(UTC)} if self._forgotten else {}
        return {
            **fields,
            **forgotten,
            "_id": self.conversation,
            "oa": self.oa_id,
            "v": self.version + 1,
            "s": sealed,
            **self.inbox.fields(),
            "o": {key.hex(): [topic, encoded] for key, (topic, encoded) in outbox.items() if encoded},
        }


class Ring(Protocol):
    """What seals and opens: a key ring, or one that its service rolls by itself."""

    def seal(self, plain: bytes, place: Place) -> str: ...

    def open(self, sealed: str, place: Place) -> bytes:
        """Raises DecryptionError."""


class ConversationRepository(Generic[S]):
    """All conversations of a service. `open_fields` are stored in the clear, to search by: times and kinds, nothing personal."""

    def __init__(
        self,
        collection: Collection,
        model: type[S],
        ring: Ring,
        open_fields: Callable[[S], Mapping[str, Any]] = lambda _: {},
    ) -> None:
        self._collection, self._model, self._ring, self._open_fields = collection, model, ring, open_fields
        self._name = full_name(collection)

    async def prepare(self) -> None:
        with translate_errors():
            await self._collection.create_index(
                "gone", sparse=True, expireAfterSeconds=int(_REMEMBERED.total_seconds())
            )

    async def load(self, oa_ids: Mapping[str, str]) -> dict[str, ConversationRecord[S]]:
        """Returns a record for each key of `{conversation: oa_id}`, by one query. Raises TransientError, DecryptionError."""
        with translate_errors():
            documents = await self._collection.find({"_id": {"$in": list(oa_ids)}}).to_list(None)
        records = {
            conversation: ConversationRecord(conversation, oa_id, self._model())
            for conversation, oa_id in oa_ids.items()
        }
        for document in documents:
            records[document["_id"]] = self._decode(document)
        return records

    def _decode(self, document: Document) -> ConversationRecord[S]:
        place = self._place(document["_id"], document["oa"], document["v"])
        state = self._model.model_validate_json(self._ring.open(document["s"], place))
        outbox = {
            bytes.fromhex(key): (topic, [(event_topic, bytes(value)) for event_topic, value in encoded])
            for key, (topic, encoded) in document["o"].items()
        }
        return ConversationRecord(document["_id"], document["oa"], state, document["v"], Inbox.unpack(document), outbox)

    def _place(self, conversation: str, oa_id: str, version: int) -> Place:
        """With the version: neither another citizen's state nor an earlier one of the same opens here."""
        return Place.stored(self._name, conversation, oa_id, version)

    async def save(self, records: Iterable[ConversationRecord[S]], extra: Mapping[str, Any] | None = None) -> None:
        """Save in one bulk write. Raises TransientError when another process wrote first: load and decide again."""
        writes = [self._write(record, extra or {}) for record in records if record.changed]
        if conflicts := await bulk_write(self._collection, writes, keep_existing=True):
            VERSION_CONFLICTS.inc(len(conflicts))
            raise TransientError(f"{len(conflicts)} conversations were written by another process first")

    def _write(self, record: ConversationRecord[S], extra: Mapping[str, Any]) -> ReplaceOne[Document]:
        """Matches only the version that was read; otherwise the upsert collides with the existing `_id` and is refused."""
        place = self._place(record.conversation, record.oa_id, record.version + 1)
        sealed = self._ring.seal(to_json(record.state), place)
        document = record.document(sealed, {**self._open_fields(record.state), **extra})
        return ReplaceOne({"_id": record.conversation, "v": record.version}, document, upsert=True)
