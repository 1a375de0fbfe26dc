"""The broker and the store rooms in memory, with switches for what goes wrong."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.blame import Transient
from chassis.types import Utterance
from contracts.catalogue import read
from contracts.event import Event
from services.gateway.store.spool import Spooled


class Broker:
    """Says into a list; `away` raises after `slow` seconds, as a broker that does not answer."""

    def __init__(self) -> None:
        self.said: list[Utterance] = []
        self.away, self.slow, self.calls = False, 0.0, 0

    async def say(self, utterances: Sequence[Utterance], timeout_seconds: float | None = None) -> None:
        self.calls += 1
        await asyncio.sleep(min(self.slow, timeout_seconds or 10))
        if self.away:
            raise Transient("the broker is away, says the test")
        self.said += utterances

    async def look(self, timeout_seconds: float = 2.0) -> None:
        await asyncio.sleep(min(self.slow, timeout_seconds))
        if self.away:
            raise Transient("the broker is away, says the test")

    def facts(self) -> list[Event]:
        return [read(one.topic, one.value) for one in self.said]


@dataclass
class MemorySpool:
    """Keeps order and nothing else; `away` as a MongoDB that does not answer."""

    kept: list[Spooled] = field(default_factory=list)
    away: bool = False
    mine: bool = True  # Whether this replica holds the lease.

    def _look(self) -> None:
        if self.away:
            raise Transient("MongoDB is away, says the test")

    async def keep(self, words: Sequence[Utterance], _: float) -> None:
        await asyncio.sleep(0)
        self._look()
        self.kept += [Spooled(f"{len(self.kept):06d}", word) for word in words]

    async def head(self, most: int) -> list[Spooled]:
        self._look()
        return self.kept[:most]

    async def drop(self, spooled: Sequence[Spooled]) -> None:
        self._look()
        self.kept = [one for one in self.kept if one not in spooled]

    async def empty(self, _: float = 2.0) -> bool:
        await asyncio.sleep(0)
        self._look()
        return not self.kept

    async def depth(self) -> tuple[int, float]:
        self._look()
        return len(self.kept), 1.0 if self.kept else 0.0

    async def lease(self) -> bool:
        self._look()
        return self.mine

    async def forget(self, conversation: str, but: UUID) -> int:
        self._look()
        before = len(self.kept)
        mine = (conversation.encode(), str(but).encode())
        self.kept = [s for s in self.kept if s.word.key != mine[0] or s.word.headers["ce_id"] == mine[1]]
        return before - len(self.kept)


@dataclass
class MemoryRejects:
    documents: list[dict[str, Any]] = field(default_factory=list)
    away: bool = False

    async def keep(self, document: dict[str, Any], _: float) -> None:
        if self.away:
            raise Transient("MongoDB is away, says the test")
        self.documents.append(document)

    async def count(self, why: str, most: int) -> int:
        return min(most, len([one for one in self.documents if one["why"] == why]))

    async def forget(self, conversation: str) -> int:
        before = len(self.documents)
        self.documents = [one for one in self.documents if one.get("k") != conversation]
        return before - len(self.documents)


class NoAccounts:
    async def sighted(self, sightings: Sequence[tuple[str, str, datetime]]) -> None:
        """Nobody looks here."""
