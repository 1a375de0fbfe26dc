"""The two logs the loop is held against: the double in memory and a real Kafka. What one promises, the other must keep."""

from collections.abc import Sequence
from typing import Protocol
from uuid import uuid4

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from chassis.headers import utter
from chassis.kafka import KafkaEar, KafkaMouth, ensure_topics
from chassis.settings import Settings
from chassis.types import Ear, Mouth, Record, Utterance
from contracts.catalogue import READERS, read
from contracts.event import Event
from tests.doubles import MemoryLog, Trouble

HOUSE = "chatbot"
PARTITIONS = 4


class ClosingEar(Ear, Protocol):
    async def close(self) -> None: ...


class ClosingMouth(Mouth, Protocol):
    async def close(self) -> None: ...


class World(Protocol):
    prefix: str

    def ear(self, batch_records: int = 500) -> ClosingEar: ...
    def mouth(self) -> ClosingMouth: ...
    async def put(self, words: Sequence[Utterance]) -> None: ...
    async def records(self, topic: str) -> list[Record]: ...
    async def settled(self) -> int: ...
    async def close(self) -> None: ...


class InMemory:
    prefix = "m."

    def __init__(self) -> None:
        self.log = MemoryLog(PARTITIONS, self.prefix)
        self.log.drain_seconds = 0.5

    def ear(self, batch_records: int = 500) -> ClosingEar:
        return self.log.ear(HOUSE, READERS[HOUSE], batch_records)

    def mouth(self) -> ClosingMouth:
        return self.log.mouth()

    async def put(self, words: Sequence[Utterance]) -> None:
        for one in words:
            self.log.append(one)

    async def records(self, topic: str) -> list[Record]:
        return self.log.records(topic)

    async def settled(self) -> int:
        return sum(self.log.committed(HOUSE, topic) for topic in READERS[HOUSE])

    async def close(self) -> None:
        """Memory needs no goodbye."""


class OnKafka:
    def __init__(self, servers: str) -> None:
        self.prefix = f"t{uuid4().hex[:8]}."
        self.settings = Settings(kafka_servers=servers, topic_prefix=self.prefix, kafka_session_ms=6_000)
        self._putting = KafkaMouth(servers)

    async def prepare(self) -> "OnKafka":
        await ensure_topics(self.settings.kafka_servers, PARTITIONS, self.prefix)
        return self

    def ear(self, batch_records: int = 500) -> KafkaEar:
        return KafkaEar(self.settings.model_copy(update={"batch_records": batch_records}), HOUSE, READERS[HOUSE])

    def mouth(self) -> KafkaMouth:
        return KafkaMouth(self.settings.kafka_servers)

    async def put(self, words: Sequence[Utterance]) -> None:
        await self._putting.say(words)

    async def records(self, topic: str) -> list[Record]:
        places = [TopicPartition(self.prefix + topic, at) for at in range(PARTITIONS)]
        found: list[Record] = []
        async with AIOKafkaConsumer(bootstrap_servers=self.settings.kafka_servers) as reader:
            reader.assign(places)
            await reader.seek_to_beginning()
            ends = await reader.end_offsets(places)
            while any([await reader.position(place) < end for place, end in ends.items()]):
                for some in (await reader.getmany(timeout_ms=200)).values():
                    found += [Record(m.topic, m.partition, m.offset, m.key, m.value, dict(m.headers)) for m in some]
        return sorted(found, key=lambda record: (record.partition, record.offset))

    async def settled(self) -> int:
        admin = AIOKafkaAdminClient(bootstrap_servers=self.settings.kafka_servers)
        await admin.start()
        try:
            offsets = await admin.list_consumer_group_offsets(self.prefix + HOUSE)
            return sum(one.offset for one in offsets.values() if one.offset > 0)
        finally:
            await admin.close()

    async def close(self) -> None:
        await self._putting.close()


class Troubled:
    """A mouth to which things happen: one trouble per say, then all is well."""

    def __init__(self, inner: ClosingMouth) -> None:
        self.troubles: list[Trouble] = []
        self._inner = inner

    async def say(self, utterances: Sequence[Utterance]) -> None:
        trouble = self.troubles.pop(0) if self.troubles else None
        await self._inner.say(utterances[: trouble.stored] if trouble else utterances)
        if trouble:
            raise trouble.raises

    async def close(self) -> None:
        await self._inner.close()


async def tell(world: World, *events: Event) -> None:
    """These facts are on the log."""
    await world.put([utter(event, "gateway", prefix=world.prefix) for event in events])


async def facts(world: World, topic: str) -> list[Event]:
    return [read(topic, record.value) for record in await world.records(topic)]
