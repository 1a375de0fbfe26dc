"""What a bench runs on: its own MongoDB and Apache Kafka on free ports, and the unit of its figures."""

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.processes import cpu_seconds
from bench.yardstick import measure_u
from chassis.kafka import ensure_topics
from loa.runtime import secrets
from loa.testkit.servers import LiveBroker, LiveMongo, make_kafka, make_mongo

PARTITIONS = 12


@dataclass(frozen=True)
class Environment:
    home: Path
    mongo: LiveMongo
    kafka: LiveBroker
    u: float  # Seconds of CPU: bench/yardstick.py.
    prefix: str = ""

    def service_env(self, **more: str) -> dict[str, str]:
        """Returns the settings that every service reads, plus `more`."""
        return {
            "KAFKA_SERVERS": self.kafka.servers,
            "MONGO_URL": self.mongo.url,
            "SECRETS_DIR": str(self.home / "service-secrets"),
            "TOPIC_PREFIX": self.prefix,
            "LOG_LEVEL": "warning",
            **more,
        }

    def servers_cpu(self) -> float:
        """Returns the seconds of CPU that MongoDB and the broker have used since they were started."""
        return cpu_seconds(self.mongo.process.pid) + cpu_seconds(self.kafka.process.pid)


@contextmanager
def bench_environment() -> Iterator[Environment]:
    """Started here, stopped here; nothing is left running or lying about. u is measured first, on the quiet machine."""
    u = asyncio.run(measure_u())
    with tempfile.TemporaryDirectory(prefix="loa-bench-") as folder:
        home = Path(folder)
        secrets.generate(home / "service-secrets")
        mongo, kafka = make_mongo(home), make_kafka(home)
        try:
            mongo.start()
            kafka.start()
            for prefix in ("", "baseline."):
                asyncio.run(ensure_topics(kafka.servers, PARTITIONS, prefix))
            yield Environment(home, mongo, kafka, u)
        finally:
            kafka.process.stop()
            mongo.process.stop()
