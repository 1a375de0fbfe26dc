"""Where an event comes from, as it travels: W3C Trace Context (level 1) and when the first cause reached us.

A value of plain strings, so that OpenTelemetry's `TraceContextTextMapPropagator` can fill it and be filled from it through the
dictionary that `carrier` returns. Without OpenTelemetry nothing is drawn at random: ids come from the events' own ids, so
publishing the same event again publishes the same bytes.
"""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from uuid import UUID

ARRIVED = "loa_arrived_ms"  # Header: when the first cause arrived, epoch milliseconds. Gives the age of all it led to.
_DIGITS = 15  # Enough for thirty thousand years; a longer number is not a time.
_SAMPLED = "01"
_MOST_STATE = 512  # Characters of `tracestate` that the standard asks to propagate; longer ones are dropped whole.
_TRACEPARENT = re.compile(
    r"(?!ff)[0-9a-f]{2}-(?P<trace>[0-9a-f]{32})-(?P<span>[0-9a-f]{16})-(?P<flags>[0-9a-f]{2})(?P<rest>-.*)?"
)


@dataclass(frozen=True, slots=True)
class TraceContext:
    """One span of a trace. `arrived_ms` is 0 where nobody knows when the first cause arrived."""

    trace_id: str
    span_id: str
    flags: str = _SAMPLED
    tracestate: str = ""
    arrived_ms: int = 0

    @classmethod
    def start(cls, event_id: UUID, arrived_ms: int = 0) -> Self:
        """Returns a new trace, for an event that nothing on the log has led to. `arrived_ms` is now by default."""
        return cls(event_id.hex, event_id.hex[:16], arrived_ms=arrived_ms or time.time_ns() // 1_000_000)

    @classmethod
    def from_carrier(cls, carrier: Mapping[str, str], arrived_ms: int = 0) -> Self | None:
        """Returns the context that a propagator has injected; None where the standard says there is none to continue."""
        match = _TRACEPARENT.fullmatch(carrier.get("traceparent", ""))
        if match is None or (match["rest"] and match[0].startswith("00")):
            return None
        if not int(match["trace"], 16) or not int(match["span"], 16):
            return None
        state = carrier.get("tracestate", "")
        state = state if len(state) <= _MOST_STATE and state.isascii() and state.isprintable() else ""
        return cls(match["trace"], match["span"], match["flags"], state, arrived_ms)

    @classmethod
    def from_headers(cls, headers: Mapping[str, bytes], event_id: UUID) -> Self:
        """Returns the context of a record. A broken trace starts anew from `event_id`; the time of arrival is kept."""
        carrier = {name: headers.get(name, b"").decode(errors="replace") for name in ("traceparent", "tracestate")}
        return cls.resume(carrier, event_id, arrived_ms(headers) or 0)

    @classmethod
    def resume(cls, carrier: Mapping[str, str], event_id: UUID, arrived_ms: int) -> Self:
        """Returns the context that was stored when `event_id` was received, or a new trace where it is broken."""
        return cls.from_carrier(carrier, arrived_ms) or cls(event_id.hex, event_id.hex[:16], arrived_ms=arrived_ms)

    def child(self, event_id: UUID) -> Self:
        """Returns the context of an event that this one led to."""
        return type(self)(self.trace_id, event_id.hex[:16], self.flags, self.tracestate, self.arrived_ms)

    def carrier(self) -> dict[str, str]:
        """Returns what OpenTelemetry's propagator extracts from."""
        carrier = {"traceparent": f"00-{self.trace_id}-{self.span_id}-{self.flags}"}
        return carrier | {"tracestate": self.tracestate} if self.tracestate else carrier

    def to_headers(self) -> dict[str, bytes]:
        headers = {name: value.encode() for name, value in self.carrier().items()}
        return headers | {ARRIVED: str(self.arrived_ms).encode()}


def arrived_ms(headers: Mapping[str, bytes]) -> int | None:
    """Returns when the first cause arrived, epoch milliseconds, or None where that is not known."""
    value = headers.get(ARRIVED, b"")
    return int(value) or None if value.isdigit() and len(value) <= _DIGITS else None
