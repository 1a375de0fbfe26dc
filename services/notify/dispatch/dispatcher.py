"""From our hands to Zalo: many conversations at once, each strictly in order; what cannot go now goes back to the ledger."""

import asyncio
from collections.abc import Callable, Iterable, Sequence

import structlog

from services.notify.decide import Again, Ended, Outcome, Sent, backoff_ms
from services.notify.dispatch.clearance import Clearance
from services.notify.dispatch.hands import Hands
from services.notify.dispatch.lines import Line, Lines, Oa
from services.notify.dispatch.sender import Sender
from services.notify.dispatch.settler import Settler
from services.notify.entry import Entry, Rank, Status
from services.notify.metrics import DOUBTS, IN_FLIGHT, note_end
from services.notify.store.ledger import Finished

log = structlog.get_logger()

_SHORT_MS = 5_000  # A wait up to this is spent in memory; a longer one in the ledger.


class Dispatcher:
    def __init__(
        self,
        sender: Sender,
        hands: Hands,
        settler: Settler,
        *,
        clearance: Clearance,
        in_flight: int,
        in_flight_oa: int,
        now_ms: Callable[[], int],
    ) -> None:
        self._sender, self.hands, self._settler, self._now = sender, hands, settler, now_ms
        self._clearance, self._in_flight = clearance, in_flight
        self._lines = Lines(in_flight_oa)
        self._flights: set[asyncio.Task[None]] = set()
        self._closing = False

    def has_in_line(self, line: str, ids: Iterable[str]) -> bool:
        """Whether all these open entries of the line are in our hands: then what is added goes right behind them."""
        return line in self._lines.lines and all(name in self.hands.held for name in ids)

    def take(self, entries: Sequence[Entry], *, swept: bool = False) -> None:
        """Entries claimed for us, in order. `swept`: straight from the ledger, so they are their line's head."""
        for entry in entries:
            wait_until = self.hands.hold(entry, swept=swept)
            if wait_until is not None or self._closing:
                self.hands.release([entry], wait_until or self._now(), "behind")
            else:
                self._lines.add(entry)
        self._pump()

    def forget(self, conversation: str) -> None:
        """A person withdrew: what has not taken off stays on the ground (the ledger has it as suppressed)."""
        for name in (conversation, f"{conversation}~"):
            line = self._lines.lines.get(name)
            if line is not None:
                self._lose([entry.id for entry in line.entries])

    async def renew(self) -> None:
        """Prolong our claims. Raises Transient."""
        self._lose(await self.hands.renew())

    def _lose(self, ids: Iterable[str]) -> None:
        """Not ours to send any more. What flies is out of reach, and whoever has it settles it."""
        for name in ids:
            entry = self.hands.drop(name)
            line = self._lines.lines.get(entry.line) if entry else None
            if entry is None or line is None or entry not in line.entries:
                continue
            if not (line.flying and line.entries[0] is entry):
                line.entries.remove(entry)

    def _pump(self) -> None:
        """As many take-offs as there are hands, rates and gates."""
        while len(self._flights) < self._in_flight and not self._closing:
            turn = self._lines.turn()
            if turn is None:
                break
            oa, rank = turn
            if self._may_fly(oa, rank):
                task = asyncio.get_running_loop().create_task(self._fly(self._lines.depart(oa, rank)))
                self._flights.add(task)
                task.add_done_callback(self._landed)
        IN_FLIGHT.set(len(self._flights))

    def _landed(self, task: asyncio.Task[None]) -> None:
        self._flights.discard(task)
        self._pump()

    def _may_fly(self, oa: Oa, rank: Rank) -> bool:
        """A short wait is spent here; for a longer one the OA's lines go back to the ledger, and room is made for others."""
        wait_ms, reason = self._clearance.wait_ms(oa.oa_id, rank)
        if wait_ms > _SHORT_MS:
            for line in self._lines.empty_out(oa):
                self._send_back(line, self._now() + wait_ms, reason)
        elif wait_ms:
            self._lines.rest(oa, rank)
            asyncio.get_running_loop().call_later(wait_ms / 1_000, self._rested, oa.oa_id, rank)
        return not wait_ms

    def _rested(self, oa_id: str, rank: Rank) -> None:
        self._lines.wake(oa_id, rank)
        self._pump()

    async def _fly(self, line: Line) -> None:
        entry = line.entries[0] if line.entries else None  # None: all of it was taken from us while it waited.
        try:
            outcome = await self._outcome(entry) if entry else None
        finally:
            self._lines.landed(line)
        if entry is None:
            self._next(line)
        elif outcome is None or entry.id not in self.hands.held:
            self.hands.drop(entry.id)
            line.entries.popleft()
            self._next(line)
        else:
            self._resolve(line, entry, outcome)

    async def _outcome(self, entry: Entry) -> Outcome | None:
        """None when it is not ours any more."""
        try:
            return await self._sender.send(entry) if await self.hands.may_send(entry) else None
        except Exception:  # One entry's fault, or ours: it must not stop the others.
            log.exception("send_broke")
            entry.attempts += 1
            if self._sender.worn_out(entry):
                return Ended(Status.FAILED, 0, "broken")
            return Again(self._now() + backoff_ms(entry.attempts, 0.5), doubt=True)

    def _resolve(self, line: Line, entry: Entry, outcome: Outcome) -> None:
        now = self._now()
        self._clearance.note(entry.oa_id, outcome)
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
        note_end(done.entry, done.status, done.why, done.at_ms)
        done.entry.part = None  # The words are not needed any more.
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
        if again.doubt and (again.counted or not entry.doubt):
            DOUBTS.labels("arose").inc()
            entry.doubt, entry.doubted_ms = True, now
        until_ms = max(again.at_ms, self._clearance.not_before_ms(entry.oa_id))
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
        self.hands.release(line.entries, until_ms, why)

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
            log.warning("stopped_with_claims", entries=len(self.hands.held))
