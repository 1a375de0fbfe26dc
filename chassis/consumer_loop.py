"""The consumer loop of every service: poll → handle → save → publish → commit, a batch at a time.

At least once, in order per conversation, nothing lost silently. A dependency is away: wait, then stop, uncommitted. A record is
invalid: dead-letter it alone, and go on. Nothing of a batch can be handled: messages that are known to be good decide whether the
records are at fault or we are; if we are, stop, uncommitted. A record with which process after process ends is dead-lettered too.
"""

import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar

import structlog
from pydantic import ValidationError

from chassis.attempts import MAX_ALONE, Attempts
from chassis.batch_metrics import observe_batch, position_of
from chassis.dead_letters import DeadLetter, DeadLetters
from chassis.errors import TooSlowError, TransientError
from chassis.heartbeat import Heartbeat
from chassis.publisher import Publisher
from chassis.records import Apologise, BatchHandler, EventConsumer, KnownGood, ReceivedEvent, Record
from chassis.retry import RetryPolicy
from chassis.self_test import run_self_test
from chassis.trace import TraceContext
from contracts.catalogue import read
from contracts.event import Event

log = structlog.get_logger()

T = TypeVar("T")
Partition = tuple[str, int]


async def no_apology(_: Event) -> Sequence[Event]:
    """For services whose records come from no citizen."""
    return ()


@dataclass(slots=True)
class ConsumerLoop:
    consumer: EventConsumer
    publisher: Publisher
    handle: BatchHandler
    consumes: frozenset[str]  # The event types that are handled; others are skipped unread.
    known_good: KnownGood
    attempts: Attempts
    dead_letters: DeadLetters
    apologise: Apologise = no_apology
    retry_policy: RetryPolicy = field(default_factory=RetryPolicy)
    heartbeat: Heartbeat = field(default_factory=Heartbeat)
    _begun: set[Partition] = field(default_factory=set)  # Of which this process has begun a batch.

    @property
    def _prefix(self) -> str:
        return self.publisher.encoder.topic_prefix

    async def run(self) -> None:
        """Run until stopped. Raises TransientError or OwnFaultError when going on would lose or spoil something."""
        while True:
            await self.process_batch()

    async def process_batch(self) -> None:
        """Process one batch, from poll to commit. After an exception the consumer must be closed: its batch is not committed."""
        records = await self._with_retry(self.consumer.poll)
        if not records:
            return
        if await self._is_suspicious(records):
            for record in records:
                await self._process_alone(record)
        else:
            await self._process_records(records)

    async def _is_suspicious(self, records: Sequence[Record]) -> bool:
        """Returns whether an earlier process began where this one begins, and ended without finishing."""
        firsts = {(record.topic, record.partition): record for record in reversed(records)}
        fresh = [record for partition, record in firsts.items() if partition not in self._begun]
        self._begun.update(firsts)
        return bool(fresh) and await self._with_retry(lambda: self.attempts.begin(fresh))

    async def _process_alone(self, record: Record) -> None:
        if await self._with_retry(lambda: self.attempts.begin_alone(record)) >= MAX_ALONE:
            await self._process_records([record], "ProcessEnded")
            return
        try:
            await self._process_records([record])
        except TooSlowError:
            raise
        except TransientError:
            with suppress(TransientError):
                await self.attempts.forgive(record)
            raise

    async def _process_records(self, records: Sequence[Record], untouchable: str = "") -> None:
        """Process and commit. With a reason why they are not to be touched, they are dead-lettered for it."""
        started = time.perf_counter()
        received, unreadable = self._read(records)
        if untouchable:
            failed = [DeadLetter(item.record, untouchable) for item in received]
        else:
            failed = await self._process(received)
        dead_letters = unreadable + failed
        if dead_letters and len(failed) == len(received) and not untouchable:
            await run_self_test(self.known_good, self.handle, self._with_retry)
        await self._with_retry(lambda: self.dead_letters.send(dead_letters))
        await self._apologise(received, failed)
        await self.consumer.commit(records)
        observe_batch(records, received, dead_letters, seconds=time.perf_counter() - started, prefix=self._prefix)

    async def _apologise(self, received: Sequence[ReceivedEvent], failed: Sequence[DeadLetter]) -> None:
        """Say a word to those whose message was dead-lettered. Where even that fails, the dead letter is what remains."""
        positions = {position_of(dead_letter.record) for dead_letter in failed}
        for item in received:
            if position_of(item.record) in positions:
                await self._publish(await self._apology(item), [item])

    async def _apology(self, item: ReceivedEvent) -> Sequence[Event]:
        try:
            return await self._with_retry(lambda: self.apologise(item.event))
        except TransientError:
            raise
        except Exception as fault:
            log.warning("apology_failed", exc_info=fault, **_log_fields(item.record))
            return ()

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
                unreadable.append(DeadLetter(record, type(fault).__name__))
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
        except Exception as fault:  # Any other exception is the record's fault, or ours: see run_self_test.
            if len(received) == 1:
                log.warning("bad_record", exc_info=fault, **_log_fields(received[0].record))
                return [DeadLetter(received[0].record, type(fault).__name__)]
        else:
            await self._publish(events, received)
            return []
        middle = len(received) // 2
        return await self._process(received[:middle]) + await self._process(received[middle:])


def _log_fields(record: Record) -> dict[str, str | int]:
    return {"topic": record.topic, "partition": record.partition, "offset": record.offset}
