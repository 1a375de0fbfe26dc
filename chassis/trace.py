"""Where an event comes from, as it travels: W3C Trace Context (level 1) and when the first cause reached us.

A value of plain strings, so that OpenTelemetry's `TraceContextTextMapPropagator` can fill it and be filled from it through the
dictionary that `carrier` returns. Without OpenTelemetry nothing is drawn at random: ids come from the events' own ids, so
publishing the same event again publishes the same bytes.
"""

import re
import time
from collections.abc import Mapping
from typing import NamedTuple, Self
from uuid import UUID

ARRIVED = "loa_arrived_ms"  # Header: when the first cause arrived, epoch milliseconds. Gives the age of all it led to.
_DIGITS = 15  # Enough for thirty thousand years; a longer number is not a time.
_SAMPLED = "01"
_MOST_STATE = 512  # Characters of `tracestate` that the standard asks to propagate; longer ones are dropped whole.
_TRACEPARENT = re.compile("(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")


class TraceContext(NamedTuple):  # Made for each event that is published: twice as quick as a frozen dataclass.
    """One span of a trace. `arrived_ms` is 0 where nobody knows when the first cause arrived."""

    trace_id: str
    span_id: str
    flags: str = _SAMPLED
    tracestate: str = ""
    arrived_ms: int = 0

    @classmethod
    def start(cls, event_id: UUID, arrived_ms: int = 0) -> Self:
        """Returns a new trace, for an event that nothing on the log has led to. `arrived_ms` is now by default."""
        return cls._of(event_id, arrived_ms or time.time_ns() // 1_000_000)

    @classmethod
    def _of(cls, event_id: UUID, arrived_ms: int) -> Self:
        trace_id = event_id.hex
        return cls(trace_id, trace_id[:16], _SAMPLED, "", arrived_ms)

    @classmethod
    def from_carrier(cls, carrier: Mapping[str, str], arrived_ms: int = 0) -> Self | None:
        """Returns the context that a propagator has injected; None where the standard says there is none to continue."""
        match = _TRACEPARENT.fullmatch(carrier.get("traceparent", ""))
        if match is None:
            return None
        version, trace_id, span_id, flags, rest = match.groups()
        if rest and version == "00":
            return None
        state = carrier.get("tracestate", "")
        state = state if len(state) <= _MOST_STATE and state.isascii() and state.isprintable() else ""
        return cls(trace_id, span_id, flags, state, arrived_ms)

    @classmethod
    def from_headers(cls, headers: Mapping[str, bytes], event_id: UUID) -> Self:
        """Returns the context of a record. A broken trace starts anew from `event_id`; the time of arrival is kept."""
        carrier = {"traceparent": headers.get("traceparent", b"").decode(errors="replace")}
        if state := headers.get("tracestate"):
            carrier["tracestate"] = state.decode(errors="replace")
        return cls.resume(carrier, event_id, arrived_ms(headers) or 0)

    @classmethod
    def resume(cls, carrier: Mapping[str, str], event_id: UUID, arrived_ms: int) -> Self:
        """Returns the context that was stored when `event_id` was received, or a new trace where it is broken."""
        return cls.from_carrier(carrier, arrived_ms) or cls._of(event_id, arrived_ms)

    def child(self, event_id: UUID) -> Self:
        """Returns the context of an event that this one led to."""
        return type(self)(self.trace_id, event_id.hex[:16], self.flags, self.tracestate, self.arrived_ms)

    def carrier(self) -> dict[str, str]:
        """Returns what OpenTelemetry's propagator extracts from."""
        carrier = {"traceparent": f"00-{self.trace_id}-{self.span_id}-{self.flags}"}
        return carrier | {"tracestate": self.tracestate} if self.tracestate else carrier

    def to_headers(self) -> dict[str, bytes]:
        headers = {
            "traceparent": f"00-{self.trace_id}-{self.span_id}-{self.flags}".encode(),
            ARRIVED: str(self.arrived_ms).encode(),
        }
        if self.tracestate:
            headers["tracestate"] = self.tracestate.encode()
        return headers


def arrived_ms(headers: Mapping[str, bytes]) -> int | None:
    """Returns when the first cause arrived, epoch milliseconds, or None where that is not known."""
    value = headers.get(ARRIVED, b"")
    return int(value) or None if value.isdigit() and len(value) <= _DIGITS else None
