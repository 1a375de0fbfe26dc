"""What a bench stands on: its own MongoDB and Apache Kafka on free ports, houses as processes, and their CPU time."""

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import psutil

from chassis.kafka import ensure_topics
from loa.runtime import secrets
from loa.runtime.ports import free_port
from tests.servers.live import LiveBroker, LiveMongo, make_kafka, make_mongo

READY_SECONDS = 60
PARTITIONS = 12


@dataclass(frozen=True)
class Environment:
    home: Path
    mongo: LiveMongo
    kafka: LiveBroker
    prefix: str = ""

    def service_env(self, **more: str) -> dict[str, str]:
        """The settings every house reads, plus `more`."""
        return {
            "KAFKA_SERVERS": self.kafka.servers,
            "MONGO_URL": self.mongo.url,
            "SECRETS_DIR": str(self.home / "service-secrets"),
            "TOPIC_PREFIX": self.prefix,
            "LOG_LEVEL": "warning",
            **more,
        }

    def servers_cpu(self) -> float:
        """Seconds of CPU that MongoDB and the broker have used since they were started."""
        return cpu_seconds(self.mongo.process.pid) + cpu_seconds(self.kafka.process.pid)


def cpu_seconds(pid: int) -> float:
    """User and system time together."""
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


@contextmanager
def bench_environment() -> Iterator[Environment]:
    """Started here, stopped here; nothing is left running or lying about."""
    with tempfile.TemporaryDirectory(prefix="loa-bench-") as folder:
        home = Path(folder)
        secrets.generate(home / "service-secrets")
        mongo, kafka = make_mongo(home), make_kafka(home)
        try:
            mongo.start()
            kafka.start()
            for prefix in ("", "baseline."):
                asyncio.run(ensure_topics(kafka.servers, PARTITIONS, prefix))
            yield Environment(home, mongo, kafka)
        finally:
            kafka.process.stop()
            mongo.process.stop()


@dataclass
class ServiceProcess:
    """One process of ours."""

    name: str
    url: str
    process: "asyncio.subprocess.Process"
    _cpu_at: float = field(default=0.0)

    @property
    def cpu_seconds(self) -> float:
        return cpu_seconds(self.process.pid)

    def mark(self) -> None:
        self._cpu_at = self.cpu_seconds

    @property
    def cpu_since_mark(self) -> float:
        return self.cpu_seconds - self._cpu_at


@asynccontextmanager
async def service_process(name: str, env: Mapping[str, str], module: str = "") -> AsyncIterator[ServiceProcess]:
    """`python -m services.<name>` on a free port, ready when it says so."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module or f"services.{name}",
        env={**os.environ, **env, "HTTP_PORT": str(port)},
        stdout=asyncio.subprocess.DEVNULL,
    )
    service = ServiceProcess(name, f"http://127.0.0.1:{port}", process)
    try:
        await _wait_until_ready(service)
        yield service
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _wait_until_ready(service: ServiceProcess) -> None:
    async with aiohttp.ClientSession() as http:
        for _ in range(READY_SECONDS * 10):
            if service.process.returncode is not None:
                raise RuntimeError(f"{service.name} ended with {service.process.returncode} before it was ready")
            try:
                async with http.get(f"{service.url}/ready") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.1)
    raise RuntimeError(f"{service.name} was not ready within {READY_SECONDS} s")
