"""What a house remembers of each conversation: one document that holds the state, what was heard, and what is to be said.

`{_id: conversation, v: version, s: sealed state, h: ids heard, o: {id: [where it was heard, facts to say]}, …open fields}`.
State and words move in one write, guarded by the version: in the moments of a rebalance the loser fails before it has spoken.

Why `o` is short: a conversation's records on one topic are heard in order, and a batch is settled only after it was said. So a
later record of a topic proves that what earlier ones of that topic led to is on the log. Of each topic the last batch stays, and
with it what that batch said again; other topics, and timers, prove nothing about each other.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pydantic import BaseModel
from pymongo import ReplaceOne
from pymongo.errors import BulkWriteError

from chassis.blame import Transient
from chassis.metrics import OVERTAKEN
from chassis.mongo import PASSING, Collection, Document, blame
from chassis.sealing import Ring
from contracts.catalogue import read
from contracts.event import Event

S = TypeVar("S", bound=BaseModel)

# Ids per conversation, 16 bytes each. Zalo redelivers for two hours at the longest; nobody types this much in two hours.
HEARD_AT_MOST = 1_024
_ID = 16
_DUPLICATE = 11_000


Words = list[tuple[str, bytes]]  # Topic and value of each fact.


@dataclass(slots=True)
class Memory(Generic[S]):
    """One conversation while a batch is decided."""

    conversation: str
    oa_id: str
    state: S
    version: int = 0
    heard: list[bytes] = field(default_factory=list)
    said: dict[bytes, tuple[str, Words]] = field(default_factory=dict)  # Event id: its topic, and what it led to.
    _due: dict[bytes, tuple[str, Words]] = field(default_factory=dict)  # What this batch says: decided now, or again.
    _fresh: list[bytes] = field(default_factory=list)
    _revised: bool = False

    def knows(self, event: Event) -> bool:
        return event.id.bytes in self._due or event.id.bytes in self.heard

    def again(self, event: Event) -> list[Event]:
        """What was decided for a repeat, word for word. Empty when it has long been said, or is said by this batch anyway."""
        key = event.id.bytes
        stored = None if key in self._due else self.said.get(key)
        if stored is None:
            return []
        self._due[key] = stored
        return [read(topic, value) for topic, value in stored[1]]

    def keep(self, event: Event, state: S, said: Sequence[Event]) -> None:
        self.state = state
        words = [(one.topic, one.__pydantic_serializer__.to_json(one)) for one in said]
        self._due[event.id.bytes] = (event.topic, words)
        self._fresh.append(event.id.bytes)

    def revise(self, state: S) -> None:
        """Another state without anything heard, as a sweeper does. What may still have to be said stays."""
        self.state, self._revised = state, True

    @property
    def stored_version(self) -> int:
        """The version in the database once what was kept is remembered."""
        return self.version + self.changed

    @property
    def changed(self) -> bool:
        return self._revised or bool(self._fresh)

    def document(self, sealed: str, fields: Mapping[str, Any]) -> Document:
        proven = {topic for topic, _ in self._due.values()}
        kept = {key: one for key, one in self.said.items() if one[0] not in proven} | self._due
        return {
            **fields,
            "_id": self.conversation,
            "oa": self.oa_id,
            "v": self.version + 1,
            "s": sealed,
            "h": b"".join([*self.heard, *self._fresh][-HEARD_AT_MOST:]),
            "o": {key.hex(): [topic, words] for key, (topic, words) in kept.items() if words},
        }


def ids(packed: bytes) -> list[bytes]:
    """`h` of a document, one by one."""
    return [packed[at : at + _ID] for at in range(0, len(packed), _ID)]


class Memories(Generic[S]):
    """All conversations of a house. `open_fields` may be searched by, in the clear: times and kinds, nothing personal."""

    def __init__(
        self,
        collection: Collection,
        model: type[S],
        ring: Ring,
        open_fields: Callable[[S], Mapping[str, Any]] = lambda _: {},
    ) -> None:
        self._collection, self._model, self._ring, self._open_fields = collection, model, ring, open_fields
        self._purpose = f"memory:{collection.name}"

    async def recall(self, subjects: Mapping[str, str]) -> dict[str, Memory[S]]:
        """`{conversation: oa_id}` in, every one of them out, new ones empty. One query. Raises Transient, NotOurs."""
        with blame():
            found = await self._collection.find({"_id": {"$in": list(subjects)}}).to_list(None)
        memories = {name: Memory(name, oa_id, self._model()) for name, oa_id in subjects.items()}
        for document in found:
            memories[document["_id"]] = self._open(document)
        return memories

    def _open(self, document: Document) -> Memory[S]:
        state = self._model.model_validate_json(self._ring.open(document["s"], document["oa"], self._purpose))
        said = {
            bytes.fromhex(key): (topic, [(one, bytes(value)) for one, value in words])
            for key, (topic, words) in document["o"].items()
        }
        return Memory(document["_id"], document["oa"], state, document["v"], ids(document["h"]), said)

    async def remember(self, memories: Iterable[Memory[S]], extra: Mapping[str, Any] | None = None) -> None:
        """One bulk write. Raises Transient when another process wrote first: recall, and decide again."""
        writes = [self._write(memory, extra or {}) for memory in memories if memory.changed]
        if not writes:
            return
        try:
            with blame():
                await self._collection.bulk_write(writes, ordered=False)
        except BulkWriteError as fault:
            refused = [error.get("code") for error in fault.details.get("writeErrors", [])]
            if not PASSING.issuperset(code for code in refused if code != _DUPLICATE):
                raise
            OVERTAKEN.inc(refused.count(_DUPLICATE))
            raise Transient(
                f"{refused.count(_DUPLICATE)} conversations were written by another process first"
            ) from None

    def _write(self, memory: Memory[S], extra: Mapping[str, Any]) -> ReplaceOne[Document]:
        """Matches only the version that was read; otherwise the upsert collides with the existing `_id` and is refused."""
        sealed = self._ring.seal(
            memory.state.__pydantic_serializer__.to_json(memory.state), memory.oa_id, self._purpose
        )
        document = memory.document(sealed, {**self._open_fields(memory.state), **extra})
        return ReplaceOne({"_id": memory.conversation, "v": memory.version}, document, upsert=True)

    async def forget(self, conversation: str) -> None:
        """Erase a person. Idempotent."""
        with blame():
            await self._collection.delete_one({"_id": conversation})
