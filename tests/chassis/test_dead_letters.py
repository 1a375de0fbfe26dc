"""Whom the loop blames, and what becomes of a bad record, against the log in memory and a real Kafka."""

from collections.abc import Sequence

import pytest

from chassis.records import OutgoingRecord, ReceivedEvent, Record
from contracts import chatbot, gateway
from contracts.catalogue import DEAD
from contracts.chatbot import ReplyChosen
from contracts.event import Event
from tests.chassis.brokers import SERVICE, BrokerEnv, events_on, publish
from tests.chassis.loop_harness import PLANTED, LoopHarness, garbage, process_until_settled
from tests.doubles import SendFailure, message_received, reply
from tests.events import encoded

DEAD_TOPIC = DEAD[SERVICE]


@pytest.mark.parametrize("kind", ["unreadable", "unbearable"])
@pytest.mark.expects_errors("bad_record")
async def test_a_bad_record_is_dead_lettered_alone_and_its_neighbours_go_on(
    broker_env: BrokerEnv, loop_harness: LoopHarness, kind: str
) -> None:
    messages = [message_received(user=f"90{n}") for n in range(9)]
    bad = (
        encoded(messages[4], "gateway", prefix=broker_env.prefix) if kind == "unbearable" else garbage(broker_env, b"k")
    )
    loop_harness.bad = {messages[4].id} if kind == "unbearable" else set()
    records = [encoded(message, "gateway", prefix=broker_env.prefix) for message in messages]
    records[4] = bad
    await broker_env.put(records)
    await process_until_settled(loop_harness.loop(), broker_env, 9)

    replies = [event for event in await events_on(broker_env, chatbot.EVENTS) if isinstance(event, ReplyChosen)]
    assert [reply.outcome for reply in replies].count("answer") == 8
    (dead_letter,) = await broker_env.records(DEAD_TOPIC)
    assert (dead_letter.key, dead_letter.value) == (bad.key, bad.value)
    assert bad.headers.items() <= dead_letter.headers.items()
    (origin,) = [record for record in await broker_env.records(gateway.MESSAGES) if record.value == bad.value]
    assert _dead_letter_origin(dead_letter) == (kind_of_fault(kind), origin.topic, origin.partition, origin.offset)
    assert PLANTED.encode() not in b"".join(dead_letter.headers.values())


@pytest.mark.expects_errors("bad_record")
async def test_what_came_earlier_is_on_the_log_before_the_rest_of_a_failed_batch_is_handled(
    broker_env: BrokerEnv, loop_harness: LoopHarness
) -> None:
    """Memory relies on it: a later record proves that the words of an earlier one need not be kept."""
    messages = [message_received(user="901") for _ in range(4)]
    loop_harness.bad = {messages[3].id}
    on_the_log: dict[int, int] = {}

    async def handle(batch: Sequence[ReceivedEvent]) -> Sequence[Event]:
        at = [message.id for message in messages].index(batch[0].event.id)
        on_the_log[at] = len(await broker_env.records(chatbot.EVENTS))
        return await loop_harness.handle(batch)

    await publish(broker_env, *messages)
    loop = loop_harness.loop()
    loop.handle = handle
    await process_until_settled(loop, broker_env, 4)
    assert on_the_log == {0: 0, 2: 2, 3: 3}


def kind_of_fault(kind: str) -> str:
    return {"unreadable": "ValidationError", "unbearable": "ValueError"}[kind]


def _dead_letter_origin(dead_letter: Record) -> tuple[str, str, int, int]:
    reason, topic, partition, offset = (
        dead_letter.headers[f"loa_dead_{name}"].decode() for name in ("why", "topic", "partition", "offset")
    )
    return reason, topic, int(partition), int(offset)


@pytest.mark.expects_errors("bad_record")
async def test_one_citizen_saying_bad_things_does_not_stop_the_service(
    broker_env: BrokerEnv, loop_harness: LoopHarness
) -> None:
    bad = [message_received(user="901") for _ in range(15)]
    loop_harness.bad = {message.id for message in bad}
    await publish(broker_env, *bad, message_received(user="902"))
    await process_until_settled(loop_harness.loop(), broker_env, 16)
    assert len(await broker_env.records(DEAD_TOPIC)) == 15
    assert len(loop_harness.decided) == 1


@pytest.mark.expects_errors("bad_record", "apology_failed")
async def test_who_wrote_a_bad_message_hears_of_it_unless_that_fails_too(
    broker_env: BrokerEnv, loop_harness: LoopHarness
) -> None:
    messages = [message_received(user=f"90{n}") for n in range(4)]
    loop_harness.bad = {message.id for message in messages[:3]}
    loop_harness.unapologised = {messages[1].id}
    await publish(broker_env, *messages)
    await process_until_settled(loop_harness.loop(), broker_env, 4)
    replies = [event for event in await events_on(broker_env, chatbot.EVENTS) if isinstance(event, ReplyChosen)]
    outcomes = {reply.caused_by: reply.outcome for reply in replies}
    assert outcomes == {messages[0].id: "failed", messages[2].id: "failed", messages[3].id: "answer"}
    assert len(await broker_env.records(DEAD_TOPIC)) == 3


@pytest.mark.expects_errors("bad_record")
async def test_a_dead_letter_topic_that_is_missing_is_created_and_the_loop_goes_on(
    broker_env: BrokerEnv, loop_harness: LoopHarness
) -> None:
    message = message_received()
    loop_harness.bad = {message.id}
    loop_harness.producer.failures = [SendFailure()]
    await publish(broker_env, message)
    await process_until_settled(loop_harness.loop(), broker_env, 1)
    assert loop_harness.dead_topics_created == 1
    assert len(await broker_env.records(DEAD_TOPIC)) == 1


async def test_an_event_of_another_service_with_the_same_name_is_not_taken_for_ours(
    broker_env: BrokerEnv, loop_harness: LoopHarness
) -> None:
    """The topic decides what may be said on it: a reply on the gateway's topic is nobody's event."""
    await broker_env.put(
        [OutgoingRecord(broker_env.prefix + gateway.MESSAGES, b"k", reply().model_dump_json().encode(), {})]
    )
    await process_until_settled(loop_harness.loop(), broker_env, 1)
    assert len(await broker_env.records(DEAD_TOPIC)) == 1
