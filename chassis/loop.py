"""The one loop every house listens with: gather → decide → remember → say → done, a batch at a time.

At least once, in order per conversation, nothing silently lost. Blame the world: wait, then stop, uncommitted. Blame the
record: bury it alone. Too many burials in a row: blame ourselves, and stop. Stopping is always safe; skipping never is.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog
from pydantic import ValidationError

from chassis.blame import TooManyBuried, Transient
from chassis.headers import arrived_ms, utter
from chassis.metrics import AGE, BATCH, HANDLED, TURN, Outcome
from chassis.patience import Patience
from chassis.pulse import Pulse
from chassis.types import Ear, Handle, Heard, Mouth, Record, Utterance
from contracts.catalogue import read
from contracts.event import Event

log = structlog.get_logger()


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
    _buried_in_a_row: int = 0

    async def run(self) -> None:
        """Turn until stopped. Raises Transient or TooManyBuried when going on would lose or spoil something."""
        while True:
            await self.turn()

    async def turn(self) -> None:
        records = await self.ear.gather()
        self.pulse.beat()
        if not records:
            return
        started = time.perf_counter()
        heard, unreadable = self._read(records)
        events, failed = await self._settle(heard)
        causes = {one.event.id: one.record for one in heard}
        words = [utter(e, self.house, causes.get(e.caused_by) if e.caused_by else None, self.prefix) for e in events]
        buried = unreadable + failed
        self._weigh(len(buried), len(records))
        words += [self._burial(record, why) for record, why in buried]
        await self.patience.retry(lambda: self.mouth.say(words))
        await self.ear.done(records)
        self._account(records, heard, buried, time.perf_counter() - started)

    def _read(self, records: Sequence[Record]) -> tuple[list[Heard], list[tuple[Record, str]]]:
        heard: list[Heard] = []
        unreadable: list[tuple[Record, str]] = []
        for record in records:
            told = record.headers.get("ce_type", b"").decode(errors="replace")
            if told and told not in self.wants:
                continue
            try:
                event = read(record.topic.removeprefix(self.prefix), record.value)
            except (ValidationError, KeyError) as fault:
                unreadable.append((record, type(fault).__name__))  # The type only: a text could quote a citizen.
                continue
            if event.type in self.wants:
                heard.append(Heard(record, event))
        return heard, unreadable

    async def _settle(self, heard: Sequence[Heard]) -> tuple[list[Event], list[tuple[Record, str]]]:
        """The batch at once; if it holds a bad record, each alone, so that its neighbours go on."""
        if not heard:
            return [], []
        try:
            return list(await self.patience.retry(lambda: self.handle(heard))), []
        except Transient:
            raise
        except Exception as fault:  # noqa: BLE001 — whatever a record provokes is the record's fault until too many do.
            if len(heard) == 1:
                return [], [(heard[0].record, type(fault).__name__)]
        events: list[Event] = []
        failed: list[tuple[Record, str]] = []
        for one in heard:
            said, burials = await self._settle([one])
            events += said
            failed += burials
        return events, failed

    def _burial(self, record: Record, why: str) -> Utterance:
        story = {
            "loa_dead_why": why.encode(),
            "loa_dead_topic": record.topic.encode(),
            "loa_dead_partition": str(record.partition).encode(),
            "loa_dead_offset": str(record.offset).encode(),
        }
        return Utterance(f"{self.prefix}{self.house}.dead", record.key, record.value, {**record.headers, **story})

    def _account(
        self, records: Sequence[Record], heard: Sequence[Heard], buried: Sequence[tuple[Record, str]], seconds: float
    ) -> None:
        now_ms = time.time_ns() // 1_000_000
        dead = {(record.topic, record.partition, record.offset) for record, _ in buried}
        ours = {(one.record.topic, one.record.partition, one.record.offset) for one in heard}
        for record in records:
            place = (record.topic, record.partition, record.offset)
            outcome = Outcome.BURIED if place in dead else Outcome.DONE if place in ours else Outcome.NOT_OURS
            HANDLED.labels(record.topic, outcome).inc()
            arrived = arrived_ms(record.headers)
            if arrived and outcome is Outcome.DONE:
                AGE.labels(record.topic).observe(max(0, now_ms - arrived) / 1_000)
        BATCH.observe(len(records))
        TURN.observe(seconds)
        level = log.warning if buried else log.info
        level(
            "turn",
            records=len(records),
            heard=len(heard),
            buried=len(buried),
            why=sorted({w for _, w in buried}),
            ms=round(seconds * 1e3, 1),
        )

    def _weigh(self, buried: int, records: int) -> None:
        """Before anything is buried: records do not all go bad at once, so when they seem to, the fault is ours."""
        self._buried_in_a_row = self._buried_in_a_row + buried if buried == records else 0
        if self._buried_in_a_row >= self.patience.burials:
            raise TooManyBuried(
                f"{self._buried_in_a_row} records in a row can't be handled: look at the newest deploy first"
            )
