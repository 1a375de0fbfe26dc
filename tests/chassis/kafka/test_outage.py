"""kill -9 of broker and database under a running loop: the same loop goes on, soon, and nothing is lost or done twice."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractContextManager, suppress
from importlib import import_module
from uuid import uuid4

import pytest
import structlog
from pydantic import BaseModel

from chassis.consumer_loop import ConsumerLoop
from chassis.dead_letters import DeadLetters
from chassis.errors import TransientError
from chassis.kafka import KafkaProducer
from chassis.mongo import Database, database
from chassis.outbox import ConversationRepository
from chassis.publisher import Publisher
from chassis.records import OutgoingRecord, ReceivedEvent, Record
from contracts import chatbot, tips
from contracts.chatbot import ReplyChosen
from contracts.event import Event
from contracts.gateway import MessageReceived
from loa.testkit.servers import LiveBroker, LiveMongo, up_again
from tests.attempts import MemoryAttempts
from tests.chassis.brokers import SERVICE, KafkaBroker, events_on, publish
from tests.chassis.loop_harness import CONSUMES
from tests.doubles import BODIES, message_received

log = structlog.get_logger()

pytestmark = [pytest.mark.live, pytest.mark.durable]
SOON_SECONDS = 20
LATE_SECONDS = 1.5  # For what is given half a second, on a machine that has other things to do.
CITIZENS, EACH = 20, 5


class Count(BaseModel):
    """How many messages a citizen has sent: an effect that shows when it happens twice."""

    messages: int = 0


class CountingHandler:
    """Answers each message with its number, remembered in MongoDB."""

    def __init__(self, db: Database) -> None:
        self.repository = ConversationRepository(db["counts"], Count, BODIES)

    async def handle(self, batch: Sequence[ReceivedEvent]) -> Sequence[Event]:
        records = await self.repository.load({received.event.conversation: received.event.oa_id for received in batch})
        events: list[Event] = []
        for event in (received.event for received in batch):
            record = records[event.conversation]
            if record.is_duplicate(event):
                events += record.replay(event)
                continue
            assert isinstance(event, MessageReceived)
            state = Count(messages=record.state.messages + 1)
            answer = ReplyChosen.derive(event, outcome="answer", body=str(state.messages), address=event.address)
            record.record_event(event, state, [answer])
            events.append(answer)
        await self.repository.save(records.values())
        return events


@pytest.fixture
async def db(mongo: LiveMongo) -> AsyncIterator[Database]:
    async with database(mongo.url, f"outage_{uuid4().hex[:8]}") as test_db:
        yield test_db
        await test_db.client.drop_database(test_db.name)


@pytest.fixture
async def running(broker_env: KafkaBroker, db: Database) -> AsyncIterator["asyncio.Task[None]"]:
    """One loop, with the retry policy it has in production."""
    consumer, producer = broker_env.consumer(batch_records=10), broker_env.producer()
    publisher = Publisher(SERVICE, broker_env.prefix, producer)
    handler = CountingHandler(db)
    loop = ConsumerLoop(consumer, publisher, handler.handle, CONSUMES, tuple, MemoryAttempts(), DeadLetters(publisher))
    task = asyncio.get_running_loop().create_task(loop.run())
    yield task
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    await consumer.close()
    await producer.close()


def round_of_messages() -> list[MessageReceived]:
    return [message_received(user=f"9{citizen:03}") for _ in range(EACH) for citizen in range(CITIZENS)]


async def answered(broker_env: KafkaBroker, messages: int, seconds: float) -> float:
    """Seconds until so many different messages have their answer."""
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        with suppress(TimeoutError):
            async with asyncio.timeout(5):
                if len({event.caused_by for event in await events_on(broker_env, chatbot.EVENTS)}) >= messages:
                    return time.monotonic() - started
        await asyncio.sleep(0.2)
    raise AssertionError(f"not all of {messages} messages are answered within {seconds} s")


async def assert_once_and_in_order(broker_env: KafkaBroker, messages: Sequence[MessageReceived]) -> None:
    answers = await events_on(broker_env, chatbot.EVENTS)
    bodies: dict[object, str] = {}
    for answer in answers:
        assert isinstance(answer, ReplyChosen)
        assert bodies.setdefault(answer.caused_by, answer.body) == answer.body, "a repeat says the same words"
    assert bodies.keys() == {message.id for message in messages}
    numbers: Counter[str] = Counter()
    for message in messages:
        numbers[message.conversation] += 1
        assert bodies[message.id] == str(numbers[message.conversation]), "each was counted once, in order"


async def refused(producer: KafkaProducer, broker_env: KafkaBroker) -> float:
    """Seconds until a word to a broker that is not there is given up."""
    started = time.monotonic()
    with pytest.raises(TransientError):
        await producer.send([OutgoingRecord(broker_env.prefix + tips.EVENTS, b"k", b"lost", {})], timeout_seconds=0.5)
    return time.monotonic() - started


async def test_the_broker_is_killed_and_started_again(
    broker_env: KafkaBroker, kafka: LiveBroker, running: "asyncio.Task[None]"
) -> None:
    before, waiting, after = round_of_messages(), round_of_messages(), round_of_messages()
    await publish(broker_env, *before)
    await answered(broker_env, len(before), 30)
    await publish(broker_env, *waiting)
    kafka.kill()
    await asyncio.sleep(3)
    await up_again(kafka)
    await publish(broker_env, *after)
    log.info("recovered", seconds=await answered(broker_env, 3 * len(before), SOON_SECONDS))
    assert not running.done()
    await assert_once_and_in_order(broker_env, [*before, *waiting, *after])


async def test_the_broker_freezes_for_longer_than_a_session(
    broker_env: KafkaBroker, frozen: Callable[[], AbstractContextManager[None]], running: "asyncio.Task[None]"
) -> None:
    before, after = round_of_messages(), round_of_messages()
    await publish(broker_env, *before)
    with frozen():
        await asyncio.sleep(broker_env.settings.kafka_session_ms / 1_000 + 1)
    await publish(broker_env, *after)
    log.info("recovered", seconds=await answered(broker_env, 2 * len(before), SOON_SECONDS))
    assert not running.done()
    await assert_once_and_in_order(broker_env, [*before, *after])


async def test_the_database_is_killed_and_started_again(
    broker_env: KafkaBroker, mongo: LiveMongo, running: "asyncio.Task[None]"
) -> None:
    before, after = round_of_messages(), round_of_messages()
    await publish(broker_env, *before)
    await asyncio.sleep(0.2)
    mongo.kill()
    await publish(broker_env, *after)
    await asyncio.sleep(2)
    await up_again(mongo)
    log.info("recovered", seconds=await answered(broker_env, 2 * len(before), SOON_SECONDS))
    assert not running.done()
    await assert_once_and_in_order(broker_env, [*before, *after])


async def test_without_a_broker_sends_commits_and_stops_end_in_time_and_the_same_producer_goes_on(
    broker_env: KafkaBroker, kafka: LiveBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("chassis.kafka.consumer"), "_COMMIT_SECONDS", 1.0)
    consumer, producer, message = broker_env.consumer(), broker_env.producer(), message_received()
    await publish(broker_env, message)
    records: Sequence[Record] = ()
    while not records:
        records = await consumer.poll()
    await producer.send([OutgoingRecord(broker_env.prefix + tips.EVENTS, b"k", b"before", {})])
    kafka.kill()
    assert await refused(producer, broker_env) < LATE_SECONDS
    for leaving, limit in ((consumer.commit(records), 2), (consumer.close(), 8)):
        started = time.monotonic()
        await leaving
        assert time.monotonic() - started < limit
    await up_again(kafka)
    await producer.send([OutgoingRecord(broker_env.prefix + tips.EVENTS, b"k", b"after", {})])
    assert [record.value for record in await broker_env.records(tips.EVENTS)] == [b"before", b"after"]
    await producer.close()
    assert await broker_env.settled() == 0, "the commit went astray, so the record is heard again"
