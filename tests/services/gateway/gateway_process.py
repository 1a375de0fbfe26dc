"""Gateways as processes, on the suite's own broker and MongoDB, each set under names of its own."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp

from chassis.kafka import ensure_topics
from chassis.records import Record
from loa.clients.registry import Registry
from loa.runtime import secrets
from loa.testkit.process import ServiceProcess
from loa.testkit.servers import LiveBroker, LiveMongo
from tests.chassis.brokers import PARTITIONS, KafkaBroker
from tests.services.gateway.gateway_parts import SECRET, mac, raw
from tests.services.gateway.payloads import APP, OA, STAMP, USER, Json

KEY = SECRET.decode()


@dataclass
class GatewayProcesses:
    broker: LiveBroker
    mongo: LiveMongo
    home: Path
    prefix: str = field(default_factory=lambda: f"g{uuid4().hex[:8]}.")
    services: list[ServiceProcess] = field(default_factory=list)

    @property
    def secrets(self) -> Path:
        return self.home / "secrets"

    @property
    def database(self) -> str:
        return f"gateway_{self.prefix.rstrip('.')}"

    def start(self, **more: str) -> ServiceProcess:
        """Another replica, ready."""
        service = self.replica(**more)
        service.start()
        return service.await_ready(60)

    def replica(self, **more: str) -> ServiceProcess:
        """Another replica, not started."""
        environment: Mapping[str, str] = {
            "KAFKA_SERVERS": self.broker.servers,
            "KAFKA_IDEMPOTENCE": str(self.broker.durable).lower(),
            "MONGO_URL": self.mongo.url,
            "MONGO_DATABASE": self.database,
            "SECRETS_DIR": str(self.secrets),
            "TOPIC_PREFIX": self.prefix,
            **more,
        }
        service = ServiceProcess("services.gateway", environment, self.home)
        self.services.append(service)
        return service

    def registry(self, service: ServiceProcess) -> Registry:
        return Registry.here(service.url, self.secrets)

    async def register(self, service: ServiceProcess) -> None:
        async with self.registry(service) as registry:
            await registry.put_app(APP, KEY)
            await registry.put_oas([{"oa_id": OA, "app_id": APP, "name": "Công an phường Mẫu"}])

    async def records(self, topic: str) -> list[Record]:
        broker = KafkaBroker(self.broker.servers)
        broker.prefix = self.prefix
        return await broker.records(topic)


@asynccontextmanager
async def gateway_processes(broker: LiveBroker, mongo: LiveMongo, home: Path) -> AsyncIterator[GatewayProcesses]:
    processes = GatewayProcesses(broker, mongo, home)
    secrets.generate(processes.secrets)
    await ensure_topics(broker.servers, PARTITIONS, processes.prefix)
    try:
        yield processes
    finally:
        for service in processes.services:
            if service.alive():
                service.stop()


@asynccontextmanager
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    connector = aiohttp.TCPConnector(limit=400)
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=30)) as session:
        yield session


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    seconds: float


async def post(
    session: aiohttp.ClientSession, service: ServiceProcess, body: bytes, signature: bytes | None = None
) -> Answer:
    headers = {"X-ZEvent-Signature": signature.decode("latin-1")} if signature else {}
    started = time.perf_counter()
    try:
        async with session.post(f"{service.public_url}/webhooks/zalo", data=body, headers=headers) as answer:
            status = answer.status
    except aiohttp.ClientError:
        status = 0
    return Answer(status, time.perf_counter() - started)


async def send_event(
    session: aiohttp.ClientSession, service: ServiceProcess, body: Json, secret: bytes = SECRET
) -> Answer:
    payload = raw(body)
    return await post(session, service, payload, mac(payload, str(body["app_id"]), str(body["timestamp"]), secret))


async def until_served(session: aiohttp.ClientSession, service: ServiceProcess, seconds: float = 5) -> float:
    """Returns the seconds until a signed event counts as accepted here: the registry is live."""
    return await until_outcome(session, service, "accepted", seconds=seconds)


async def until_outcome(
    session: aiohttp.ClientSession, service: ServiceProcess, outcome: str, secret: bytes = SECRET, seconds: float = 5
) -> float:
    """Returns the seconds until an event signed with `secret` has this outcome: a change of the registry is live."""
    started = time.perf_counter()
    while time.perf_counter() - started < seconds + 1:
        before = await counted(session, service, f'outcome="{outcome}"')
        await send_event(session, service, message(f"hello-{uuid4().hex}"), secret)
        if await counted(session, service, f'outcome="{outcome}"') > before:
            return time.perf_counter() - started
        await asyncio.sleep(0.1)
    raise AssertionError(f"not live within {seconds} s")


def message(msg_id: str, user: str = USER, text: str = "xin chào", **more: Any) -> Json:
    return {
        "event_name": "user_send_text", "app_id": APP, "sender": {"id": user}, "recipient": {"id": OA},
        "message": {"text": text, "msg_id": msg_id}, "timestamp": STAMP, **more,
    }  # fmt: skip


async def metrics(session: aiohttp.ClientSession, service: ServiceProcess) -> dict[str, float]:
    """Every sample, by its name with labels."""
    async with session.get(f"{service.url}/metrics") as answer:
        lines = (await answer.text()).splitlines()
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[:1] != "#")}


async def counted(
    session: aiohttp.ClientSession, service: ServiceProcess, label: str, name: str = "loa_webhook_events_total"
) -> float:
    """The sum of all samples of that name with that label."""
    return sum(
        value for key, value in (await metrics(session, service)).items() if key.startswith(name) and label in key
    )
