"""CloudEvents attributes and W3C trace context as Kafka headers (CloudEvents Kafka binding 1.0, Trace Context 1).

Nothing is minted here either: the trace id comes from the first fact, the span id from each fact's own id.
"""

import time
from collections.abc import Mapping

from chassis.records import OutgoingRecord, Record
from contracts.event import Event

ARRIVED = (
    "loa_arrived_ms"  # When the first cause reached our walls, epoch milliseconds: the age of everything it led to.
)
_DIGITS = 15  # Enough for thirty thousand years; a longer number is somebody's joke.


def encode(
    event: Event, source: str, cause: Record | None = None, prefix: str = "", arrived_ms: int = 0
) -> OutgoingRecord:
    """The fact as it travels. `cause` is the record that led to it: its trace and its arrival are handed on."""
    event_id = str(event.id)
    hex_id = event_id.replace("-", "")
    trace, arrived = _trace_and_arrival(cause, hex_id, arrived_ms)
    headers = {
        "ce_specversion": b"1.0",
        "ce_id": event_id.encode(),
        "ce_type": event.type.encode(),
        "ce_source": source.encode(),
        "ce_time": event.occurred_at.isoformat().encode(),
        "traceparent": f"00-{trace}-{hex_id[:16]}-01".encode(),
        ARRIVED: arrived,
    }
    value = event.__pydantic_serializer__.to_json(event)
    return OutgoingRecord(prefix + event.topic, event.conversation.encode(), value, headers)


def _trace_and_arrival(cause: Record | None, own_trace: str, arrived_ms: int) -> tuple[str, bytes]:
    if cause is None:
        return own_trace, str(arrived_ms or time.time_ns() // 1_000_000).encode()
    parent = cause.headers.get("traceparent", b"").decode(errors="replace").split("-")
    trace = parent[1] if len(parent) == 4 and len(parent[1]) == 32 else own_trace  # noqa: PLR2004 — the standard's shape.
    return trace, cause.headers.get(ARRIVED, b"0")


def arrived_ms(headers: Mapping[str, bytes]) -> int | None:
    """When the first cause arrived, or None where it is not told."""
    value = headers.get(ARRIVED, b"")
    return int(value) or None if value.isdigit() and len(value) <= _DIGITS else None
