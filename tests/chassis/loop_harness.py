"""A small service: it answers each message once, remembers what it answered, and fails when told to."""

from collections.abc import Sequence
from uuid import UUID

from chassis.consumer_loop import ConsumerLoop
from chassis.errors import TransientError
from chassis.publisher import Publisher
from chassis.records import ReceivedEvent
from contracts.chatbot import ReplyChosen
from contracts.event import Event
from contracts.gateway import MessageReceived
from tests.chassis.brokers import SERVICE, BrokerEnv, ClosableConsumer, FailingProducer
from tests.doubles import FakeSleep

CONSUMES = frozenset({"message.received.v1"})
PLANTED = "số điện thoại của tôi là 0900000000"


class LoopHarness:
    """What it knows outlives its loops, as a database would: `loop()` is a new process over the same memory."""

    def __init__(self, broker_env: BrokerEnv) -> None:
        self.broker_env, self.fake_sleep = broker_env, FakeSleep()
        self.decided: list[UUID] = []
        self.bad: set[UUID] = set()
        self.outages = 0  # So many times the world is at fault.
        self.producer = FailingProducer(broker_env.producer())
        self._sent: dict[UUID, list[Event]] = {}
        self._consumers: list[ClosableConsumer] = []

    def loop(self, consumer: ClosableConsumer | None = None, max_dead_letters: int = 10) -> ConsumerLoop:
        consumer = consumer or self.broker_env.consumer()
        self._consumers.append(consumer)
        retry_policy = self.fake_sleep.retry_policy(max_dead_letters=max_dead_letters)
        return ConsumerLoop(
            consumer,
            Publisher(SERVICE, self.broker_env.prefix, self.producer),
            self.handle,
            CONSUMES,
            retry_policy,
        )

    async def handle(self, batch: Sequence[ReceivedEvent]) -> Sequence[Event]:
        if self.outages:
            self.outages -= 1
            raise TransientError("the database is away, says the test")
        events: list[Event] = []
        for received in batch:
            if received.event.id in self.bad:
                raise ValueError(PLANTED)
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


async def process_until_settled(loop: ConsumerLoop, broker_env: BrokerEnv, records: int, most: int = 200) -> None:
    """Turn until so many records are settled."""
    for _ in range(most):
        await loop.process_batch()
        if await broker_env.settled() >= records:
            return
    raise AssertionError(f"only {await broker_env.settled()} of {records} records are settled")
