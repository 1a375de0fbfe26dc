"""A whole province for a journey: every service and the sandbox as real processes on free ports, on the suite's servers."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp

from chassis.kafka import ensure_topics
from loa.runtime import secrets
from loa.runtime.ports import free_port
from loa.runtime.seed import seed_demo as seed
from loa.runtime.services import Service as Planned
from loa.runtime.services import services
from loa.runtime.settings import Settings
from loa.testkit.process import ServiceProcess
from loa.testkit.servers import LiveBroker, LiveMongo

PARTITIONS = 6
REPLICATED = ("gateway", "chatbot", "tips", "notify")
POLICE = "4100000000000000012"
WARD = "4100000000000000121"
PORTAL = "4100000000000000201"
PROVINCE = "4100000000000000301"


@dataclass(frozen=True)
class FullSystem:
    """`services` by name: gateway, chatbot, tips, notify, auditor, sandbox; each can be killed and started again.

    Further replicas are `gateway-2` and so on; then a `balancer` stands before the gateways.
    """

    settings: Settings
    services: Mapping[str, ServiceProcess]
    mongo: LiveMongo
    broker: LiveBroker
    prefix: str

    @property
    def sandbox(self) -> str:
        return self.services["sandbox"].url

    @property
    def gateway(self) -> str:
        return self.services["gateway"].url

    @property
    def chatbot(self) -> str:
        return self.services["chatbot"].url

    @property
    def officer_headers(self) -> dict[str, str]:
        """The header with which officers and other systems may ask the chatbot."""
        token = (self.settings.secrets / "chatbot-api-token").read_text().strip()
        return {"Authorization": f"Bearer {token}"}


@contextmanager
def full_system(
    home: Path,
    mongo: LiveMongo,
    broker: LiveBroker,
    *,
    replicas: int = 1,
    own_environment: Callable[[str], Mapping[str, str]] = lambda _: {},
    **more: str,
) -> Iterator[FullSystem]:
    """Up and seeded. `more` is added to every service's environment, `own_environment` to the one of that name."""
    prefix = f"j{uuid4().hex[:6]}."
    ports = {name.lower(): free_port() for name in Settings.read({}).ports()}
    settings = Settings.model_validate({"loa_state": home / "state", **ports})
    secrets.generate(settings.secrets)
    secrets.make_demo_reader(settings.secrets)
    asyncio.run(ensure_topics(broker.servers, PARTITIONS, prefix))
    zalo = f"http://127.0.0.1:{settings.sandbox_port}"
    environment = {
        "KAFKA_SERVERS": broker.servers,
        "KAFKA_IDEMPOTENCE": str(broker.durable).lower(),
        "KAFKA_SESSION_MS": "6000",
        "MONGO_URL": mongo.url,
        "SECRETS_DIR": str(settings.secrets),
        "TOPIC_PREFIX": prefix,
        "ZALO_OPENAPI_URL": zalo,
        "ZALO_OAUTH_URL": zalo,
        **more,
    }
    start = _Starting(environment, own_environment, home, prefix)
    running = start.processes(services(settings), replicas)
    try:
        for service in running.values():
            service.start()
        for service in running.values():
            service.await_ready(120, "/webhooks/zalo" if service is running.get("balancer") else "/ready")
        seed(settings, lambda _: None)
        yield FullSystem(settings, running, mongo, broker, prefix)
    finally:
        for service in reversed(running.values()):
            service.stop()


@dataclass(frozen=True)
class _Starting:
    environment: Mapping[str, str]
    own_environment: Callable[[str], Mapping[str, str]]
    home: Path
    prefix: str

    def processes(self, plans: Sequence[Planned], replicas: int) -> dict[str, ServiceProcess]:
        balancer_port, running = free_port(), dict[str, ServiceProcess]()
        webhook = {"WEBHOOK_URL": f"http://127.0.0.1:{balancer_port}/webhooks/zalo"} if replicas > 1 else {}
        for plan in plans:
            running[plan.name] = self._process(plan, plan.name, plan.port, webhook if plan.name == "sandbox" else {})
            for number in range(2, replicas + 1) if plan.name in REPLICATED else ():
                name = f"{plan.name}-{number}"
                running[name] = self._process(plan, name, free_port(), {})
        if replicas > 1:
            gateways = [process for name, process in running.items() if name.startswith("gateway")]
            targets = ",".join(f"127.0.0.1:{gateway.public_port}" for gateway in gateways)
            environment = {"TARGETS": targets, "HTTP_PORT": str(balancer_port)}
            running["balancer"] = ServiceProcess("loa.testkit.balancer", environment, self.home)
        return running

    def _process(self, plan: Planned, name: str, port: int, more: Mapping[str, str]) -> ServiceProcess:
        module = plan.name if plan.name == "sandbox" else f"services.{plan.name}"
        public = {"PUBLIC_PORT": str(plan.public_port)} if plan.public_port and port == plan.port else {}
        database = {"MONGO_DATABASE": f"{self.prefix[:-1]}_{plan.name}"}
        own = {**database, **plan.environment, "HTTP_PORT": str(port), **public, **more}
        return ServiceProcess(module, {**self.environment, **own, **self.own_environment(name)}, self.home)


@dataclass(slots=True)
class Citizen:
    """One citizen of the sandbox, played through its control API."""

    http: aiohttp.ClientSession
    sandbox: str
    citizen_id: str
    oa_id: str = POLICE
    seen: int = 0

    async def says(self, text: str) -> None:
        body = {"oa_id": self.oa_id, "kind": "text", "text": text}
        async with self.http.post(f"{self.sandbox}/sandbox/citizens/{self.citizen_id}/send", json=body) as answer:
            answer.raise_for_status()

    async def receives(self, wait: float = 15) -> list[dict[str, Any]]:
        """What has come since the last look, at least one message unless `wait` seconds pass."""
        params = {"oa_id": self.oa_id, "after": str(self.seen), "wait": str(wait)}
        async with self.http.get(f"{self.sandbox}/sandbox/citizens/{self.citizen_id}/inbox", params=params) as answer:
            answer.raise_for_status()
            messages: list[dict[str, Any]] = await answer.json()
        self.seen = max([self.seen, *(message["seq"] for message in messages)])
        return messages


async def new_citizen(http: aiohttp.ClientSession, sandbox: str, name: str = "Nguyễn Thị Thử") -> Citizen:
    async with http.post(f"{sandbox}/sandbox/citizens", json={"name": name}) as answer:
        answer.raise_for_status()
        return Citizen(http, sandbox, (await answer.json())["citizen_id"])
