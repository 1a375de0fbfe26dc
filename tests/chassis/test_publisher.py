"""How an event travels: CloudEvents attributes, its key, its trace, and that publishing again publishes the same."""

import asyncio

from chassis.publisher import EventEncoder, Publisher
from chassis.trace import TraceContext
from contracts import chatbot
from contracts.chatbot import ReplyChosen
from tests.doubles import NOON, MemoryLog, message_received

MESSAGE = message_received()
ANSWER = ReplyChosen.derive(MESSAGE, outcome="answer", body=MESSAGE.body, address=MESSAGE.address)
TRACE = TraceContext.start(MESSAGE.id, arrived_ms=123)


def test_an_event_carries_its_attributes_and_is_keyed_by_conversation() -> None:
    record = EventEncoder("gateway", "p.").encode(MESSAGE, TRACE)
    assert (record.topic, record.key) == ("p.gateway.messages", MESSAGE.conversation.encode())
    assert record.headers["ce_id"].decode() == str(MESSAGE.id)
    assert record.headers["ce_type"] == b"message.received.v1"
    assert record.headers["ce_source"] == b"gateway"
    assert record.headers["ce_time"].decode() == NOON.isoformat()
    assert TraceContext.from_headers(record.headers, MESSAGE.id) == TRACE


async def test_what_an_event_led_to_continues_its_trace_and_keeps_its_arrival() -> None:
    log = MemoryLog()
    await Publisher("chatbot", "", log.producer()).publish([ANSWER], {MESSAGE.id: TRACE})
    (record,) = log.records(chatbot.EVENTS)
    assert TraceContext.from_headers(record.headers, ANSWER.id) == TRACE.child(ANSWER.id)
    assert record.headers["loa_arrived_ms"] == b"123"


async def test_an_event_whose_cause_is_not_among_them_starts_a_trace() -> None:
    log = MemoryLog()
    await Publisher("chatbot", "", log.producer()).publish([ANSWER])
    (record,) = log.records(chatbot.EVENTS)
    assert TraceContext.from_headers(record.headers, ANSWER.id).trace_id == ANSWER.id.hex


async def test_publishing_again_publishes_exactly_the_same() -> None:
    log = MemoryLog()
    publisher = Publisher("chatbot", "p.", log.producer())
    for _ in range(2):
        await publisher.publish([ANSWER], {MESSAGE.id: TRACE})
        await asyncio.sleep(0.002)
    first, second = (record for at in range(4) for record in log._records["p." + chatbot.EVENTS, at])
    assert (first.key, first.value, first.headers) == (second.key, second.value, second.headers)
