"""The auditor as a process on a real broker and a real MongoDB: killed in the middle, every record is chained once."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from chassis.audit import Access, AuditLog
from chassis.auth import Actor
from chassis.kafka import KafkaProducer
from chassis.mongo import Database, database
from chassis.publisher import Publisher
from contracts.scopes import Scope
from loa.runtime import secrets
from loa.runtime.settings import ROOT
from loa.testkit.process import ServiceProcess
from loa.testkit.servers import LiveBroker
from services.auditor.checkpoints import read_file
from tests.chassis.brokers import KafkaBroker
from tests.doubles import PEPPER

pytestmark = pytest.mark.live

OFFICER = Actor("officer", "officer-1", frozenset({Scope.QUEUE_READ}), None, reason="nobody may read this in a log")
RECORDS, SECONDS = 200, 60


@dataclass(slots=True)
class AuditorProcess:
    service: ServiceProcess
    trail: AuditLog
    db: Database
    environment: dict[str, str]

    async def look(self, first: int, last: int) -> None:
        subjects = [f"subject-{number}" for number in range(first, last)]
        await self.trail.record(OFFICER, Access("queue.read", "conversation", subjects, "1001"))

    async def until_signed(self, count: int) -> None:
        """From outside, a process is only seen by what it did."""
        async with asyncio.timeout(SECONDS):
            while not (kept := read_file(Path(self.environment["CHECKPOINTS_PATH"]))) or kept[-1]["_id"] < count:
                assert self.service.alive(), self.service.output()[-3_000:]
                await asyncio.sleep(0.1)

    def verify(self) -> subprocess.CompletedProcess[str]:
        words = [sys.executable, "-m", "services.auditor.verify"]
        environment = os.environ | self.environment
        return subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - the words above.


@pytest.fixture
async def auditor(broker: LiveBroker, mongo_url: str, tmp_path: Path) -> AsyncIterator[AuditorProcess]:
    secrets.generate(tmp_path / "secrets")
    async with AsyncExitStack() as stack:
        db = await stack.enter_async_context(database(mongo_url, f"auditor_{uuid4().hex[:12]}"))
        kafka = await KafkaBroker(broker.servers).prepare()
        stack.push_async_callback(kafka.close)
        producer = KafkaProducer(broker.servers, idempotent=broker.durable)
        stack.push_async_callback(producer.close)
        environment = {
            "KAFKA_SERVERS": broker.servers,
            "KAFKA_SESSION_MS": "6000",
            "KAFKA_IDEMPOTENCE": str(broker.durable).lower(),
            "TOPIC_PREFIX": kafka.prefix,
            "MONGO_URL": mongo_url,
            "MONGO_DATABASE": db.name,
            "SECRETS_DIR": str(tmp_path / "secrets"),
            "CHECKPOINTS_PATH": str(tmp_path / "audit" / "checkpoints.jsonl"),
            "CHECKPOINT_SECONDS": "0.5",
        }
        service = ServiceProcess("services.auditor", environment, tmp_path)
        stack.callback(service.kill)
        await asyncio.to_thread(service.start().await_ready)
        trail = AuditLog("chatbot", PEPPER, Publisher("chatbot", kafka.prefix, producer).publish)
        yield AuditorProcess(service, trail, db, environment)
        await db.client.drop_database(db.name)


@pytest.mark.timeout(180)
async def test_killed_in_the_middle_every_record_is_chained_once_signed_and_verified(auditor: AuditorProcess) -> None:
    for start in range(0, RECORDS, 20):
        await auditor.look(start, start + 20)
        if start in (60, 140):
            auditor.service.kill()
            auditor.service.start()
    await auditor.until_signed(RECORDS)
    subjects = [entry["event"]["conversation"] async for entry in auditor.db["entries"].find({}).sort("_id", 1)]
    assert sorted(subjects) == sorted(f"subject-{number}" for number in range(RECORDS))
    whole = await asyncio.to_thread(auditor.verify)
    assert (whole.returncode, whole.stderr) == (0, "")
    assert f"Whole: {RECORDS} entries, {RECORDS} of them signed" in whole.stdout
    assert await asyncio.to_thread(auditor.service.stop) == 0
    await auditor.db["entries"].update_one({"_id": 77}, {"$set": {"event.actor_id": "officer-2"}})
    broken = await asyncio.to_thread(auditor.verify)
    assert broken.returncode == 1
    assert "BROKEN: entry 77 was changed" in broken.stdout
    for word in ("nobody may read", "subject-", "officer-1"):
        assert word not in auditor.service.output()


async def test_without_a_public_key_it_is_said_that_nothing_could_be_verified(auditor: AuditorProcess) -> None:
    (Path(auditor.environment["SECRETS_DIR"]) / "auditor-signer.pub").unlink()
    refused = await asyncio.to_thread(auditor.verify)
    assert refused.returncode == 2
    assert "auditor-signer.pub" in refused.stderr
