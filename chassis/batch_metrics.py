"""What is measured and logged of a batch of records."""

import time
from collections import Counter
from collections.abc import Sequence

import structlog

from chassis.dead_letters import DeadLetter
from chassis.metrics import BATCH_RECORDS, BATCH_SECONDS, EVENT_AGE, RECORDS
from chassis.outcomes import Outcome
from chassis.records import ReceivedEvent, Record
from chassis.trace import arrived_ms

log = structlog.get_logger()

Position = tuple[str, int, int]  # Topic, partition, offset.


def position_of(record: Record) -> Position:
    return record.topic, record.partition, record.offset


def observe_batch(
    records: Sequence[Record],
    received: Sequence[ReceivedEvent],
    dead_letters: Sequence[DeadLetter],
    *,
    seconds: float,
    prefix: str,
) -> None:
    """Count a batch that is committed, and log it in one line."""
    now_ms = time.time_ns() // 1_000_000
    outcomes = _outcomes(records, received, dead_letters)
    ages = {topic: EVENT_AGE.labels(topic.removeprefix(prefix)) for topic in {record.topic for record in records}}
    for record in records:
        arrived = arrived_ms(record.headers)
        if arrived and outcomes[position_of(record)] is Outcome.DONE:
            ages[record.topic].observe(max(0, now_ms - arrived) / 1_000)
    by_topic = Counter((position[0], outcome) for position, outcome in outcomes.items())
    for (topic, outcome), count in by_topic.items():
        RECORDS.labels(topic.removeprefix(prefix), outcome).inc(count)
    BATCH_RECORDS.observe(len(records))
    BATCH_SECONDS.observe(seconds)
    counts = Counter(str(outcome) for outcome in outcomes.values())
    why = sorted({dead_letter.why for dead_letter in dead_letters})
    write = log.warning if why else log.info
    write("turn", records=len(records), **counts, why=why, ms=round(seconds * 1e3, 1))


def _outcomes(
    records: Sequence[Record], received: Sequence[ReceivedEvent], dead_letters: Sequence[DeadLetter]
) -> dict[Position, Outcome]:
    outcomes = dict.fromkeys(map(position_of, records), Outcome.IGNORED)
    outcomes.update((position_of(item.record), Outcome.DONE) for item in received)
    outcomes.update((position_of(dead_letter.record), Outcome.DEAD_LETTERED) for dead_letter in dead_letters)
    return outcomes
