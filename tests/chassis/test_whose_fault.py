"""Whose fault it is that nothing goes on: a record's, a dependency's, or our own; against the log in memory and a real Kafka."""

import pytest

from chassis.errors import OwnFaultError, TransientError
from contracts import chatbot
from contracts.catalogue import DEAD
from tests.chassis.brokers import SERVICE, BrokerEnv, events_on, publish
from tests.chassis.loop_harness import Crash, LoopHarness, garbage, process_until_settled
from tests.doubles import message_received

DEAD_TOPIC = DEAD[SERVICE]


@pytest.mark.expects_errors("bad_record")
async def test_when_nothing_can_be_handled_but_a_known_good_message_can_the_records_are_at_fault(
    broker_env: BrokerEnv, loop_harness: LoopHarness
) -> None:
    bad = [message_received(user=f"90{n}") for n in range(12)]
    loop_harness.bad = {message.id for message in bad}
    await publish(broker_env, *bad)
    loop = loop_harness.loop()
    await process_until_settled(loop, broker_env, 12)
    assert len(await broker_env.records(DEAD_TOPIC)) == 12
    await publish(broker_env, message_received())
    await process_until_settled(loop, broker_env, 13)
    assert len(loop_harness.decided) == 1
    assert loop_harness.self_tests >= 1


@pytest.mark.expects_errors("bad_record", "self_test_failed")
async def test_when_a_known_good_message_fails_too_the_loop_stops_and_nothing_is_lost(
    broker_env: BrokerEnv, loop_harness: LoopHarness
) -> None:
    await publish(broker_env, *(message_received(user=f"90{n}") for n in range(3)))
    await broker_env.put([garbage(broker_env, b"k")])
    loop_harness.is_broken = True
    for _restart in range(2):
        consumer = broker_env.consumer()
        with pytest.raises(OwnFaultError, match="known to be good"):
            await process_until_settled(loop_harness.loop(consumer), broker_env, 4)
        await consumer.close()
    assert await broker_env.records(DEAD_TOPIC) == []
    assert await broker_env.settled() == 0
    loop_harness.is_broken = False
    await process_until_settled(loop_harness.loop(), broker_env, 4)
    assert len(loop_harness.decided) == 3


@pytest.mark.expects_errors("bad_record")
async def test_a_record_with_which_every_process_ends_is_dead_lettered_and_its_neighbours_are_answered(
    broker_env: BrokerEnv, loop_harness: LoopHarness
) -> None:
    messages = [message_received(user=f"90{n}") for n in range(6)]
    loop_harness.lethal = {messages[2].id}
    await publish(broker_env, *messages)
    ended = 0
    for _process in range(10):
        consumer = broker_env.consumer()
        try:
            await process_until_settled(loop_harness.loop(consumer), broker_env, 6)
            break
        except Crash:
            ended += 1
        finally:
            await consumer.close()
    assert ended == 3, "once with the whole batch in hand, twice with this record alone"
    (dead_letter,) = await broker_env.records(DEAD_TOPIC)
    assert dead_letter.headers["loa_dead_why"] == b"ProcessEnded"
    assert {event.caused_by for event in await events_on(broker_env, chatbot.EVENTS)} == {
        event.id for event in messages
    }
    assert len(loop_harness.decided) == 5


async def test_a_dependency_that_is_away_again_and_again_makes_no_record_guilty(
    broker_env: BrokerEnv, loop_harness: LoopHarness
) -> None:
    await publish(broker_env, message_received())
    for _process in range(6):
        loop_harness.outages = 4  # One more than there are retries.
        consumer = broker_env.consumer()
        with pytest.raises(TransientError):
            await process_until_settled(loop_harness.loop(consumer), broker_env, 1)
        await consumer.close()
    await process_until_settled(loop_harness.loop(), broker_env, 1)
    assert len(loop_harness.decided) == 1
    assert await broker_env.records(DEAD_TOPIC) == []
