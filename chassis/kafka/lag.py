"""How much of the log has not been read yet, by one consumer, or finished, by a group of them."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from chassis.errors import TransientError
from chassis.kafka.account import NOBODY, Account
from chassis.kafka.shutdown import bounded

_ANSWER_SECONDS, _STOP_SECONDS = 10.0, 5.0


async def waiting(consumer: AIOKafkaConsumer, topics: Sequence[str], seconds: float) -> dict[str, int]:
    """Returns the records that a consumer has not taken yet, by topic, as far as they can be counted in so many seconds."""
    counts = dict.fromkeys(topics, 0)
    with suppress(KafkaError, TimeoutError, AssertionError):  # Partitions may go while we look.
        async with asyncio.timeout(seconds):
            for partition in consumer.assignment():
                high = consumer.highwater(partition)
                if high is not None:
                    counts[partition.topic] += max(0, high - await consumer.position(partition))
    return counts


async def unfinished(servers: str, group: str, topics: Sequence[str], account: Account = NOBODY) -> int:
    """Returns the records that the group has not committed: unread, or in hand. Raises TransientError."""
    reader = AIOKafkaConsumer(
        bootstrap_servers=servers, group_id=group, enable_auto_commit=False, **account.client_options()
    )
    try:
        async with asyncio.timeout(_ANSWER_SECONDS):
            await reader.start()
            await reader._client.force_metadata_update()  # noqa: SLF001 - without a subscription it asks for no topics itself.
            partitions = [
                TopicPartition(topic, n) for topic in topics for n in reader.partitions_for_topic(topic) or ()
            ]
            reader.assign(partitions)
            begins = await reader.beginning_offsets(partitions)
            ends = await reader.end_offsets(partitions)
            committed = {partition: await reader.committed(partition) for partition in partitions}
    except (KafkaError, TimeoutError, OSError) as fault:
        raise TransientError(
            "the broker does not report the offsets of its consumer groups: is it up at KAFKA_SERVERS?"
        ) from fault
    finally:
        await bounded(reader.stop(), _STOP_SECONDS)
    return sum(ends[partition] - (committed[partition] or begins[partition]) for partition in partitions)
