"""Topics are made by the code that knows them, wherever it is deployed."""

import os
import subprocess
import sys
from uuid import uuid4

import pytest
from aiokafka.admin import AIOKafkaAdminClient

from contracts.catalogue import DEAD, TOPICS
from loa.testkit.servers import LiveBroker
from tests.rules.tree import ROOT

pytestmark = pytest.mark.live


def make(servers: str, prefix: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"KAFKA_SERVERS": servers, "TOPIC_PREFIX": prefix, "PARTITIONS": "3"}
    command = [sys.executable, "-m", "chassis.kafka"]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603 - ours.


async def test_every_topic_is_made_and_again_does_no_harm(kafka: LiveBroker) -> None:
    prefix = f"made{uuid4().hex[:6]}."
    for _ in range(2):
        completed = make(kafka.servers, prefix)
        assert completed.returncode == 0, completed.stderr
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.servers)
    await admin.start()
    try:
        topics = await admin.describe_topics([prefix + name for name in (*TOPICS, *DEAD.values())])
    finally:
        await admin.close()
    assert {len(topic["partitions"]) for topic in topics} == {3}


def test_a_broker_that_is_not_there_is_told_with_the_remedy() -> None:
    completed = make("127.0.0.1:1", "nowhere.")
    assert completed.returncode == 1
    assert "KAFKA_SERVERS" in completed.stderr
