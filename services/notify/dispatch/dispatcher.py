"""From memory to Zalo: many conversations at once, each strictly in order; what cannot go now goes back to wait in the ledger."""

import asyncio
import time
from collections.abc import Callable, Iterable, KeysView, Sequence
from dataclasses import dataclass

import structlog

from chassis.blame import Transient
from services.notify.decide import Again, Ended, Outcome, Sent, backoff_ms
from services.notify.dispatch.gates import Gates
from services.notify.dispatch.lines import Line, Lines, Oa
from services.notify.dispatch.sender import Sender
from services.notify.dispatch.settler import Settler
from services.notify.entry import Entry, Rank, Status
from services.notify.metrics import ANSWER, DELIVERY, DOUBTS, ENDED, IN_FLIGHT, IN_MEMORY, RATE_LIMITED, RELEASED
from services.notify.rate import Rates
from services.notify.store.ledger import Finished, Ledger, Released, Settlement

log = structlog.get_logger()

_SHORT_MS = 5_000  # A wait up to this is spent in memory; a longer one in the ledger.
_WAITING_AT_MOST = 100_000


@dataclass(frozen=True, slots=True)
class Limits:
    in_flight: int
    in_flight_oa: int
    queue: int
    lease_ms: int
    send_ms: int
    max_attempts: int


