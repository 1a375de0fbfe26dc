"""The two logs the loop is held against: the double in memory and a real Kafka. What one promises, the other must keep."""

from collections.abc import Sequence
from typing import Protocol
from uuid import uuid4

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from chassis.kafka import KafkaConsumer, KafkaProducer, ensure_topics
from chassis.records import EventConsumer, EventProducer, OutgoingRecord, Record
from chassis.settings import Settings
from contracts.catalogue import READERS, read
from contracts.event import Event
from tests.doubles import MemoryLog, SendFailure
from tests.events import encoded

SERVICE = "chatbot"
PARTITIONS = 4


class ClosableConsumer(EventConsumer, Protocol):
    async def close(self) -> None: ...


class ClosableProducer(EventProducer, Protocol):
    async def close(self) -> None: ...


class BrokerEnv(Protocol):
    prefix: str

    def consumer(self, batch_records: int = 500) -> ClosableConsumer: ...
    def producer(self) -> ClosableProducer: ...
    async def put(self, records: Sequence[OutgoingRecord]) -> None: ...
    async def records(self, topic: str) -> list[Record]: ...
    async def settled(self) -> int: ...
    async def close(self) -> None: ...


class InMemoryBroker:
    prefix = "m."

    def __init__(self) -> None:
        self.log = MemoryLog(PARTITIONS, self.prefix)
        self.log.drain_seconds = 0.5

    def consumer(self, batch_records: int = 500) -> ClosableConsumer:
        return self.log.consumer(SERVICE, READERS[SERVICE], batch_records)

    def producer(self) -> ClosableProducer:
        return self.log.producer()

    async def put(self, records: Sequence[OutgoingRecord]) -> None:
        for record in records:
            self.log.append(record)

    async def records(self, topic: str) -> list[Record]:
        return self.log.records(topic)

    async def settled(self) -> int:
        return sum(self.log.committed(SERVICE, topic) for topic in READERS[SERVICE])

    async def close(self) -> None:
        """Memory needs no goodbye."""


class KafkaBroker:
    def __init__(self, servers: str) -> None:
        self.prefix = f"t{uuid4().hex[:8]}."
        self.settings = Settings(kafka_servers=servers, topic_prefix=self.prefix, kafka_session_ms=6_000)
        self._producer = KafkaProducer(servers)

    async def prepare(self) -> "KafkaBroker":
        await ensure_topics(self.settings.kafka_servers, PARTITIONS, self.prefix)
        return self

    def consumer(self, batch_records: int = 500) -> KafkaConsumer:
        return KafkaConsumer(
            self.settings.model_copy(update={"batch_records": batch_records}), SERVICE, READERS[SERVICE]
        )

    def producer(self) -> KafkaProducer:
        return KafkaProducer(self.settings.kafka_servers)

    async def put(self, records: Sequence[OutgoingRecord]) -> None:
        await self._producer.send(records)

    async def records(self, topic: str) -> list[Record]:
        partitions = [TopicPartition(self.prefix + topic, number) for number in range(PARTITIONS)]
        records: list[Record] = []
        async with AIOKafkaConsumer(bootstrap_servers=self.settings.kafka_servers) as reader:
            reader.assign(partitions)
            await reader.seek_to_beginning()
            ends = await reader.end_offsets(partitions)
            while any([await reader.position(partition) < end for partition, end in ends.items()]):
                for messages in (await reader.getmany(timeout_ms=200)).values():
                    records += [
                        Record(
                            message.topic,
                            message.partition,
                            message.offset,
                            message.key,
                            message.value,
                            dict(message.headers),
                        )
                        for message in messages
                    ]
        return sorted(records, key=lambda record: (record.partition, record.offset))

    async def settled(self) -> int:
        admin = AIOKafkaAdminClient(bootstrap_servers=self.settings.kafka_servers)
        await admin.start()
        try:
            offsets = await admin.list_consumer_group_offsets(self.prefix + SERVICE)
            return sum(committed.offset for committed in offsets.values() if committed.offset > 0)
        finally:
            await admin.close()

    async def close(self) -> None:
        await self._producer.close()


class FailingProducer:
    """A producer to which things happen: one error per send, then all is well."""

    def __init__(self, inner: ClosableProducer) -> None:
        self.failures: list[SendFailure] = []
        self._inner = inner

    async def send(self, records: Sequence[OutgoingRecord]) -> None:
        failure = self.failures.pop(0) if self.failures else None
        await self._inner.send(records[: failure.stored] if failure else records)
        if failure:
            raise failure.raises

    async def close(self) -> None:
        await self._inner.close()


async def publish(broker_env: BrokerEnv, *events: Event) -> None:
    """These events are on the log."""
    await broker_env.put([encoded(event, "gateway", prefix=broker_env.prefix) for event in events])


async def events_on(broker_env: BrokerEnv, topic: str) -> list[Event]:
    return [read(topic, record.value) for record in await broker_env.records(topic)]
