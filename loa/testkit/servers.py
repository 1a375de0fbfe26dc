"""Real servers for the suite: one MongoDB and one broker of each kind, shared by all tests that ask for them."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from loa.runtime import secrets
from loa.runtime.kafka import jars
from loa.runtime.kafka.server import Kafka
from loa.runtime.mongod import Mongod
from loa.runtime.ports import await_listening, free_port
from loa.runtime.settings import Settings
from loa.runtime.tansu import Tansu
from loa.testkit.process import Running, wait_until

START_SECONDS = 120


@dataclass(frozen=True)
class LiveBroker:
    """`servers` for clients; `name` is kafka or tansu. Topics are the test's own: give them names nobody else uses."""

    kind: Kafka | Tansu
    process: Running

    @property
    def name(self) -> str:
        return self.kind.name

    @property
    def servers(self) -> str:
        return self.kind.servers

    @property
    def durable(self) -> bool:
        return self.name == "kafka"

    def start(self) -> None:
        self.process.start()
        await_listening(self.kind.port, START_SECONDS)
        wait_until(self.answers, START_SECONDS, f"{self.name} listens and does not answer: {self.process.output()}")

    def answers(self) -> bool:
        """Whether it knows itself: a broker that has just begun to listen does not yet. In a thread, for any caller."""
        with ThreadPoolExecutor(1) as executor:
            return executor.submit(asyncio.run, _knows_itself(self.servers)).result()

    def kill(self) -> None:
        self.process.kill()

    def restart(self) -> None:
        """Kill -9 and up again: Kafka with what it had, Tansu with nothing."""
        self.kill()
        self.start()


@dataclass(frozen=True)
class LiveMongo:
    """`url` for clients. Databases are the test's own: give them names nobody else uses."""

    kind: Mongod
    process: Running

    @property
    def url(self) -> str:
        return self.kind.url

    def start(self) -> None:
        self.process.start()
        self.kind.await_primary(START_SECONDS)

    def kill(self) -> None:
        self.process.kill()

    def restart(self) -> None:
        """Kill -9, and up again with everything it acknowledged."""
        self.kill()
        self.start()


def make_kafka(home: Path) -> LiveBroker:
    kind = Kafka(home / "kafka", free_port(), free_port(), jars.bring(Settings.read({}).loa_cache))
    return LiveBroker(kind, Running(kind.program(), home / "kafka.log"))


def make_tansu(home: Path) -> LiveBroker:
    kind = Tansu(free_port())
    return LiveBroker(kind, Running(kind.program(), home / "tansu.log"))


def make_mongo(home: Path) -> LiveMongo:
    secrets.generate(home / "secrets")
    kind = Mongod(home / "mongo", free_port(), home / "secrets")
    return LiveMongo(kind, Running(kind.program(), home / "mongo.log"))


async def up_again(server: LiveBroker | LiveMongo) -> None:
    """Started here, since a child dies with the thread that made it; awaited aside, so that the loop under test goes on."""
    server.process.start()
    if isinstance(server, LiveMongo):
        await asyncio.to_thread(server.kind.await_primary, START_SECONDS)
    else:
        await asyncio.to_thread(await_listening, server.kind.port, START_SECONDS)


async def _knows_itself(servers: str) -> bool:
    admin = AIOKafkaAdminClient(bootstrap_servers=servers, request_timeout_ms=5_000)
    try:
        await admin.start()
        return bool((await admin.describe_cluster())["brokers"])
    except KafkaError:
        return False
    finally:
        await admin.close()
