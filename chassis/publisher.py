"""The one place that turns events into records: CloudEvents attributes as Kafka headers (binding 1.0), keyed by conversation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from chassis.model import to_json
from chassis.records import EventProducer, OutgoingRecord
from chassis.trace import TraceContext
from contracts.event import Event

NO_CAUSES: Final[Mapping[UUID, TraceContext]] = {}


@dataclass(frozen=True, slots=True)
class EventEncoder:
    source: str  # The service that publishes.
    topic_prefix: str = ""  # In front of every topic's name: several systems on one broker.

    def encode(self, event: Event, trace: TraceContext | None = None) -> OutgoingRecord:
        """Returns the event as it travels, with `trace` as its own context; without one it starts a trace."""
        headers = {
            "ce_specversion": b"1.0",
            "ce_id": str(event.id).encode(),
            "ce_type": event.type.encode(),
            "ce_source": self.source.encode(),
            "ce_time": event.occurred_at.isoformat().encode(),
            **(trace or TraceContext.start(event.id)).to_headers(),
        }
        value = to_json(event)
        return OutgoingRecord(self.topic_prefix + event.topic, event.conversation.encode(), value, headers)


class Publisher:
    """Encodes and sends. Every service has one, built where its producer is."""

    def __init__(self, source: str, topic_prefix: str, producer: EventProducer) -> None:
        self.encoder, self.producer = EventEncoder(source, topic_prefix), producer

    async def publish(self, events: Sequence[Event], causes: Mapping[UUID, TraceContext] = NO_CAUSES) -> None:
        """Durable on the log, in order per conversation, when it returns. Raises TransientError otherwise.

        `causes` are the contexts of the events, by id, that led to these: their traces go on. Publishing again is harmless.
        """
        await self.producer.send([self.encoder.encode(event, _trace(event, causes)) for event in events])


def _trace(event: Event, causes: Mapping[UUID, TraceContext]) -> TraceContext | None:
    cause = causes.get(event.caused_by) if event.caused_by else None
    return cause.child(event.id) if cause else None
