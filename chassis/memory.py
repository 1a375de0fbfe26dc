"""What a house remembers of each conversation: one document that holds the state, what was heard, and what is to be said.

`{_id: conversation, v: version, s: sealed state, h: [ids heard], o: {id: [facts to say]}, …open fields to search by}`.
State and words move in one write, guarded by the version: in the moments of a rebalance the loser fails before it has spoken.

Why `o` holds only the last batch's words: a conversation's records are heard in order and a batch is committed only after it
was said, so by the time a later record is decided, everything before it is on the log.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel
from pymongo import ReplaceOne
from pymongo.errors import BulkWriteError

from chassis.blame import Transient
from chassis.metrics import OVERTAKEN
from chassis.mongo import Collection, Document, blame
from chassis.sealing import Ring
from contracts.catalogue import read
from contracts.event import Event

S = TypeVar("S", bound=BaseModel)

HEARD_AT_MOST = (
    256  # Ids per conversation. Zalo redelivers for two hours at the longest; nobody types this much in two hours.
)
_DUPLICATE = 11_000


@dataclass(slots=True)
class Memory(Generic[S]):
    """One conversation while a batch is decided."""

    conversation: str
    oa_id: str
    state: S
    version: int = 0
    heard: list[bytes] = field(default_factory=list)
    said: dict[bytes, list[tuple[str, bytes]]] = field(default_factory=dict)
    _fresh: dict[bytes, list[tuple[str, bytes]]] = field(default_factory=dict)
    _again: dict[bytes, list[tuple[str, bytes]]] = field(default_factory=dict)
    _revised: bool = False

    def knows(self, event: Event) -> bool:
        return event.id.bytes in self._fresh or event.id.bytes in self.heard

    def again(self, event: Event) -> list[Event]:
        """What was decided for a repeat, word for word. Empty when it has long been said.

        A repeat may be one that was never said: its words stay stored until a batch without it was remembered.
        """
        stored = self._fresh.get(event.id.bytes) or self.said.get(event.id.bytes) or []
        self._again[event.id.bytes] = stored
        return [read(topic, value) for topic, value in stored]

    def keep(self, event: Event, state: S, said: Sequence[Event]) -> None:
        self.state = state
        words = [(one.topic, one.__pydantic_serializer__.to_json(one)) for one in said]
        self._fresh[event.id.bytes] = words

    def revise(self, state: S) -> None:
        """Another state without anything heard, as a sweeper does. What may still have to be said stays."""
        self.state = state
        self._again.update(self.said)
        self._revised = True

    @property
    def stored_version(self) -> int:
        """The version in the database once what was kept is remembered."""
        return self.version + self.changed

    @property
    def changed(self) -> bool:
        return self._revised or bool(self._fresh)

    def document(self, sealed: str, fields: Mapping[str, Any]) -> Document:
        heard = [*self.heard, *self._fresh][-HEARD_AT_MOST:]
        kept = {**self._again, **self._fresh}
        words = {UUID(bytes=key).hex: [list(one) for one in said] for key, said in kept.items() if said}
        return {
            **fields,
            "_id": self.conversation,
            "oa": self.oa_id,
            "v": self.version + 1,
            "s": sealed,
            "h": heard,
            "o": words,
        }


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
        said = {UUID(hex=key).bytes: [(t, bytes(v)) for t, v in words] for key, words in document["o"].items()}
        heard = [bytes(one) for one in document["h"]]
        return Memory(document["_id"], document["oa"], state, document["v"], heard, said)

    async def remember(self, memories: Iterable[Memory[S]], extra: Mapping[str, Any] | None = None) -> None:
        """One bulk write. Raises Transient when another process wrote first: recall, and decide again."""
        writes = [self._write(memory, extra or {}) for memory in memories if memory.changed]
        if not writes:
            return
        try:
            with blame():
                await self._collection.bulk_write(writes, ordered=False)
        except BulkWriteError as fault:
            errors = fault.details.get("writeErrors", [])
            if not errors or any(error.get("code") != _DUPLICATE for error in errors):
                raise
            OVERTAKEN.inc(len(errors))
            raise Transient(f"{len(errors)} conversations were written by another process first") from None

    def _write(self, memory: Memory[S], extra: Mapping[str, Any]) -> ReplaceOne[Document]:
        """Matches only the version that was read; otherwise the upsert collides with the existing `_id` and is refused."""
        sealed = self._ring.seal(memory.state.model_dump_json().encode(), memory.oa_id, self._purpose)
        document = memory.document(sealed, {**self._open_fields(memory.state), **extra})
        return ReplaceOne({"_id": memory.conversation, "v": memory.version}, document, upsert=True)

    async def forget(self, conversation: str) -> None:
        """Erase a person. Idempotent."""
        with blame():
            await self._collection.delete_one({"_id": conversation})
