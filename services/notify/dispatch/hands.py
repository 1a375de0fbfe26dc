"""What this process holds: the entries it has claimed, and the claims themselves. Nothing is sent here."""

import asyncio
from collections.abc import Callable, Iterable, KeysView, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from chassis.blame import Transient
from services.notify.dispatch.settler import Settler
from services.notify.entry import Entry
from services.notify.metrics import IN_MEMORY, RELEASED
from services.notify.store.ledger import Ledger, Released, Settlement

_WAITING_AT_MOST = 100_000
_FADING = 0.7  # Of a lease: below it, a claim is renewed.
_MARGIN_MS = 1_000


@dataclass(slots=True)
class Hands:
    """`limit` entries at most; a claim lasts `lease_ms` and must outlast a call of `send_ms`."""

    ledger: Ledger
    settler: Settler
    limit: int
    lease_ms: int
    send_ms: int
    now_ms: Callable[[], int]
    backlog: bool = False  # More is due in the ledger than we can hold: what is new queues up behind it.
    held: dict[str, Entry] = field(default_factory=dict)  # Until the ledger has how it ended.
    _room_made: asyncio.Event = field(default_factory=asyncio.Event)
    _waiting: dict[str, int] = field(default_factory=dict)  # Lines sent back: what comes after must wait there, too.

    @property
    def room(self) -> int:
        return max(0, self.limit - len(self.held))

    @property
    def ids(self) -> KeysView[str]:
        return self.held.keys()

    def hold(self, entry: Entry, *, swept: bool) -> int | None:
        """None when it may go now; otherwise the time until which its line waits in the ledger."""
        self.held[entry.id] = entry
        IN_MEMORY.set(len(self.held))
        if swept:  # Straight from the ledger, as the head of its line.
            self._waiting.pop(entry.line, None)
            entry.doubted_ms = self.now_ms() if entry.doubt else 0
        return self._waiting.get(entry.line)

    def drop(self, name: str) -> Entry | None:
        """It is somebody else's now, or nobody's."""
        return self.held.pop(name, None)

    def written(self, settlements: Sequence[Settlement]) -> None:
        """The ledger has them: out of our hands."""
        for one in settlements:
            self.held.pop(one.entry.id, None)
        IN_MEMORY.set(len(self.held))
        self._room_made.set()

    async def room_for(self, count: int, seconds: float) -> None:
        """Return once so many more may be taken; bounded."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self.room < count:
                    self._room_made.clear()
                    await self._room_made.wait()

    def release(self, entries: Iterable[Entry], until_ms: int, why: str) -> None:
        """Back to wait in the ledger, and whatever follows in their line behind them."""
        for entry in entries:
            if entry.id in self.held:
                RELEASED.labels(why).inc()
                if len(self._waiting) >= _WAITING_AT_MOST:
                    self._waiting.pop(next(iter(self._waiting)))  # What follows asks the ledger first anyhow.
                self._waiting[entry.line] = until_ms
                self.settler.put(Released(entry, until_ms))

    async def may_send(self, entry: Entry) -> bool:
        """A claim must outlast the call: otherwise another process could send the same beside us."""
        if entry.id not in self.held:
            return False
        now = self.now_ms()
        if entry.due_ms - now > self.send_ms + _MARGIN_MS:
            return True
        try:
            lost = await self.ledger.renew([entry.id], now + self.lease_ms)
        except Transient:
            return False  # Whoever sweeps next will find it, and ask Zalo first.
        entry.due_ms = now + self.lease_ms
        return not lost

    async def renew(self) -> set[str]:
        """Prolong the claims that fade; gives what is not ours any more. Raises Transient."""
        now = self.now_ms()
        fading = [name for name, entry in self.held.items() if entry.due_ms - now < self.lease_ms * _FADING]
        if not fading:
            return set()
        until_ms = now + self.lease_ms
        lost = await self.ledger.renew(fading, until_ms)
        for name in fading:
            if name in self.held:
                self.held[name].due_ms = until_ms
        return lost
