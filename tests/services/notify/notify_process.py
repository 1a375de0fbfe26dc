"""notify and the fake Zalo as real processes, on the suite's servers; the test speaks as chatbot, gateway and citizens."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

import aiohttp
from pymongo import MongoClient

from chassis.crypto import Place
from chassis.kafka import KafkaProducer, ensure_topics
from contracts.event import Event
from loa.clients.authorisations import authorisation_link
from loa.runtime import secrets
from loa.runtime.ports import free_port
from loa.testkit.process import ServiceProcess
from loa.testkit.servers import LiveBroker, LiveMongo
from services.notify.keys import Keys
from tests.events import encoded
from tests.services.notify.chatbot import OA, Chatbot, Person

PARTITIONS = 4


@dataclass(slots=True)
class NotifyProcesses:
    home: Path
    mongo: LiveMongo
    broker: LiveBroker
    prefix: str
    http: aiohttp.ClientSession
    producer: KafkaProducer
    secrets_dir: Path
    sandbox: ServiceProcess
    replicas: list[ServiceProcess] = field(default_factory=list)

    @property
    def notify(self) -> ServiceProcess:
        return self.replicas[0]

    @property
    def chatbot(self) -> Chatbot:
        return Chatbot(self.secrets_dir, self.prefix)

    @property
    def database(self) -> str:
        return f"{self.prefix[:-1]}_notify"

    def environment(self, **more: str) -> dict[str, str]:
        return {
            "KAFKA_SERVERS": self.broker.servers,
            "KAFKA_IDEMPOTENCE": str(self.broker.durable).lower(),
            "KAFKA_SESSION_MS": "6000",
            "KAFKA_FETCH_WAIT_MS": "50",
            "MONGO_URL": self.mongo.url,
            "MONGO_DATABASE": self.database,
            "SECRETS_DIR": str(self.secrets_dir),
            "TOPIC_PREFIX": self.prefix,
            "ZALO_OPENAPI_URL": self.sandbox.url,
            "ZALO_OAUTH_URL": self.sandbox.url,
            **more,
        }

    def start_notify(self, **more: str) -> ServiceProcess:
        """One more process of notify."""
        process = ServiceProcess("services.notify", self.environment(**more), self.home)
        self.replicas.append(process)
        process.start()
        return process.await_ready(60)

    async def call(self, method: str, url: str, **more: Any) -> Any:
        async with self.http.request(method, url, **more) as answer:
            answer.raise_for_status()
            return await answer.json()

    async def control(self, method: str, path: str, body: Any = None) -> Any:
        return await self.call(method, f"{self.sandbox.url}/sandbox{path}", json=body)

    async def authorise(self, oa_id: str = OA) -> str:
        """As the OA's administrator does: the page that notify shows at the end."""
        link, _ = await authorisation_link(self.notify.url, self.secrets_dir, oa_id)
        async with self.http.post(link, allow_redirects=False) as response:
            address = urlsplit(response.headers["Location"])
        form = {**dict(parse_qsl(address.query)), "oa_id": oa_id}
        async with self.http.post(f"{self.sandbox.url}{address.path}", data=form) as page:
            page.raise_for_status()
            return await page.text()

    async def people(self, count: int, oa_id: str = OA) -> list[Person]:
        """New citizens who have just written to the OA."""
        made = await self.control("POST", "/bulk", {"citizens": count, "oa_id": oa_id})
        return [Person(citizen["citizen_id"], citizen["user_id"]) for citizen in made["citizens"]]

    async def publish(self, events: Sequence[Event], source: str = "chatbot") -> None:
        await self.producer.send([encoded(event, source, self.prefix) for event in events])

    async def chats(self) -> dict[str, list[str]]:
        """`{citizen_id: texts in the order they came into the chat}`."""
        texts: dict[str, list[str]] = defaultdict(list)
        after = 0
        while rows := await self.control("GET", f"/bulk/answers?after={after}"):
            for row in rows:
                texts[row["citizen"]].append(row["text"])
            after = rows[-1]["seq"]
        return texts

    async def until_arrived(self, count: int, seconds: float = 30) -> dict[str, list[str]]:
        """At least `count` messages in all chats together."""
        deadline = asyncio.get_running_loop().time() + seconds
        while sum(map(len, (chats := await self.chats()).values())) < count:
            assert asyncio.get_running_loop().time() < deadline, (
                f"only {sum(map(len, chats.values()))} of {count} arrived"
            )
            await asyncio.sleep(0.1)
        return chats

    async def until_called(self, path: str, count: int, seconds: float = 30) -> None:
        """Until Zalo has seen so many calls of this path, whatever it answered."""
        async with asyncio.timeout(seconds):
            while sum(call["path"] == path for call in await self.control("GET", "/requests?limit=10000")) < count:  # noqa: ASYNC110 - Zalo tells nobody.
                await asyncio.sleep(0.1)

    def held_tokens(self, oa_id: str = OA) -> set[str]:
        """The pair of tokens that notify holds at this moment, opened from its database."""
        keys = Keys.load(self.secrets_dir)
        with MongoClient[dict[str, Any]](self.mongo.url) as client:
            document = client[self.database].tokens.find_one({"_id": oa_id}) or {}
        name = f"{self.database}.tokens"
        pair: list[tuple[str, str]] = [("a", "access"), ("r", "refresh")]
        return {
            keys.open(document[field], Place.stored(name, oa_id, token, document["v"])).get_secret_value()
            for field, token in pair
            if field in document
        }

    async def invariant(self, process: ServiceProcess | None = None) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {secrets.read(self.secrets_dir, 'notify-api-token')}"}
        url = f"{(process or self.notify).url}/api/ledger/invariant"
        answer: dict[str, Any] = await self.call("GET", url, headers=headers)
        return answer

    async def until_settled(self, seconds: float = 30, process: ServiceProcess | None = None) -> dict[str, Any]:
        """The ledger's account once nothing is in flight."""
        deadline = asyncio.get_running_loop().time() + seconds
        while (account := await self.invariant(process))["in_flight"] or not account["holds"]:
            assert asyncio.get_running_loop().time() < deadline, account
            await asyncio.sleep(0.1)
        return account


@asynccontextmanager
async def notify_processes(home: Path, mongo: LiveMongo, broker: LiveBroker) -> AsyncIterator[NotifyProcesses]:
    """The fake Zalo is up; notify is for the test to start."""
    prefix = f"n{uuid4().hex[:6]}."
    folder = home / f"secrets-{prefix}"
    secrets.generate(folder)
    await ensure_topics(broker.servers, PARTITIONS, prefix)
    sandbox = ServiceProcess("sandbox", {"SECRETS_DIR": str(folder), "HTTP_PORT": str(free_port())}, home)
    producer = KafkaProducer(broker.servers, idempotent=broker.durable)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True)) as http:
        processes = NotifyProcesses(home, mongo, broker, prefix, http, producer, folder, sandbox)
        try:
            sandbox.start().await_ready(30, "/sandbox/oas")
            yield processes
        finally:
            for process in processes.replicas:
                process.kill()
            sandbox.kill()
            await producer.close()