class Dispatcher:
    def __init__(
        self,
        sender: Sender,
        ledger: Ledger,
        *,
        settler: Settler,
        rates: Rates,
        gates: Gates,
        limits: Limits,
        now_ms: Callable[[], int],
    ) -> None:
        self._sender, self._ledger, self._settler = sender, ledger, settler
        self._rates, self._gates = rates, gates
        self._limits, self._now = limits, now_ms
        self._lines = Lines(limits.in_flight_oa)
        self._held: dict[str, Entry] = {}  # Everything in our hands, until the ledger has how it ended.
        self._waiting: dict[str, int] = {}  # Lines we sent back to the ledger: what comes after must wait there, too.
        self._flights: set[asyncio.Task[None]] = set()
        self._closing = False
        self.room_made = asyncio.Event()

    @property
    def room(self) -> int:
        return max(0, self._limits.queue - len(self._held))

    @property
    def holds(self) -> KeysView[str]:
        """Ids of all entries in our hands."""
        return self._held.keys()

    def has_in_line(self, line: str, ids: Iterable[str]) -> bool:
        """Whether all these open entries of the line are in our hands: then what is added goes right behind them."""
        return line in self._lines.lines and all(name in self._held for name in ids)

    def take(self, entries: Sequence[Entry], *, swept: bool = False) -> None:
        """Entries claimed for us, in order. `swept`: straight from the ledger, so they are their line's head."""
        for entry in entries:
            self._held[entry.id] = entry
            if swept:
                self._waiting.pop(entry.line, None)
            wait_until = self._waiting.get(entry.line)
            if wait_until is not None or self._closing:
                self._release([entry], wait_until or self._now(), "behind")
            else:
                self._lines.add(entry)
        IN_MEMORY.set(len(self._held))
        self._pump()

    def forget(self, conversation: str) -> None:
        """A person withdrew: what has not taken off stays on the ground (the ledger has it as suppressed)."""
        for name in (conversation, f"{conversation}~"):
            line = self._lines.lines.get(name)
            if line is not None:
                kept = 1 if line.flying else 0
                for entry in list(line.entries)[kept:]:
                    self._held.pop(entry.id, None)
                while len(line.entries) > kept:
                    line.entries.pop()

    def lose(self, ids: Iterable[str]) -> None:
        """Claimed by another process meanwhile, or withdrawn: not ours to send."""
        for name in ids:
            entry = self._held.pop(name, None)
            line = self._lines.lines.get(entry.line) if entry else None
            if entry is None or line is None or entry not in line.entries:
                continue
            if not (line.flying and line.entries[0] is entry):
                line.entries.remove(entry)

    def written(self, settlements: Sequence[Settlement]) -> None:
        """The ledger has them: out of our hands."""
        for one in settlements:
            self._held.pop(one.entry.id, None)
        IN_MEMORY.set(len(self._held))
        self.room_made.set()

    def _pump(self) -> None:
        """As many take-offs as there are hands, rates and gates."""
        while len(self._flights) < self._limits.in_flight and not self._closing:
            turn = self._lines.turn()
            if turn is None:
                break
            oa, rank = turn
            if self._may_fly(oa, rank):
                self._take_off(self._lines.depart(oa, rank))
        IN_FLIGHT.set(len(self._flights))

    def _may_fly(self, oa: Oa, rank: Rank) -> bool:
        now = self._now()
        until_ms, reason = self._gates.until(oa.oa_id, now)
        if until_ms:
            self._rest_or_ground(oa, rank, until_ms - now, reason)
            return False
        wait = self._rates.take(oa.oa_id, rank, time.monotonic())
        if wait == 0:
            return True
        RATE_LIMITED.labels("bucket").inc()
        self._rest_or_ground(oa, rank, int(wait * 1_000) + 1, "rate_limited")
        return False

    def _rest_or_ground(self, oa: Oa, rank: Rank, wait_ms: int, reason: str) -> None:
        """A short wait is spent here; for a longer one the OA's lines go back to the ledger, and room is made for others."""
        if wait_ms > _SHORT_MS:
            for line in self._lines.empty_out(oa):
                self._send_back(line, self._now() + wait_ms, reason)
            return
        self._lines.rest(oa, rank)
        asyncio.get_running_loop().call_later(wait_ms / 1_000, self._rested, oa.oa_id, rank)

    def _rested(self, oa_id: str, rank: Rank) -> None:
        self._lines.wake(oa_id, rank)
        self._pump()

    def _take_off(self, line: Line) -> None:
        task = asyncio.get_running_loop().create_task(self._fly(line))
        self._flights.add(task)
        task.add_done_callback(self._landed)

    def _landed(self, task: asyncio.Task[None]) -> None:
        self._flights.discard(task)
        self._pump()

    async def _fly(self, line: Line) -> None:
        if not line.entries:  # All of it was taken from us while it waited.
            self._lines.landed(line)
            self._lines.drop(line)
            return
        entry = line.entries[0]
        try:
            outcome = await self._outcome(entry)
        finally:
            self._lines.landed(line)
        if outcome is None or entry.id not in self._held:  # Not ours any more: whoever has it settles it.
            self._held.pop(entry.id, None)
            line.entries.popleft()
            self._next(line)
        else:
            self._resolve(line, entry, outcome)

    async def _outcome(self, entry: Entry) -> Outcome | None:
        if not await self._still_ours(entry):
            return None
        try:
            return await self._sender.send(entry)
        except Exception:  # One entry's fault, or ours: it must not stop the others.
            log.exception("send_broke")
            entry.attempts += 1
            if entry.attempts >= self._limits.max_attempts:
                return Ended(Status.FAILED, 0, "broken")
            return Again(self._now() + backoff_ms(entry.attempts, 0.5), doubt=True)

    async def _still_ours(self, entry: Entry) -> bool:
        """A claim must outlast the call: otherwise another process could send the same beside us."""
        now = self._now()
        if entry.due_ms - now > self._limits.send_ms + 1_000:
            return True
        try:
            lost = await self._ledger.renew([entry.id], now + self._limits.lease_ms)
        except Transient:
            return False  # Whoever sweeps next will find it, and ask Zalo first.
        entry.due_ms = now + self._limits.lease_ms
        return not lost

    def _resolve(self, line: Line, entry: Entry, outcome: Outcome) -> None:
        now = self._now()
        self._note_gate(entry, outcome, now)
        match outcome:
            case Sent(message_id=name):
                reference = self._sender.vault.reference(entry.oa_id, name) if name else ""
                self._finish(line, Finished(entry, Status.SENT, now, 0, "", reference))
            case Ended(status=status, code=code, why=why):
                self._finish(line, Finished(entry, status, now, code, why))
            case Again() as again:
                self._put_off(line, entry, again, now)
            case _:
                raise AssertionError("a send ends as sent, ended or to be tried again")

    def _finish(self, line: Line, done: Finished) -> None:
        entry, lane = done.entry, done.entry.rank.lane.value
        DELIVERY.labels(lane, done.status.value).observe((done.at_ms - entry.accepted_ms) / 1_000)
        ENDED.labels(lane, done.status.value, done.why or "none").inc()
        if done.status is Status.SENT and entry.arrived_ms:
            ANSWER.labels(lane).observe(max(0, done.at_ms - entry.arrived_ms) / 1_000)
        entry.part = None  # The words are not needed any more.
        self._settler.put(done)
        line.entries.popleft()
        self._next(line)

    def _next(self, line: Line) -> None:
        if line.entries:
            self._lines.ready(line)
        else:
            self._lines.drop(line)

    def _put_off(self, line: Line, entry: Entry, again: Again, now: int) -> None:
        entry.code = again.code or entry.code
        if again.doubt and not entry.doubt:
            DOUBTS.labels("arose").inc()
            entry.doubt, entry.doubted_ms = True, now
        until_ms = max(again.at_ms, self._gates.until(entry.oa_id, now)[0])
        if until_ms - now <= _SHORT_MS and not self._closing:
            asyncio.get_running_loop().call_later(max(0.0, (until_ms - now) / 1_000), self._awake, line)
        else:
            self._send_back(line, until_ms, again.holds or ("doubt" if again.doubt else "retry"))

    def _awake(self, line: Line) -> None:
        if self._lines.lines.get(line.name) is line:
            self._next(line)
            self._pump()

    def _send_back(self, line: Line, until_ms: int, why: str) -> None:
        """The whole line waits in the ledger: what follows may not overtake."""
        self._lines.drop(line)
        self._release(line.entries, until_ms, why)

    def _release(self, entries: Iterable[Entry], until_ms: int, why: str) -> None:
        for entry in entries:
            if entry.id in self._held:
                RELEASED.labels(why).inc()
                self._remember_waiting(entry.line, until_ms)
                self._settler.put(Released(entry, until_ms))

    def _remember_waiting(self, line: str, until_ms: int) -> None:
        if len(self._waiting) >= _WAITING_AT_MOST:
            self._waiting.pop(next(iter(self._waiting)))  # What follows asks the ledger first anyhow.
        self._waiting[line] = until_ms

    def _note_gate(self, entry: Entry, outcome: Outcome, now: int) -> None:
        if not isinstance(outcome, Again):
            self._gates.answered(entry.oa_id)
        elif outcome.holds == "unreached" or (outcome.doubt and outcome.counted):
            self._gates.strike(entry.oa_id, now)
        elif outcome.holds:
            self._gates.hold(entry.oa_id, outcome.at_ms, outcome.holds)
            if outcome.holds == "rate_limited":
                RATE_LIMITED.labels("zalo").inc()
                self._rates.exhausted(entry.oa_id, time.monotonic())

    async def renew(self) -> None:
        """Prolong the claims on what we hold. Raises Transient."""
        now = self._now()
        fading = [name for name, entry in self._held.items() if entry.due_ms - now < self._limits.lease_ms * 0.7]
        if fading:
            until_ms = now + self._limits.lease_ms
            lost = await self._ledger.renew(fading, until_ms)
            for name in fading:
                if name in self._held:
                    self._held[name].due_ms = until_ms
            self.lose(lost)

    async def close(self, seconds: float) -> None:
        """Let what flies land, send back what waits; bounded."""
        self._closing = True
        if self._flights:
            await asyncio.wait(set(self._flights), timeout=seconds)
        for line in list(self._lines.lines.values()):
            if line.flying:
                line.entries[0].doubt = True  # Zalo has not answered yet, and may still take it.
            self._send_back(line, self._now(), "stopping")
        try:
            await asyncio.wait_for(self._settler.drained(), seconds)
        except TimeoutError:
            log.warning("stopped_with_claims", entries=len(self._held))
