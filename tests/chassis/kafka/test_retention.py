"""Records that the broker deletes before they are read are gone; that they are is told."""

from types import SimpleNamespace

import pytest
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete

from chassis.kafka import KafkaConsumer
from chassis.kafka.retention import RetentionWatch
from chassis.metrics import RECORDS_LOST
from contracts import gateway
from tests.chassis.brokers import PARTITIONS, KafkaBroker, publish
from tests.chassis.kafka.test_consumer import count, polled
from tests.doubles import message_received

PARTITION, OTHER = TopicPartition(f"t.{gateway.MESSAGES}", 0), TopicPartition(f"t.{gateway.MESSAGES}", 1)


def at_offsets(*offsets: int) -> list[SimpleNamespace]:
    return [SimpleNamespace(offset=offset) for offset in offsets]


async def delete_all(broker_env: KafkaBroker) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=broker_env.settings.kafka_servers)
    await admin.start()
    try:
        partitions = [TopicPartition(broker_env.prefix + gateway.MESSAGES, number) for number in range(PARTITIONS)]
        await admin.delete_records({partition: RecordsToDelete(before_offset=-1) for partition in partitions})
    finally:
        await admin.close()


async def read_one(broker_env: KafkaBroker, consumer: KafkaConsumer) -> None:
    await publish(broker_env, message_received())
    await consumer.commit(await polled(consumer))


@pytest.mark.live
@pytest.mark.durable
@pytest.mark.expects_errors("records_lost")
async def test_what_was_deleted_while_a_service_was_down_is_counted_at_its_start(broker_env: KafkaBroker) -> None:
    first = broker_env.consumer()
    await read_one(broker_env, first)
    await first.close()
    await publish(broker_env, *(message_received() for _ in range(3)))
    await delete_all(broker_env)
    before, second = count(RECORDS_LOST, gateway.MESSAGES), broker_env.consumer()
    for _ in range(60):
        await second.poll()
        if count(RECORDS_LOST, gateway.MESSAGES) > before:
            break
    await second.close()
    assert count(RECORDS_LOST, gateway.MESSAGES) == before + 3


@pytest.mark.expects_errors("records_lost")
def test_what_was_deleted_before_a_slow_service_came_to_it_is_counted() -> None:
    watch, before = RetentionWatch("t."), count(RECORDS_LOST, gateway.MESSAGES)
    watch.read({PARTITION: at_offsets(3, 4)})
    watch.read({PARTITION: at_offsets(5), OTHER: at_offsets(900)})
    assert count(RECORDS_LOST, gateway.MESSAGES) == before
    watch.read({PARTITION: at_offsets(9, 10)})
    assert count(RECORDS_LOST, gateway.MESSAGES) == before + 3


def test_a_batch_that_is_read_again_and_a_partition_that_comes_back_are_no_loss() -> None:
    watch, before = RetentionWatch("t."), count(RECORDS_LOST, gateway.MESSAGES)
    watch.read({PARTITION: at_offsets(3, 4)})
    watch.read({PARTITION: at_offsets(3, 4)})
    watch.assigned([PARTITION])  # Somebody else has read it meanwhile.
    watch.read({PARTITION: at_offsets(700)})
    assert count(RECORDS_LOST, gateway.MESSAGES) == before


@pytest.mark.live
@pytest.mark.durable
async def test_a_restart_with_nothing_lost_says_nothing(broker_env: KafkaBroker) -> None:
    before = count(RECORDS_LOST, gateway.MESSAGES)
    for _ in range(2):
        consumer = broker_env.consumer()
        await read_one(broker_env, consumer)
        await consumer.close()
    assert count(RECORDS_LOST, gateway.MESSAGES) == before
