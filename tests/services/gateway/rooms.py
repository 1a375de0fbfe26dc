"""A gateway without a network: real judging, sealing and group commit; the broker and MongoDB in memory."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, cast

import orjson

from services.gateway.erasure import Erasure
from services.gateway.facts import Facts
from services.gateway.front import Front
from services.gateway.intake import Intake
from services.gateway.registry.directory import Account, App, Directory
from services.gateway.rejects import RejectRoom
from services.gateway.sightings import Sightings
from services.gateway.way import Way
from services.gateway.webhook import Webhook
from tests.doubles import ADDRESSES, BODIES, PEPPER
from tests.services.gateway.payloads import APP, OA, Json
from tests.services.gateway.stores import Broker, MemoryRejects, MemorySpool, NoAccounts

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
