"""The consumer loop of every service: poll → handle → save → publish → commit, a batch at a time.

At least once, in order per conversation, nothing lost silently. A dependency is away: wait, then stop, uncommitted. A record is
invalid: dead-letter it alone. Too many in a row: our own code is at fault, stop. Stopping is always safe; skipping never is.
"""

import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import structlog
from pydantic import ValidationError

from chassis.errors import TooManyDeadLettersError, TransientError
from chassis.heartbeat import Heartbeat
from chassis.metrics import BATCH_RECORDS, BATCH_SECONDS, EVENT_AGE, RECORDS, Outcome
from chassis.publisher import Publisher
from chassis.records import BatchHandler, EventConsumer, OutgoingRecord, ReceivedEvent, Record
from chassis.retry import RetryPolicy
from chassis.trace import TraceContext, arrived_ms
from contracts.catalogue import read
from contracts.event import Event

log = structlog.get_logger()

T = TypeVar("T")
Position = tuple[str, int, int]  # Topic, partition, offset.
DeadLetter = tuple[Record, str]  # And why: the fault's type only, since its text could quote a citizen.


@dataclass(slots=True)
class ConsumerLoop:
    consumer: EventConsumer
    publisher: Publisher
    handle: BatchHandler
    consumes: frozenset[str]  # The event types that are handled; others are skipped unread.
    retry_policy: RetryPolicy = field(default_factory=RetryPolicy)
    heartbeat: Heartbeat = field(default_factory=Heartbeat)
    _dead_letters_in_a_row: set[bytes] = field(default_factory=set)  # Conversations.

    @property
    def _prefix(self) -> str:
        return self.publisher.encoder.topic_prefix

    async def run(self) -> None:
        """Run until stopped. Raises TransientError or TooManyDeadLettersError when going on would lose or spoil something."""
        while True:
            await self.process_batch()

    async def process_batch(self) -> None:
        """Process one batch, from poll to commit. After an exception the consumer must be closed: its batch is not committed."""
        records = await self._with_retry(self.consumer.poll)
        if not records:
            return
        started = time.perf_counter()
        received, unreadable = self._read(records)
        dead_letters = unreadable + await self._process(received)
        outcomes = _outcomes(records, received, dead_letters)
        self._check_dead_letter_limit(records, outcomes)
        await self._send_dead_letters(dead_letters)
        await self.consumer.commit(records)
        self._observe(records, outcomes, sorted({why for _, why in dead_letters}), time.perf_counter() - started)

    async def _with_retry(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """Retry by the policy. Every attempt is a heartbeat: waiting for a dependency is not hanging."""

        async def watched_attempt() -> T:
            self.heartbeat.beat()
            return await attempt()

        return await self.retry_policy.retry(watched_attempt)

    async def _publish(self, events: Sequence[Event], received: Sequence[ReceivedEvent]) -> None:
        if not events:
            return
        headers = {item.event.id: item.record.headers for item in received}
        wanted = {event.caused_by for event in events if event.caused_by in headers}
        causes = {cause: TraceContext.from_headers(headers[cause], cause) for cause in wanted if cause}
        await self._with_retry(lambda: self.publisher.publish(events, causes))

    async def _send_dead_letters(self, dead_letters: Sequence[DeadLetter]) -> None:
        records = [self._dead_letter_record(record, why) for record, why in dead_letters]
        if records:
            await self._with_retry(lambda: self.publisher.producer.send(records))

    def _read(self, records: Sequence[Record]) -> tuple[list[ReceivedEvent], list[DeadLetter]]:
        received: list[ReceivedEvent] = []
        unreadable: list[DeadLetter] = []
        for record in records:
            event_type = record.headers.get("ce_type", b"").decode(errors="replace")
            if event_type and event_type not in self.consumes:
                continue
            try:
                event = read(record.topic.removeprefix(self._prefix), record.value)
            except (ValidationError, KeyError) as fault:
                unreadable.append((record, type(fault).__name__))
                continue
            if event.type in self.consumes:
                received.append(ReceivedEvent(record, event))
        return received, unreadable

    async def _process(self, received: Sequence[ReceivedEvent]) -> list[DeadLetter]:
        """Handle and publish the whole batch; if that fails, halve it until the invalid record is alone. Returns dead letters.

        Each half is published before the next is handled: the outbox relies on what came earlier being on the log.
        """
        if not received:
            return []
        try:
            events = await self._with_retry(lambda: self.handle(received))
        except TransientError:
            raise
        except Exception as fault:  # Any other exception is the record's fault, until too many fail.
            if len(received) == 1:
                log.warning("bad_record", exc_info=fault, **_log_fields(received[0].record))
                return [(received[0].record, type(fault).__name__)]
        else:
            await self._publish(events, received)
            return []
        middle = len(received) // 2
        return await self._process(received[:middle]) + await self._process(received[middle:])

    def _dead_letter_record(self, record: Record, why: str) -> OutgoingRecord:
        reason_headers = {
            "loa_dead_why": why.encode(),
            "loa_dead_topic": record.topic.encode(),
            "loa_dead_partition": str(record.partition).encode(),
            "loa_dead_offset": str(record.offset).encode(),
        }
        return OutgoingRecord(
            f"{self._prefix}{self.publisher.encoder.source}.dead",
            record.key,
            record.value,
            {**record.headers, **reason_headers},
        )

    def _check_dead_letter_limit(self, records: Sequence[Record], outcomes: Mapping[Position, Outcome]) -> None:
        """Raise TooManyDeadLettersError before anything is dead-lettered: records do not all go bad at once, the fault is ours.

        Conversations are counted, not records: one citizen must not stop a service by sending the same invalid message ten times.
        """
        for record in records:
            outcome = outcomes[_position(record)]
            if outcome is Outcome.DONE:
                self._dead_letters_in_a_row.clear()
            elif outcome is Outcome.DEAD_LETTERED:
                self._dead_letters_in_a_row.add(record.key or repr(_position(record)).encode())
                if len(self._dead_letters_in_a_row) >= self.retry_policy.max_dead_letters:
                    raise TooManyDeadLettersError(
                        f"records of {self.retry_policy.max_dead_letters} conversations in a row can't be handled: "
                        "nothing of this batch is dead-lettered; look at the newest deploy first"
                    )

    def _observe(
        self, records: Sequence[Record], outcomes: Mapping[Position, Outcome], why: Sequence[str], seconds: float
    ) -> None:
        now_ms = time.time_ns() // 1_000_000
        ages = {
            topic: EVENT_AGE.labels(topic.removeprefix(self._prefix)) for topic in {record.topic for record in records}
        }
        for record in records:
            arrived = arrived_ms(record.headers)
            if arrived and outcomes[_position(record)] is Outcome.DONE:
                ages[record.topic].observe(max(0, now_ms - arrived) / 1_000)
        for (topic, outcome), count in Counter(
            (position[0], outcome) for position, outcome in outcomes.items()
        ).items():
            RECORDS.labels(topic.removeprefix(self._prefix), outcome).inc(count)
        BATCH_RECORDS.observe(len(records))
        BATCH_SECONDS.observe(seconds)
        counts = Counter(str(outcome) for outcome in outcomes.values())
        write = log.warning if why else log.info
        write("turn", records=len(records), **counts, why=why, ms=round(seconds * 1e3, 1))


def _outcomes(
    records: Sequence[Record], received: Sequence[ReceivedEvent], dead_letters: Sequence[DeadLetter]
) -> dict[Position, Outcome]:
    outcomes = dict.fromkeys(map(_position, records), Outcome.IGNORED)
    outcomes.update((_position(item.record), Outcome.DONE) for item in received)
    outcomes.update((_position(record), Outcome.DEAD_LETTERED) for record, _ in dead_letters)
    return outcomes


def _position(record: Record) -> Position:
    return record.topic, record.partition, record.offset


def _log_fields(record: Record) -> dict[str, str | int]:
    return {"topic": record.topic, "partition": record.partition, "offset": record.offset}
