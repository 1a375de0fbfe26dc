"""How far a group of consumers is, asked from outside."""

from uuid import uuid4

import pytest

from chassis.errors import TransientError
from chassis.kafka import KafkaConsumer, KafkaProducer, ensure_topics, unfinished
from chassis.records import Record
from chassis.settings import Settings
from contracts import gateway
from loa.runtime.ports import free_port
from loa.testkit.servers import LiveBroker
from tests.doubles import message_received
from tests.events import encoded


async def test_what_a_group_has_not_committed_is_unfinished_whether_read_or_not(broker: LiveBroker) -> None:
    prefix = f"lag{uuid4().hex[:6]}."
    settings = Settings.read({"KAFKA_SERVERS": broker.servers, "TOPIC_PREFIX": prefix})
    await ensure_topics(broker.servers, 2, prefix)
    producer = KafkaProducer(broker.servers, idempotent=broker.durable)
    await producer.send([encoded(message_received(user=str(user)), "gateway", prefix) for user in range(6)])
    await producer.close()

    async def left() -> int:
        return await unfinished(broker.servers, f"{prefix}chatbot", [prefix + gateway.MESSAGES])

    consumer = KafkaConsumer(settings, "chatbot", [gateway.MESSAGES])
    records: list[Record] = []
    while len(records) < 6:
        records += await consumer.poll()
    assert await left() == 6, "read, and not committed"
    await consumer.commit(records[:6])
    assert await left() == 0
    await consumer.close()
    assert await unfinished(broker.servers, f"{prefix}nobody", [prefix + gateway.MESSAGES]) == 6


async def test_a_broker_that_is_away_is_told_as_such() -> None:
    with pytest.raises(TransientError, match="is it up at KAFKA_SERVERS"):
        await unfinished(f"127.0.0.1:{free_port()}", "chatbot", [gateway.MESSAGES])
