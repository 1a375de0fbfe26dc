"""What the loop promises, against the log in memory and a real Kafka."""

import asyncio
import time
from collections import defaultdict

import pytest

from chassis.errors import TransientError
from chassis.records import OutgoingRecord
from contracts import chatbot, gateway
from contracts.catalogue import DEAD
from tests.chassis.brokers import SERVICE, BrokerEnv, events_on, publish
from tests.chassis.loop_harness import Crash, LoopHarness, process_until_settled
from tests.doubles import SendFailure, followed, message_received
from tests.events import encoded

DEAD_TOPIC = DEAD[SERVICE]


async def test_every_message_is_answered_once_and_settled(broker_env: BrokerEnv, loop_harness: LoopHarness) -> None:
    messages = [message_received(user=f"90{n}") for n in range(30)]
    await publish(broker_env, *messages)
    await process_until_settled(loop_harness.loop(), broker_env, 30)
    answers = await events_on(broker_env, chatbot.EVENTS)
    assert sorted(str(answer.caused_by) for answer in answers) == sorted(str(message.id) for message in messages)


async def test_what_one_citizen_said_keeps_its_order_across_batches(
    broker_env: BrokerEnv, loop_harness: LoopHarness
) -> None:
    messages = [message_received(user=f"90{n % 3}") for n in range(60)]
    await publish(broker_env, *messages)
    await process_until_settled(loop_harness.loop(broker_env.consumer(batch_records=7)), broker_env, 60)
    expected, answered = defaultdict(list), defaultdict(list)
    for message in messages:
        expected[message.conversation].append(message.id)
    for answer in await events_on(broker_env, chatbot.EVENTS):
        answered[answer.conversation].append(answer.caused_by)
    assert answered == expected


async def test_what_nobody_asked_for_is_passed_over_unread(broker_env: BrokerEnv, loop_harness: LoopHarness) -> None:
    unknown = OutgoingRecord(
        broker_env.prefix + gateway.MESSAGES, b"k", b"not even JSON", {"ce_type": b"citizen.danced.v9"}
    )
    await broker_env.put([unknown])
    await publish(broker_env, followed(), message_received())
    await process_until_settled(loop_harness.loop(), broker_env, 3)
    assert len(loop_harness.decided) == 1
    assert await broker_env.records(DEAD_TOPIC) == []


async def test_the_trace_and_the_time_of_arrival_are_handed_on(
    broker_env: BrokerEnv, loop_harness: LoopHarness
) -> None:
    message = message_received()
    record = encoded(message, "gateway", prefix=broker_env.prefix, arrived_ms=1_772_427_600_123)
    await broker_env.put([record])
    await process_until_settled(loop_harness.loop(), broker_env, 1)
    (answer,) = await broker_env.records(chatbot.EVENTS)
    assert answer.headers["traceparent"].split(b"-")[1] == record.headers["traceparent"].split(b"-")[1]
    assert answer.headers["traceparent"].split(b"-")[2] != record.headers["traceparent"].split(b"-")[2]
    assert answer.headers["loa_arrived_ms"] == b"1772427600123"
    assert (answer.headers["ce_source"], answer.headers["ce_type"]) == (b"chatbot", b"reply.chosen.v1")


async def test_the_world_is_waited_for_and_then_the_batch_goes_on(
    broker_env: BrokerEnv, loop_harness: LoopHarness
) -> None:
    loop_harness.outages = 2
    loop_harness.producer.failures = [SendFailure(), SendFailure()]
    await publish(broker_env, message_received())
    await process_until_settled(loop_harness.loop(), broker_env, 1)
    assert loop_harness.fake_sleep.seconds == [0.2, 0.5, 0.2, 0.5]
    assert len(await events_on(broker_env, chatbot.EVENTS)) == 1


async def test_a_world_that_stays_away_stops_the_loop_and_settles_nothing(
    broker_env: BrokerEnv, loop_harness: LoopHarness
) -> None:
    loop_harness.outages = 4
    await publish(broker_env, message_received(), message_received(user="902"))
    with pytest.raises(TransientError):
        await process_until_settled(loop_harness.loop(), broker_env, 2)
    assert await broker_env.settled() == 0
    await loop_harness.close()
    loop_harness.producer = type(loop_harness.producer)(broker_env.producer())
    await process_until_settled(loop_harness.loop(), broker_env, 2)
    assert len(await events_on(broker_env, chatbot.EVENTS)) == 2


@pytest.mark.parametrize("stored", [0, 1, None], ids=["before", "halfway", "after"])
async def test_a_crash_around_saying_repeats_the_same_words(
    broker_env: BrokerEnv, loop_harness: LoopHarness, stored: int | None
) -> None:
    """Between remember and say, in the middle of it, and between say and done."""
    messages = [message_received(user=f"90{n}") for n in range(3)]
    await publish(broker_env, *messages)
    consumer = broker_env.consumer()
    loop_harness.producer.failures = [SendFailure(Crash(), stored)]
    with pytest.raises(Crash):
        await process_until_settled(loop_harness.loop(consumer), broker_env, 3)
    await consumer.close()
    await process_until_settled(loop_harness.loop(), broker_env, 3)
    answers = await events_on(broker_env, chatbot.EVENTS)
    assert len(loop_harness.decided) == 3, "a repeat decides nothing anew"
    assert len(answers) == 3 + (3 if stored is None else stored)
    assert {answer.caused_by for answer in answers} == {message.id for message in messages}
    assert len({answer.id for answer in answers}) == 3, "the same words have the same ids"


async def test_words_whose_acknowledgement_was_lost_are_said_again_under_the_same_ids(
    broker_env: BrokerEnv, loop_harness: LoopHarness
) -> None:
    loop_harness.producer.failures = [SendFailure(stored=None)]
    await publish(broker_env, message_received())
    await process_until_settled(loop_harness.loop(), broker_env, 1)
    first, second = await events_on(broker_env, chatbot.EVENTS)
    assert first == second


async def test_stopping_in_the_middle_of_a_batch_loses_nothing(
    broker_env: BrokerEnv, loop_harness: LoopHarness
) -> None:
    await publish(broker_env, message_received())
    reached, consumer = asyncio.Event(), broker_env.consumer()
    loop = loop_harness.loop(consumer)

    async def hang(batch: object) -> list[gateway.MessageReceived]:
        reached.set()
        await asyncio.sleep(60)
        raise AssertionError(batch)

    loop.handle = hang
    running = asyncio.ensure_future(loop.run())
    await asyncio.wait_for(reached.wait(), 20)
    started = time.monotonic()
    running.cancel()
    await asyncio.wait({running}, timeout=5)
    await consumer.close()
    assert time.monotonic() - started < 3
    await process_until_settled(loop_harness.loop(), broker_env, 1)
    assert len(await events_on(broker_env, chatbot.EVENTS)) == 1
