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

from chassis.blame import Transient
from chassis.kafka import KafkaMouth
from chassis.loop import Loop
from chassis.memory import Memories
from chassis.mongo import Database, database
from chassis.types import Heard, Record, Utterance
from contracts import chatbot, tips
from contracts.chatbot import ReplyChosen
from contracts.event import Event
from contracts.gateway import MessageReceived
from tests.chassis.house import WANTS
from tests.chassis.worlds import HOUSE, OnKafka, facts, tell
from tests.doubles import BODIES, heard
from tests.servers.live import LiveBroker, LiveMongo, up_again

log = structlog.get_logger()

pytestmark = [pytest.mark.live, pytest.mark.durable]
SOON_SECONDS = 20
LATE_SECONDS = 1.5  # For what is given half a second, on a machine that has other things to do.
CITIZENS, EACH = 20, 5


class Count(BaseModel):
    """How many messages a citizen has sent: an effect that shows when it happens twice."""

    messages: int = 0


class Counting:
    """Answers each message with its number, remembered in MongoDB."""

    def __init__(self, db: Database) -> None:
        self.memories = Memories(db["counts"], Count, BODIES)

    async def handle(self, batch: Sequence[Heard]) -> Sequence[Event]:
        memories = await self.memories.recall({one.event.conversation: one.event.oa_id for one in batch})
        said: list[Event] = []
        for event in (one.event for one in batch):
            memory = memories[event.conversation]
            if memory.knows(event):
                said += memory.again(event)
                continue
            assert isinstance(event, MessageReceived)
            state = Count(messages=memory.state.messages + 1)
            answer = ReplyChosen.because(event, outcome="answer", body=str(state.messages), address=event.address)
            memory.keep(event, state, [answer])
            said.append(answer)
        await self.memories.remember(memories.values())
        return said


@pytest.fixture
async def db(mongo: LiveMongo) -> AsyncIterator[Database]:
    async with database(mongo.url, f"outage_{uuid4().hex[:8]}") as one:
        yield one
        await one.client.drop_database(one.name)


@pytest.fixture
async def running(world: OnKafka, db: Database) -> AsyncIterator["asyncio.Task[None]"]:
    """One loop, with the patience it has in production."""
    ear, mouth = world.ear(batch_records=10), world.mouth()
    loop = Loop(HOUSE, ear, mouth, Counting(db).handle, WANTS, prefix=world.prefix)
    task = asyncio.get_running_loop().create_task(loop.run())
    yield task
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    await ear.close()
    await mouth.close()


def round_of_messages() -> list[MessageReceived]:
    return [heard(user=f"9{citizen:03}") for _ in range(EACH) for citizen in range(CITIZENS)]


async def answered(world: OnKafka, messages: int, seconds: float) -> float:
    """Seconds until so many different messages have their answer."""
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        with suppress(TimeoutError):
            async with asyncio.timeout(5):
                if len({fact.caused_by for fact in await facts(world, chatbot.EVENTS)}) >= messages:
                    return time.monotonic() - started
        await asyncio.sleep(0.2)
    raise AssertionError(f"not all of {messages} messages are answered within {seconds} s")


async def assert_once_and_in_order(world: OnKafka, messages: Sequence[MessageReceived]) -> None:
    answers = await facts(world, chatbot.EVENTS)
    words: dict[object, str] = {}
    for answer in answers:
        assert isinstance(answer, ReplyChosen)
        assert words.setdefault(answer.caused_by, answer.body) == answer.body, "a repeat says the same words"
    assert words.keys() == {message.id for message in messages}
    numbers: Counter[str] = Counter()
    for message in messages:
        numbers[message.conversation] += 1
        assert words[message.id] == str(numbers[message.conversation]), "each was counted once, in order"


async def refused(mouth: KafkaMouth, world: OnKafka) -> float:
    """Seconds until a word to a broker that is not there is given up."""
    started = time.monotonic()
    with pytest.raises(Transient):
        await mouth.say([Utterance(world.prefix + tips.EVENTS, b"k", b"lost", {})], timeout_seconds=0.5)
    return time.monotonic() - started


async def test_the_broker_is_killed_and_started_again(
    world: OnKafka, kafka: LiveBroker, running: "asyncio.Task[None]"
) -> None:
    before, waiting, after = round_of_messages(), round_of_messages(), round_of_messages()
    await tell(world, *before)
    await answered(world, len(before), 30)
    await tell(world, *waiting)
    kafka.kill()
    await asyncio.sleep(3)
    await up_again(kafka)
    await tell(world, *after)
    log.info("recovered", seconds=await answered(world, 3 * len(before), SOON_SECONDS))
    assert not running.done()
    await assert_once_and_in_order(world, [*before, *waiting, *after])


async def test_the_broker_freezes_for_longer_than_a_session(
    world: OnKafka, frozen: Callable[[], AbstractContextManager[None]], running: "asyncio.Task[None]"
) -> None:
    before, after = round_of_messages(), round_of_messages()
    await tell(world, *before)
    with frozen():
        await asyncio.sleep(world.settings.kafka_session_ms / 1_000 + 1)
    await tell(world, *after)
    log.info("recovered", seconds=await answered(world, 2 * len(before), SOON_SECONDS))
    assert not running.done()
    await assert_once_and_in_order(world, [*before, *after])


async def test_the_database_is_killed_and_started_again(
    world: OnKafka, mongo: LiveMongo, running: "asyncio.Task[None]"
) -> None:
    before, after = round_of_messages(), round_of_messages()
    await tell(world, *before)
    await asyncio.sleep(0.2)
    mongo.kill()
    await tell(world, *after)
    await asyncio.sleep(2)
    await up_again(mongo)
    log.info("recovered", seconds=await answered(world, 2 * len(before), SOON_SECONDS))
    assert not running.done()
    await assert_once_and_in_order(world, [*before, *after])


async def test_without_a_broker_words_commits_and_stops_end_in_time_and_the_same_mouth_goes_on(
    world: OnKafka, kafka: LiveBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("chassis.kafka.ear"), "_COMMIT_SECONDS", 1.0)
    ear, mouth, message = world.ear(), world.mouth(), heard()
    await tell(world, message)
    records: Sequence[Record] = ()
    while not records:
        records = await ear.gather()
    await mouth.say([Utterance(world.prefix + tips.EVENTS, b"k", b"before", {})])
    kafka.kill()
    assert await refused(mouth, world) < LATE_SECONDS
    for leaving, limit in ((ear.done(records), 2), (ear.close(), 8)):
        started = time.monotonic()
        await leaving
        assert time.monotonic() - started < limit
    await up_again(kafka)
    await mouth.say([Utterance(world.prefix + tips.EVENTS, b"k", b"after", {})])
    assert [record.value for record in await world.records(tips.EVENTS)] == [b"before", b"after"]
    await mouth.close()
    assert await world.settled() == 0, "the commit went astray, so the record is heard again"
