"""Dead letters: records that cannot be processed, put aside with their bytes intact on `<service>.dead`, and why.

A reason is the type of the exception alone, since its text could quote a citizen.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import structlog

from chassis.errors import TransientError
from chassis.publisher import Publisher
from chassis.records import OutgoingRecord, Record

log = structlog.get_logger()

WHY, TOPIC, PARTITION, OFFSET = (f"loa_dead_{name}" for name in ("why", "topic", "partition", "offset"))
REASON_HEADERS = frozenset({WHY, TOPIC, PARTITION, OFFSET})


_REDRIVEN = "loa_dead_redriven"  # Of a note on the same topic: which dead letter was published once more.


class DeadLetter(NamedTuple):
    record: Record
    why: str


async def _topic_is_there() -> None:
    """For logs in memory, which make a topic when it is first written to."""


@dataclass(frozen=True, slots=True)
class DeadLetters:
    publisher: Publisher
    create_topic: Callable[[], Awaitable[None]] = _topic_is_there

    async def send(self, dead_letters: Sequence[DeadLetter]) -> None:
        """Durable when it returns. Raises TransientError; a topic that was missing is there at the next attempt."""
        if not dead_letters:
            return
        try:
            await self.publisher.producer.send([self._record(dead_letter) for dead_letter in dead_letters])
        except TransientError:
            log.warning("dead_letters_not_sent", records=len(dead_letters))
            await self.create_topic()
            raise

    def _record(self, dead_letter: DeadLetter) -> OutgoingRecord:
        record, why = dead_letter
        encoder = self.publisher.encoder
        reasons = {WHY: why, TOPIC: record.topic, PARTITION: str(record.partition), OFFSET: str(record.offset)}
        headers = {**record.headers, **{name: value.encode() for name, value in reasons.items()}}
        return OutgoingRecord(f"{encoder.topic_prefix}{encoder.source}.dead", record.key, record.value, headers)


def original(record: Record) -> OutgoingRecord:
    """Returns the record that a dead letter was, with its own topic, key, bytes and headers. Raises KeyError for any other."""
    headers = {name: value for name, value in record.headers.items() if name not in REASON_HEADERS}
    return OutgoingRecord(record.headers[TOPIC].decode(), record.key, record.value, headers)


def redriven_note(record: Record) -> OutgoingRecord:
    """Returns the note that a dead letter was published once more: what is on a log cannot be taken off it."""
    return OutgoingRecord(record.topic, record.key, b"", {_REDRIVEN: f"{record.partition}/{record.offset}".encode()})


def redriven(record: Record) -> str | None:
    """Returns which dead letter, as `partition/offset`, a note says was redriven; None for a dead letter."""
    note = record.headers.get(_REDRIVEN)
    return None if note is None else note.decode(errors="replace")
