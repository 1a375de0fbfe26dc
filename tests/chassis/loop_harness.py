"""A small service: it answers each message once, remembers what it answered, and fails when told to."""

from collections.abc import Sequence
from uuid import UUID

from chassis.consumer_loop import ConsumerLoop
from chassis.dead_letters import DeadLetters
from chassis.errors import TransientError
from chassis.publisher import Publisher
from chassis.records import OutgoingRecord, ReceivedEvent
from contracts import gateway
from contracts.chatbot import ReplyChosen
from contracts.event import Event
from contracts.gateway import MessageReceived
from tests.attempts import MemoryAttempts
from tests.chassis.brokers import SERVICE, BrokerEnv, ClosableConsumer, FailingProducer
from tests.doubles import FakeSleep, conversation, message_received

CONSUMES = frozenset({"message.received.v1"})
NOBODY = "nobody"
PLANTED = "số điện thoại của tôi là 0900000000"


class Crash(BaseException):
    """kill -9, as far as code between two awaits can tell."""


class LoopHarness:
    """What it knows outlives its loops, as a database would: `loop()` is a new process over the same memory."""

    def __init__(self, broker_env: BrokerEnv) -> None:
        self.broker_env, self.fake_sleep = broker_env, FakeSleep()
        self.decided: list[UUID] = []
        self.bad: set[UUID] = set()
        self.lethal: set[UUID] = set()
        self.unapologised: set[UUID] = set()
        self.is_broken = False  # Whatever comes, it fails.
        self.attempts = MemoryAttempts()
        self.self_tests = self.dead_topics_created = 0
        self.outages = 0  # So many times the world is at fault.
        self.producer = FailingProducer(broker_env.producer())
        self._sent: dict[UUID, list[Event]] = {}
        self._consumers: list[ClosableConsumer] = []

    def loop(self, consumer: ClosableConsumer | None = None) -> ConsumerLoop:
        consumer = consumer or self.broker_env.consumer()
        self._consumers.append(consumer)
        publisher = Publisher(SERVICE, self.broker_env.prefix, self.producer)
        return ConsumerLoop(
            consumer,
            publisher,
            self.handle,
            CONSUMES,
            self.known_good,
            self.attempts,
            DeadLetters(publisher, self.create_dead_topic),
            self.apologise,
            self.fake_sleep.retry_policy(),
        )

    def known_good(self) -> list[Event]:
        self.self_tests += 1
        return [message_received(user=NOBODY)]

    async def create_dead_topic(self) -> None:
        self.dead_topics_created += 1

    async def apologise(self, event: Event) -> Sequence[Event]:
        assert isinstance(event, MessageReceived)
        if event.id in self.unapologised:
            raise ValueError(PLANTED)
        return [ReplyChosen.derive(event, 1_000, outcome="failed", body=event.body, address=event.address)]

    async def handle(self, batch: Sequence[ReceivedEvent]) -> Sequence[Event]:
        if self.outages:
            self.outages -= 1
            raise TransientError("the database is away, says the test")
        events: list[Event] = []
        for received in batch:
            if self.is_broken or received.event.id in self.bad:
                raise ValueError(PLANTED)
            if received.event.id in self.lethal:
                raise Crash
            if received.event.conversation == conversation(NOBODY):
                continue
            events += self._sent.get(received.event.id) or self._decide(received.event)
        return events

    def _decide(self, event: Event) -> list[Event]:
        assert isinstance(event, MessageReceived)
        self.decided.append(event.id)
        answer = ReplyChosen.derive(event, outcome="answer", body=event.body, address=event.address)
        self._sent[event.id] = [answer]
        return [answer]

    async def close(self) -> None:
        for consumer in self._consumers:
            await consumer.close()
        await self.producer.close()


def garbage(broker_env: BrokerEnv, key: bytes, value: bytes = b"\xff{") -> OutgoingRecord:
    return OutgoingRecord(
        broker_env.prefix + gateway.MESSAGES, key, value, {"ce_type": b"message.received.v1", "x": b"y"}
    )


async def process_until_settled(loop: ConsumerLoop, broker_env: BrokerEnv, records: int, most: int = 200) -> None:
    """Turn until so many records are settled."""
    for _ in range(most):
        await loop.process_batch()
        if await broker_env.settled() >= records:
            return
    raise AssertionError(f"only {await broker_env.settled()} of {records} records are settled")
