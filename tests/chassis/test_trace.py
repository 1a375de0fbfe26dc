"""W3C Trace Context as it travels: what is continued, what is not, and that repeating yields the same."""

import pytest

from chassis.trace import TraceContext, arrived_ms
from tests.doubles import message_received

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
PARENT = f"00-{TRACE}-{SPAN}-00"
EVENT = message_received().id


def from_parent(parent: str, state: str = "") -> TraceContext | None:
    return TraceContext.from_carrier({"traceparent": parent, "tracestate": state}, arrived_ms=7)


def test_what_an_event_led_to_continues_its_trace_under_a_span_of_its_own() -> None:
    cause = from_parent(PARENT, "vendor=1")
    assert cause is not None
    assert cause.child(EVENT) == TraceContext(TRACE, EVENT.hex[:16], "00", "vendor=1", 7)


def test_a_propagator_extracts_what_another_has_injected() -> None:
    context = from_parent(PARENT, "a=1,b=2")
    assert context is not None
    assert context.carrier() == {"traceparent": PARENT, "tracestate": "a=1,b=2"}


def test_headers_carry_the_whole_context() -> None:
    context = TraceContext(TRACE, SPAN, "01", "a=1", 1_772_427_600_123)
    assert TraceContext.from_headers(context.to_headers(), EVENT) == context


def test_a_new_trace_is_named_after_its_event_so_that_a_repeat_repeats_it() -> None:
    assert TraceContext.start(EVENT, 5) == TraceContext.start(EVENT, 5)
    assert from_parent(TraceContext.start(EVENT).carrier()["traceparent"]) is not None


@pytest.mark.parametrize(
    "broken",
    ["", "nonsense", "00-short-1-01", f"ff-{TRACE}-{SPAN}-01", f"00-{TRACE.upper()}-{SPAN}-01", f"00-{TRACE}-{SPAN}-01-more",
     f"00-{'0' * 32}-{SPAN}-01", f"00-{TRACE}-{'0' * 16}-01", f"00-{TRACE}-{SPAN}-1", f" {PARENT}", f"{PARENT}\n"],
)  # fmt: skip
def test_a_broken_trace_starts_a_new_one_and_keeps_the_time_of_arrival(broken: str) -> None:
    assert from_parent(broken) is None
    resumed = TraceContext.from_headers({"traceparent": broken.encode(), "loa_arrived_ms": b"9"}, EVENT)
    assert (resumed.trace_id, resumed.arrived_ms) == (EVENT.hex, 9)


def test_a_later_version_of_the_standard_is_continued_as_far_as_it_is_known() -> None:
    later = from_parent(f"cc-{TRACE}-{SPAN}-01-what-the-future-brings")
    assert later is not None
    assert later.carrier()["traceparent"] == f"00-{TRACE}-{SPAN}-01"


@pytest.mark.parametrize("state", ["x" * 513, "a=\x00", "a=é"])
def test_a_state_that_is_none_is_dropped_and_the_trace_goes_on(state: str) -> None:
    context = from_parent(PARENT, state)
    assert context is not None
    assert context.tracestate == ""


@pytest.mark.parametrize("value", [b"", b"0", b"-5", b"soon", b"1e9", b"\xc2\xb2", b"9" * 5_000])
def test_a_time_of_arrival_that_is_none_is_none(value: bytes) -> None:
    assert arrived_ms({"loa_arrived_ms": value}) is None
