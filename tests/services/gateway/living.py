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
from chassis.types import Record
from loa.registry import Registry
from loa.runtime import secrets
from tests.chassis.worlds import PARTITIONS, OnKafka
from tests.servers.live import LiveBroker, LiveMongo
from tests.servers.process import House
from tests.services.gateway.payloads import APP, OA, STAMP, USER, Json
from tests.services.gateway.rooms import SECRET, mac, raw

KEY = SECRET.decode()


@dataclass
class Living:
    broker: LiveBroker
    mongo: LiveMongo
    home: Path
    prefix: str = field(default_factory=lambda: f"g{uuid4().hex[:8]}.")
    houses: list[House] = field(default_factory=list)

    @property
    def secrets(self) -> Path:
        return self.home / "secrets"

    @property
    def database(self) -> str:
        return f"gateway_{self.prefix.rstrip('.')}"

    def start(self, **more: str) -> House:
        """Another replica, ready."""
        environment: Mapping[str, str] = {
            "KAFKA_SERVERS": self.broker.servers,
            "KAFKA_IDEMPOTENCE": str(self.broker.durable).lower(),
            "MONGO_URL": self.mongo.url,
            "MONGO_DATABASE": self.database,
            "SECRETS_DIR": str(self.secrets),
            "TOPIC_PREFIX": self.prefix,
            **more,
        }
        house = House("services.gateway", environment, self.home)
        house.start()
        self.houses.append(house)
        return house.await_ready(60)

    def registry(self, house: House) -> Registry:
        return Registry.here(house.url, self.secrets)

    async def register(self, house: House) -> None:
        async with self.registry(house) as registry:
            await registry.put_app(APP, KEY)
            await registry.put_oas([{"oa_id": OA, "app_id": APP, "name": "Công an phường Mẫu"}])

    async def records(self, topic: str) -> list[Record]:
        world = OnKafka(self.broker.servers)
        world.prefix = self.prefix
        return await world.records(topic)


@asynccontextmanager
async def living(broker: LiveBroker, mongo: LiveMongo, home: Path) -> AsyncIterator[Living]:
    one = Living(broker, mongo, home)
    secrets.generate(one.secrets)
    await ensure_topics(broker.servers, PARTITIONS, one.prefix)
    try:
        yield one
    finally:
        for house in one.houses:
            if house.alive():
                house.stop()


@asynccontextmanager
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    connector = aiohttp.TCPConnector(limit=400)
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=30)) as session:
        yield session


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    seconds: float


async def post(session: aiohttp.ClientSession, house: House, body: bytes, signature: bytes | None = None) -> Answer:
    headers = {"X-ZEvent-Signature": signature.decode("latin-1")} if signature else {}
    started = time.perf_counter()
    try:
        async with session.post(f"{house.url}/webhooks/zalo", data=body, headers=headers) as answer:
            status = answer.status
    except aiohttp.ClientError:
        status = 0
    return Answer(status, time.perf_counter() - started)


async def tell(session: aiohttp.ClientSession, house: House, body: Json, secret: bytes = SECRET) -> Answer:
    told = raw(body)
    return await post(session, house, told, mac(told, str(body["app_id"]), str(body["timestamp"]), secret))


async def until_served(session: aiohttp.ClientSession, house: House, seconds: float = 5) -> float:
    """Seconds until a signed event counts as accepted here: the registry is live."""
    started = time.perf_counter()
    while time.perf_counter() - started < seconds + 1:
        name = f"hello-{uuid4().hex}"
        before = await counted(session, house, 'outcome="accepted"')
        await tell(session, house, message(name))
        if await counted(session, house, 'outcome="accepted"') > before:
            return time.perf_counter() - started
        await asyncio.sleep(0.1)
    raise AssertionError(f"not live within {seconds} s")


def message(msg_id: str, user: str = USER, text: str = "xin chào", **more: Any) -> Json:
    return {
        "event_name": "user_send_text", "app_id": APP, "sender": {"id": user}, "recipient": {"id": OA},
        "message": {"text": text, "msg_id": msg_id}, "timestamp": STAMP, **more,
    }  # fmt: skip


async def metrics(session: aiohttp.ClientSession, house: House) -> dict[str, float]:
    """Every sample, by its name with labels."""
    async with session.get(f"{house.url}/metrics") as answer:
        lines = (await answer.text()).splitlines()
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[:1] != "#")}


async def counted(
    session: aiohttp.ClientSession, house: House, label: str, name: str = "loa_webhook_events_total"
) -> float:
    """The sum of all samples of that name with that label."""
    return sum(value for key, value in (await metrics(session, house)).items() if key.startswith(name) and label in key)
