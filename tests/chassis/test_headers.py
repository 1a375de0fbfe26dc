"""How a fact travels: CloudEvents attributes, trace context, and when its first cause arrived."""

import pytest

from chassis.headers import arrived_ms, utter
from chassis.types import Record
from tests.doubles import NOON, heard, reply


def record_with(headers: dict[str, bytes]) -> Record:
    return Record("t", 0, 0, b"k", b"v", headers)


def test_a_fact_carries_its_attributes_and_is_keyed_by_conversation() -> None:
    message = heard()
    said = utter(message, "gateway", prefix="p.")
    assert (said.topic, said.key) == ("p.gateway.messages", message.conversation.encode())
    assert said.headers["ce_id"].decode() == str(message.id)
    assert said.headers["ce_type"] == b"message.received.v1"
    assert said.headers["ce_source"] == b"gateway"
    assert said.headers["ce_time"].decode() == NOON.isoformat()


def test_the_first_fact_starts_a_trace_and_what_it_leads_to_continues_it() -> None:
    first = utter(heard(), "gateway", arrived_ms=123)
    second = utter(reply(), "chatbot", record_with(dict(first.headers)))
    version, trace, span, flags = first.headers["traceparent"].split(b"-")
    assert (version, len(trace), len(span), flags) == (b"00", 32, 16, b"01")
    assert second.headers["traceparent"].split(b"-")[1] == trace
    assert second.headers["loa_arrived_ms"] == b"123"


def test_saying_the_same_again_says_exactly_the_same() -> None:
    message, cause = heard(), record_with({"loa_arrived_ms": b"5"})
    assert utter(message, "gateway", cause) == utter(message, "gateway", cause)


@pytest.mark.parametrize("parent", [b"", b"nonsense", b"00-short-1-01", b"\xff\xfe"])
def test_a_broken_trace_starts_a_new_one(parent: bytes) -> None:
    fact = reply()
    said = utter(fact, "chatbot", record_with({"traceparent": parent}))
    assert said.headers["traceparent"].split(b"-")[1].decode() == fact.id.hex


@pytest.mark.parametrize("told", [b"", b"0", b"-5", b"soon", b"1e9", b"\xc2\xb2", b"9" * 5_000])
def test_a_time_of_arrival_that_is_none_is_none(told: bytes) -> None:
    assert arrived_ms({"loa_arrived_ms": told}) is None
