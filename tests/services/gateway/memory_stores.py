"""The broker and the store rooms in memory, with switches for what goes wrong."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.errors import TransientError
from chassis.records import OutgoingRecord
from contracts.catalogue import read
from contracts.event import Event
from contracts.gateway import CitizenWithdrew
from services.gateway.store.spool import SpooledRecord


class Broker:
    """Says into a list; `away` raises after `slow` seconds, as a broker that does not answer."""

    def __init__(self) -> None:
        self.sent: list[OutgoingRecord] = []
        self.unavailable, self.slow, self.calls = False, 0.0, 0

    async def send(self, records: Sequence[OutgoingRecord], timeout_seconds: float | None = None) -> None:
        self.calls += 1
        limit = timeout_seconds or 10
        await asyncio.sleep(min(self.slow, limit))
        if self.unavailable or self.slow > limit:
            raise TransientError("the broker is away, says the test")
        self.sent += records

    async def probe(self, timeout_seconds: float = 2.0) -> None:
        await asyncio.sleep(min(self.slow, timeout_seconds))
        if self.unavailable:
            raise TransientError("the broker is away, says the test")

    def events(self) -> list[Event]:
        return [read(record.topic, record.value) for record in self.sent]


@dataclass
class MemorySpool:
    """Keeps order and nothing else; `away` as a MongoDB that does not answer."""

    entries: list[SpooledRecord] = field(default_factory=list)
    unavailable: bool = False
    holds_lease: bool = True  # Whether this replica holds the lease.

    def _check(self) -> None:
        if self.unavailable:
            raise TransientError("MongoDB is away, says the test")

    async def add(self, records: Sequence[OutgoingRecord], _: float) -> None:
        await asyncio.sleep(0)
        self._check()
        self.entries += [SpooledRecord(f"{len(self.entries):06d}", record) for record in records]

    async def head(self, most: int) -> list[SpooledRecord]:
        self._check()
        return self.entries[:most]

    async def after(self, document_id: str, topic: str) -> list[SpooledRecord]:
        self._check()
        return [entry for entry in self.entries if entry.document_id > document_id and entry.record.topic == topic]

    async def delete(self, spooled: Sequence[SpooledRecord]) -> None:
        self._check()
        self.entries = [entry for entry in self.entries if entry not in spooled]

    async def empty(self, _: float = 2.0) -> bool:
        await asyncio.sleep(0)
        self._check()
        return not self.entries

    async def depth(self) -> tuple[int, float]:
        self._check()
        return len(self.entries), 1.0 if self.entries else 0.0

    async def lease(self) -> bool:
        self._check()
        return self.holds_lease

    async def erase(self, conversation: str, up_to: datetime, but: Sequence[UUID]) -> int:
        self._check()
        before = len(self.entries)
        kept = {str(event_id).encode() for event_id in but}
        self.entries = [
            entry
            for entry in self.entries
            if entry.record.key != conversation.encode()
            or entry.record.headers["ce_id"] in kept
            or datetime.fromisoformat(entry.record.headers["ce_time"].decode()) > up_to
        ]
        return before - len(self.entries)


@dataclass
class MemoryQuarantine:
    documents: list[dict[str, Any]] = field(default_factory=list)
    unavailable: bool = False
    collection: str = "gateway.rejects"

    async def add(self, document: dict[str, Any], _: float) -> None:
        if self.unavailable:
            raise TransientError("MongoDB is away, says the test")
        self.documents.append(document)

    async def count(self, why: str, most: int) -> int:
        return min(most, len([document for document in self.documents if document["why"] == why]))

    async def count_whole(self, why: str, oa_id: str, most: int) -> int:
        alike = [document for document in self.documents if (document["why"], document["oa"]) == (why, oa_id)]
        return min(most, sum("s" in document for document in alike))

    async def erase(self, conversation: str) -> int:
        before = len(self.documents)
        self.documents = [document for document in self.documents if document.get("k") != conversation]
        return before - len(self.documents)


@dataclass
class MemoryErasures:
    """`left` are those of a process that died."""

    left: list[CitizenWithdrew] = field(default_factory=list)
    added: list[CitizenWithdrew] = field(default_factory=list)
    done: list[CitizenWithdrew] = field(default_factory=list)
    unavailable: bool = False

    async def add(self, event: CitizenWithdrew) -> None:
        if self.unavailable:
            raise TransientError("MongoDB is away, says the test")
        self.added.append(event)

    async def due(self, _: datetime, leave_out: Collection[str], limit: int) -> list[CitizenWithdrew]:
        return [event for event in self.left if str(event.id) not in leave_out][:limit]

    async def delete(self, event: CitizenWithdrew) -> None:
        self.left = [kept for kept in self.left if kept.id != event.id]
        self.done.append(event)


class NoAccounts:
    async def record_seen(self, entries: Sequence[tuple[str, str, datetime]]) -> None:
        """Nobody looks here."""
