"""The one loop every house listens with: gather → decide → remember → say → done, a batch at a time.

At least once, in order per conversation, nothing silently lost. Blame the world: wait, then stop, uncommitted. Blame the
record: bury it alone. Too many burials in a row: blame ourselves, and stop. Stopping is always safe; skipping never is.
"""

import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import structlog
from pydantic import ValidationError

from chassis.blame import TooManyBuried, Transient
from chassis.headers import arrived_ms, utter
from chassis.metrics import AGE, BATCH, HANDLED, TURN, Outcome
from chassis.patience import Patience
from chassis.pulse import Pulse
from chassis.types import Ear, Handle, Heard, Mouth, Record, Utterance
from contracts.catalogue import read

log = structlog.get_logger()

T = TypeVar("T")
Place = tuple[str, int, int]  # Topic, partition, offset.
Burial = tuple[Record, str]  # And why: the fault's type only, since its text could quote a citizen.


@dataclass(slots=True)
class Loop:
    house: str
    ear: Ear
    mouth: Mouth
    handle: Handle
    wants: frozenset[str]  # The facts this house cares about; others are passed over unread.
    patience: Patience = field(default_factory=Patience)
    pulse: Pulse = field(default_factory=Pulse)
    prefix: str = ""  # In front of every topic's name: several systems on one broker.
    _buried_in_a_row: set[bytes] = field(default_factory=set)  # Conversations.

    async def run(self) -> None:
        """Turn until stopped. Raises Transient or TooManyBuried when going on would lose or spoil something."""
        while True:
            await self.turn()

    async def turn(self) -> None:
        """One batch, from gather to done. After an exception the ear must be closed: what it gave out is unsettled."""
        records = await self._try(self.ear.gather)
        if not records:
            return
        started = time.perf_counter()
        heard, unreadable = self._read(records)
        buried = unreadable + await self._settle(heard)
        fates = _fates(records, heard, buried)
        self._weigh(records, fates)
        await self._say([self._burial(record, why) for record, why in buried])
        await self.ear.done(records)
        self._account(records, fates, sorted({why for _, why in buried}), time.perf_counter() - started)

    async def _try(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """With patience. Every attempt is a heartbeat: waiting for the world is no hanging."""

        async def once() -> T:
            self.pulse.beat()
            return await attempt()

        return await self.patience.retry(once)

    async def _say(self, words: Sequence[Utterance]) -> None:
        if words:
            await self._try(lambda: self.mouth.say(words))

    def _read(self, records: Sequence[Record]) -> tuple[list[Heard], list[Burial]]:
        heard: list[Heard] = []
        unreadable: list[Burial] = []
        for record in records:
            told = record.headers.get("ce_type", b"").decode(errors="replace")
            if told and told not in self.wants:
                continue
            try:
                event = read(record.topic.removeprefix(self.prefix), record.value)
            except (ValidationError, KeyError) as fault:
                unreadable.append((record, type(fault).__name__))
                continue
            if event.type in self.wants:
                heard.append(Heard(record, event))
        return heard, unreadable

    async def _settle(self, heard: Sequence[Heard]) -> list[Burial]:
        """Handled and said, all at once. If that fails, half by half, so that a bad record is alone in the end.

        Each half is said before the next is handled: memory relies on it that what came earlier is on the log.
        """
        if not heard:
            return []
        try:
            events = await self._try(lambda: self.handle(heard))
        except Transient:
            raise
        except Exception as fault:  # Whatever a record provokes is the record's fault, until too many do.
            if len(heard) == 1:
                log.warning("bad_record", exc_info=fault, **_where(heard[0].record))
                return [(heard[0].record, type(fault).__name__)]
        else:
            causes = {one.event.id: one.record for one in heard}
            await self._say(
                [utter(e, self.house, causes.get(e.caused_by) if e.caused_by else None, self.prefix) for e in events]
            )
            return []
        middle = len(heard) // 2
        return await self._settle(heard[:middle]) + await self._settle(heard[middle:])

    def _burial(self, record: Record, why: str) -> Utterance:
        story = {
            "loa_dead_why": why.encode(),
            "loa_dead_topic": record.topic.encode(),
            "loa_dead_partition": str(record.partition).encode(),
            "loa_dead_offset": str(record.offset).encode(),
        }
        return Utterance(f"{self.prefix}{self.house}.dead", record.key, record.value, {**record.headers, **story})

    def _weigh(self, records: Sequence[Record], fates: Mapping[Place, Outcome]) -> None:
        """Before anything is buried: records do not all go bad at once, so when they seem to, the fault is ours.

        Conversations are counted, not records: one citizen must not stop a house by saying the same bad thing ten times.
        """
        for record in records:
            fate = fates[_place(record)]
            if fate is Outcome.DONE:
                self._buried_in_a_row.clear()
            elif fate is Outcome.BURIED:
                self._buried_in_a_row.add(record.key or repr(_place(record)).encode())
                if len(self._buried_in_a_row) >= self.patience.burials:
                    raise TooManyBuried(
                        f"records of {self.patience.burials} conversations in a row can't be handled: "
                        "nothing of this batch is buried; look at the newest deploy first"
                    )

    def _account(
        self, records: Sequence[Record], fates: Mapping[Place, Outcome], why: Sequence[str], seconds: float
    ) -> None:
        now_ms = time.time_ns() // 1_000_000
        ages = {topic: AGE.labels(topic.removeprefix(self.prefix)) for topic in {record.topic for record in records}}
        for record in records:
            arrived = arrived_ms(record.headers)
            if arrived and fates[_place(record)] is Outcome.DONE:
                ages[record.topic].observe(max(0, now_ms - arrived) / 1_000)
        for (topic, fate), count in Counter((place[0], fate) for place, fate in fates.items()).items():
            HANDLED.labels(topic.removeprefix(self.prefix), fate).inc(count)
        BATCH.observe(len(records))
        TURN.observe(seconds)
        counted = Counter(str(fate) for fate in fates.values())
        level = log.warning if why else log.info
        level("turn", records=len(records), **counted, why=why, ms=round(seconds * 1e3, 1))


def _fates(records: Sequence[Record], heard: Sequence[Heard], buried: Sequence[Burial]) -> dict[Place, Outcome]:
    fates = dict.fromkeys(map(_place, records), Outcome.NOT_OURS)
    fates.update((_place(one.record), Outcome.DONE) for one in heard)
    fates.update((_place(record), Outcome.BURIED) for record, _ in buried)
    return fates


def _place(record: Record) -> Place:
    return record.topic, record.partition, record.offset


def _where(record: Record) -> dict[str, str | int]:
    return {"topic": record.topic, "partition": record.partition, "offset": record.offset}
