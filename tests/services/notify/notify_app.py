"""notify in the test's own process: the real service on the real MongoDB, the fake Zalo behind a real socket, a log in memory."""

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from pydantic import SecretStr

from chassis.mongo import Database, database
from contracts.event import Event
from contracts.message import MessagePart, OutboundMessage
from contracts.notify import EVENTS, MessageSettled
from contracts.scopes import Scope
from sandbox.people import Contact
from sandbox.platform import Platform
from services.notify.settings import NotifySettings
from services.notify.zalo.oauth import Pair
from tests.console import allow
from tests.doubles import RING_FILES, MemoryLog, as_received, make_event, reply, sealed_address
from tests.services.notify.replica import Replica, running_replica
from tests.services.notify.zalo_server import platform_at
from tests.zalo import APP_SECRET, OA, OTHER_OA

TOKEN_RING = "k1:dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHQ=\n"
__all__ = ["OA", "OTHER_OA", "NotifyApp", "notify_app", "until"]


def now_ms() -> int:
    return time.time_ns() // 1_000_000


async def until(holds: Callable[[], bool | Awaitable[Any]], seconds: float = 10) -> None:
    """For what has no other way to say that it has come."""
    deadline = asyncio.get_running_loop().time() + seconds
    while True:
        result = holds()
        if await result if isinstance(result, Awaitable) else result:
            return
        assert asyncio.get_running_loop().time() < deadline, "it did not come"
        await asyncio.sleep(0.005)


API_KEY = "loa_of-the-tests"


def secrets_in(folder: Path) -> Path:
    """The keys that tests/events.py seals with."""
    for name, text in {**RING_FILES, "tokens.keys": TOKEN_RING, "zalo-app-secret": APP_SECRET}.items():
        (folder / name).write_text(text)
    allow(folder, API_KEY, *Scope)
    return folder


@dataclass(slots=True)
class NotifyApp:
    """One service, or several on the same ledger."""

    platform: Platform
    url: str
    db: Database
    log: MemoryLog
    secrets: Path
    replicas: list[Replica] = field(default_factory=list)
    _tasks: list[asyncio.Future[None]] = field(default_factory=list)

    @property
    def service(self) -> Replica:
        return self.replicas[0]

    def settings(self, **more: Any) -> NotifySettings:
        addresses = {"zalo_openapi_url": self.url, "zalo_oauth_url": self.url, "secrets_dir": self.secrets}
        quick = {
            "sweep_seconds": 0.05,
            "doubt_seconds": 0.3,
            "late_seconds": 0.6,
            "send_seconds": 1.0,
            "lease_seconds": 4.0,
        }
        return NotifySettings.model_validate(addresses | quick | more)

    async def authorise(self, *oas: str, service: Replica | None = None) -> None:
        """Each OA has a pair of tokens, as after the consent page."""
        for oa_id in oas or (OA,):
            grant = self.platform.tokens.issue("1000000000000000001", oa_id)
            provider = (service or self.service).pipeline.tokens
            lives_s = (grant.access_until_ms - now_ms()) // 1_000
            await provider.adopt(oa_id, Pair(SecretStr(grant.access_token), SecretStr(grant.refresh_token), lives_s))

    def citizen(self, oa_id: str = OA) -> Contact:
        """Somebody who has just written to the OA."""
        contact = self.platform.network.contact(self.platform.network.new_citizen("Người Thử").citizen_id, oa_id)
        contact.last_interaction_ms = self.platform.clock.now_ms()
        return contact

    def reply(self, to: Contact, *texts: str, **fields: Any) -> Event:
        """Words for a citizen: one part per text."""
        return self.reply_with(to, *(MessagePart(text=text) for text in texts), **fields)

    def reply_with(self, to: Contact, *parts: MessagePart, **fields: Any) -> Event:
        defaults = {"at": datetime.now(UTC), "user": to.user_id, "oa_id": to.oa_id, "name": str(uuid4()), **fields}
        return reply(body=OutboundMessage(parts=parts), **defaults)

    def event_about(self, event_type: type[Event], to: Contact, /, **fields: Any) -> Any:
        """Any other fact about this citizen."""
        if "address" in event_type.model_fields:
            fields["address"] = sealed_address(to.user_id, to.oa_id)
        return make_event(
            event_type, user=to.user_id, oa_id=to.oa_id, at=datetime.now(UTC), name=str(uuid4()), **fields
        )

    async def handle(self, *events: Event, service: Replica | None = None) -> list[Event]:
        """As the loop hands them over in one batch; what it would say."""
        return list(await (service or self.service).handler.handle([as_received(event) for event in events]))

    def chats(self, oa_id: str = OA) -> dict[str, list[str]]:
        """By user_id, what the OA said, in order."""
        texts: dict[str, list[str]] = defaultdict(list)
        for message in self.platform.network.inboxes.answers:
            if message.oa_id == oa_id:
                texts[message.user_id].append(message.text)
        return texts

    def texts_to(self, to: Contact) -> list[str]:
        return self.chats(to.oa_id)[to.user_id]

    async def count(self, collection: str = "deliveries", **query: Any) -> int:
        return int(await self.db[collection].count_documents(query))

    async def statuses(self) -> dict[str, int]:
        rows = await self.db["deliveries"].aggregate([{"$group": {"_id": "$s", "n": {"$sum": 1}}}]).to_list(None)
        return {row["_id"]: row["n"] for row in rows}

    async def stored_delivery(self, **query: Any) -> dict[str, Any]:
        return dict(await self.db["deliveries"].find_one(query) or {})

    async def settled(self, seconds: float = 15) -> dict[str, int]:
        """The statuses once nothing is open."""
        deadline = asyncio.get_running_loop().time() + seconds
        while (
            await self.db["deliveries"].count_documents({"open": True})
            or self.service.pipeline.result_writer.references
        ):
            assert asyncio.get_running_loop().time() < deadline, await self.statuses()
            await asyncio.sleep(0.02)
        return await self.statuses()

    def settled_events(self) -> list[MessageSettled]:
        """The endings that are on the log."""
        return [event for event in self.log.events(EVENTS) if isinstance(event, MessageSettled)]

    def calls(self, path: str = "/v3.0/oa/message/cs") -> int:
        return sum(1 for call in self.platform.ledger.after(0, 1_000_000) if call.path == path)


@asynccontextmanager
async def notify_app(
    mongo_url: str, folder: Path, *, replicas: int = 1, zalo: dict[str, Any] | None = None, **more: Any
) -> AsyncIterator[NotifyApp]:
    """`replicas` of them run on one ledger; `more` moves their settings, `zalo` the platform's."""
    name = f"notify_{uuid4().hex[:8]}"
    async with platform_at(**(zalo or {})) as (platform, url), database(mongo_url, name) as db:
        notify = NotifyApp(platform, url, db, MemoryLog(), secrets_in(folder))
        try:
            async with _run_replicas(notify, replicas, more):
                yield notify
        finally:
            await db.client.drop_database(name)


@asynccontextmanager
async def _run_replicas(notify: NotifyApp, count: int, more: dict[str, Any]) -> AsyncIterator[None]:
    if not count:
        yield
        return
    async with running_replica(notify.settings(**more), notify.db, notify.log) as replica:
        notify.replicas.append(replica)
        async with _run_replicas(notify, count - 1, more):
            yield
