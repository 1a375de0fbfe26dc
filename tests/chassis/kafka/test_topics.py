"""Topics are made once, by whoever comes first, and a refusal is told."""

import asyncio
from uuid import uuid4

import pytest
from aiokafka.admin import AIOKafkaAdminClient

from chassis.errors import TransientError
from chassis.kafka import ensure_dead_topic, ensure_topics
from contracts.catalogue import DEAD, TOPICS
from loa.runtime.ports import free_port
from loa.testkit.servers import LiveBroker
from tests.chassis.brokers import PARTITIONS, SERVICE, KafkaBroker

pytestmark = [pytest.mark.live, pytest.mark.durable]


async def topics(servers: str, prefix: str) -> set[str]:
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    try:
        return {name.removeprefix(prefix) for name in await admin.list_topics() if name.startswith(prefix)}
    finally:
        await admin.close()


async def test_every_topic_is_made_and_making_them_again_is_harmless(kafka: LiveBroker) -> None:
    prefix = f"t{uuid4().hex[:8]}."
    await ensure_topics(kafka.servers, 2, prefix)
    await ensure_topics(kafka.servers, 2, prefix)
    assert await topics(kafka.servers, prefix) == {*TOPICS, *DEAD.values()}


async def test_more_copies_than_brokers_is_a_refusal_that_is_told(
    kafka: LiveBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chassis.kafka.topics._START_SECONDS", 5.0)
    with pytest.raises(TransientError, match=r"refused topics \(InvalidReplicationFactorError\)"):
        await ensure_topics(kafka.servers, 2, f"t{uuid4().hex[:8]}.", replicas=3)


async def test_without_a_broker_the_operator_reads_where_to_look() -> None:
    with pytest.raises(TransientError, match="KAFKA_SERVERS"):
        await ensure_topics(f"127.0.0.1:{free_port()}", 2)


async def test_a_dead_letter_topic_that_is_gone_is_made_again_with_the_partitions_of_its_source(
    kafka: LiveBroker,
) -> None:
    broker = await KafkaBroker(kafka.servers).prepare()
    name = broker.prefix + DEAD[SERVICE]
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.servers)
    await admin.start()
    try:
        await admin.delete_topics([name])
        async with asyncio.timeout(30):
            while DEAD[SERVICE] in await topics(kafka.servers, broker.prefix):  # noqa: ASYNC110 - a broker tells nobody.
                await asyncio.sleep(0.1)
        await ensure_dead_topic(broker.settings, SERVICE)
        await ensure_dead_topic(broker.settings, SERVICE)
        (described,) = await admin.describe_topics([name])
        assert len(described["partitions"]) == PARTITIONS
    finally:
        await admin.close()
        await broker.close()
