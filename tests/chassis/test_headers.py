"""How a fact travels: CloudEvents attributes, trace context, and when its first cause arrived."""

import pytest

from chassis.headers import arrived_ms, encode
from chassis.records import Record
from tests.doubles import NOON, message_received, reply


def record_with(headers: dict[str, bytes]) -> Record:
    return Record("t", 0, 0, b"k", b"v", headers)


def test_an_event_carries_its_attributes_and_is_keyed_by_conversation() -> None:
    message = message_received()
    record = encode(message, "gateway", prefix="p.")
    assert (record.topic, record.key) == ("p.gateway.messages", message.conversation.encode())
    assert record.headers["ce_id"].decode() == str(message.id)
    assert record.headers["ce_type"] == b"message.received.v1"
    assert record.headers["ce_source"] == b"gateway"
    assert record.headers["ce_time"].decode() == NOON.isoformat()


def test_the_first_event_starts_a_trace_and_what_it_leads_to_continues_it() -> None:
    first = encode(message_received(), "gateway", arrived_ms=123)
    second = encode(reply(), "chatbot", record_with(dict(first.headers)))
    version, trace, span, flags = first.headers["traceparent"].split(b"-")
    assert (version, len(trace), len(span), flags) == (b"00", 32, 16, b"01")
    assert second.headers["traceparent"].split(b"-")[1] == trace
    assert second.headers["loa_arrived_ms"] == b"123"


def test_saying_the_same_again_says_exactly_the_same() -> None:
    message, cause = message_received(), record_with({"loa_arrived_ms": b"5"})
    assert encode(message, "gateway", cause) == encode(message, "gateway", cause)


@pytest.mark.parametrize("parent", [b"", b"nonsense", b"00-short-1-01", b"\xff\xfe"])
def test_a_broken_trace_starts_a_new_one(parent: bytes) -> None:
    event = reply()
    record = encode(event, "chatbot", record_with({"traceparent": parent}))
    assert record.headers["traceparent"].split(b"-")[1].decode() == event.id.hex


@pytest.mark.parametrize("value", [b"", b"0", b"-5", b"soon", b"1e9", b"\xc2\xb2", b"9" * 5_000])
def test_a_time_of_arrival_that_is_none_is_none(value: bytes) -> None:
    assert arrived_ms({"loa_arrived_ms": value}) is None
