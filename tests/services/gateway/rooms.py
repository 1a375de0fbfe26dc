"""A gateway without a network: real judging, sealing and group commit; the broker and MongoDB in memory."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import orjson

from chassis.blame import Transient
from chassis.types import Utterance
from contracts.catalogue import read
from contracts.event import Event
from services.gateway.erasure import Erasure
from services.gateway.facts import Facts
from services.gateway.front import Front
from services.gateway.intake import Intake
from services.gateway.registry.directory import Account, App, Directory
from services.gateway.rejects import RejectRoom
from services.gateway.sightings import Sightings
from services.gateway.store.spool import Spooled
from services.gateway.way import Way
from services.gateway.webhook import Webhook
from tests.doubles import ADDRESSES, BODIES, PEPPER
from tests.services.gateway.payloads import APP, OA, Json

SECRET = b"a made-up OA secret key"
FACTS = Facts(BODIES, ADDRESSES, PEPPER)


def raw(body: Json) -> bytes:
    return orjson.dumps(body)


def mac(told: bytes, app_id: str, timestamp: str, secret: bytes = SECRET) -> bytes:
    """By its own path: the formula as the platform's pages write it."""
    return b"mac=" + hashlib.sha256(b"".join((app_id.encode(), told, timestamp.encode(), secret))).hexdigest().encode()


def signed(body: Json, secret: bytes = SECRET) -> tuple[bytes, bytes]:
    told = raw(body)
    return told, mac(told, str(body.get("app_id", "")), str(body.get("timestamp", "")), secret)


def directory(**apps: bytes) -> Directory:
    """The payloads' OA under its app."""
    known = Directory()
    known.learn([Account(OA, APP, "Công an phường Mẫu")], [App(APP, (SECRET,))])
    known.learn([], [App(app_id, (secret,)) for app_id, secret in apps.items()])
    return known


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


@dataclass
class Room:
    broker: Broker
    spool: MemorySpool
    rejects: MemoryRejects
    directory: Directory
    way: Way
    front: Front
    intake: Intake
    webhook: Webhook
    erasure: Erasure

    async def post(self, told: bytes, signature: bytes | None = None, **more: Any) -> int:
        """The HTTP status of one delivery."""
        headers = [(b"host", b"x"), *([(b"x-zevent-signature", signature)] if signature else [])]
        return await call(self.webhook, [{"type": "http.request", "body": told, "more_body": False}], headers, **more)

    async def tell(self, body: Json, secret: bytes = SECRET) -> int:
        return await self.post(*signed(body, secret))


async def call(
    webhook: Webhook,
    messages: Sequence[Mapping[str, Any]],
    headers: Sequence[tuple[bytes, bytes]],
    method: str = "POST",
) -> int:
    """Drive the ASGI application. 0 when it sends nothing."""
    coming, sent = iter(messages), []

    async def receive() -> Any:
        for message in coming:
            return message
        await asyncio.sleep(3_600)
        raise AssertionError

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": method, "path": "/webhooks/zalo", "headers": list(headers)}
    await webhook(scope, receive, send)
    return int(sent[0]["status"]) if sent else 0


@asynccontextmanager
async def room(*, limit: int = 2_000, body_seconds: float = 5, spool_limit: int = 1_000) -> AsyncIterator[Room]:
    """Running, with the broker up and nothing in the spool."""
    broker, spool, rejects, known = Broker(), MemorySpool(), MemoryRejects(), directory()
    way = Way(broker, cast("Any", spool), 0.05, 0.05, spool_limit, direct=True, spool_up=True)
    front = Front(way.durable, limit)
    keeper = RejectRoom(cast("Any", rejects), BODIES, FACTS, 100, 0.5)
    erasure = Erasure(cast("Any", spool), cast("Any", rejects), front)
    intake = Intake(known, FACTS, front, keeper, Sightings(cast("Any", NoAccounts())), erasure)
    webhook = Webhook(intake, 262_144, body_seconds)
    tasks = [asyncio.ensure_future(one.run()) for one in (front, keeper, erasure)]
    try:
        yield Room(broker, spool, rejects, known, way, front, intake, webhook, erasure)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
