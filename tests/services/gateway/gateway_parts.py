"""A gateway without a network: real judging, sealing and group commit; the broker and MongoDB in memory."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

import orjson

from chassis.job_runner import JobRunner
from chassis.publisher import EventEncoder
from services.gateway.durable_publisher import DurablePublisher
from services.gateway.erase import Eraser
from services.gateway.events import EventFactory
from services.gateway.floors import Floors
from services.gateway.group_commit import GroupCommit
from services.gateway.ingest import Ingest
from services.gateway.last_seen import LastSeen
from services.gateway.quarantine import Quarantine
from services.gateway.readers import Reader, Readers
from services.gateway.registry.cache import Account, App, RegistryCache
from services.gateway.spool_watch import SpoolWatch
from services.gateway.webhook import Webhook
from tests.doubles import ADDRESSES, BODIES, CHATBOT_SIGNER, PEPPER, TIPS_SIGNER, clock
from tests.parked import MemoryParked
from tests.services.gateway.memory_stores import Broker, MemoryErasures, MemoryQuarantine, MemorySpool, NoAccounts
from tests.services.gateway.payloads import APP, OA, Json

SECRET = b"a made-up OA secret key"
READERS = Readers(Reader("tips", TIPS_SIGNER.verify_key, clock), Reader("chatbot", CHATBOT_SIGNER.verify_key, clock))
EVENT_FACTORY = EventFactory(BODIES, ADDRESSES, PEPPER, READERS)
ENCODER = EventEncoder("gateway")


def raw(body: Json) -> bytes:
    return orjson.dumps(body)


def mac(payload: bytes, app_id: str, timestamp: str, secret: bytes = SECRET) -> bytes:
    """By its own path: the formula as the platform's pages write it."""
    return (
        b"mac=" + hashlib.sha256(b"".join((app_id.encode(), payload, timestamp.encode(), secret))).hexdigest().encode()
    )


def signed(body: Json, secret: bytes = SECRET) -> tuple[bytes, bytes]:
    payload = raw(body)
    return payload, mac(payload, str(body.get("app_id", "")), str(body.get("timestamp", "")), secret)


def registry_cache(**apps: bytes) -> RegistryCache:
    """The payloads' OA under its app."""
    registry = RegistryCache()
    registry.update([Account(OA, APP, "Công an phường Mẫu")], [App(APP, (SECRET,))])
    registry.update([], [App(app_id, (secret,)) for app_id, secret in apps.items()])
    return registry


@dataclass
class GatewayParts:
    broker: Broker
    spool: MemorySpool
    quarantine_store: MemoryQuarantine
    registry: RegistryCache
    publisher: DurablePublisher
    group_commit: GroupCommit
    ingest: Ingest
    webhook: Webhook
    eraser: Eraser
    erasures: MemoryErasures

    async def post(self, payload: bytes, signature: bytes | None = None, **more: Any) -> int:
        """The HTTP status of one delivery."""
        headers = [(b"host", b"x"), *([(b"x-zevent-signature", signature)] if signature else [])]
        return await call(
            self.webhook, [{"type": "http.request", "body": payload, "more_body": False}], headers, **more
        )

    async def send(self, body: Json, secret: bytes = SECRET) -> int:
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
async def gateway_parts(
    *, limit: int = 2_000, body_seconds: float = 5, spool_limit: int = 1_000
) -> AsyncIterator[GatewayParts]:
    """Running, with the broker up and nothing in the spool."""
    broker, spool, quarantine_store, registry = Broker(), MemorySpool(), MemoryQuarantine(), registry_cache()
    watch = SpoolWatch(cast("Any", spool), 0.05, spool_limit, fresh_seconds=0, seen=True)
    publisher = DurablePublisher(broker, watch, 0.05, direct=True)
    group_commit = GroupCommit(publisher.publish, limit)
    erasures = MemoryErasures()
    quarantine = Quarantine(cast("Any", quarantine_store), BODIES, EVENT_FACTORY, 100, 0.5)
    eraser = Eraser(cast("Any", spool), cast("Any", quarantine_store), group_commit, ENCODER, cast("Any", erasures))
    ingest = Ingest(
        registry,
        EVENT_FACTORY,
        group_commit,
        quarantine,
        LastSeen(cast("Any", NoAccounts())),
        eraser,
        EventEncoder("gateway"),
        Floors(lambda: datetime.now(UTC), lambda: True, lambda: True),
    )
    webhook = Webhook(ingest, 262_144, body_seconds)
    runner = JobRunner([quarantine.job(), eraser.job()], MemoryParked())
    tasks = [asyncio.ensure_future(task.run()) for task in (group_commit, runner)]
    try:
        yield GatewayParts(
            broker, spool, quarantine_store, registry, publisher, group_commit, ingest, webhook, eraser, erasures
        )
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
