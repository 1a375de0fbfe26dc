"""Words for citizens, accepted into the ledger: one journaled write for the batch, and off they go."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from services.notify.dispatch.dispatcher import Dispatcher
from services.notify.entry import Entry, Rank
from services.notify.metrics import ACCEPTED, REPEATED
from services.notify.plan import Reply, deadline_ms, entries, split
from services.notify.store.ledger import Ledger
from services.notify.store.windows import Windows
from services.notify.vault import Vault

_ROOM_SECONDS = 1.0  # How long one batch waits for room in memory before the ledger alone takes it.
_MS_BITS, _NTH_BITS = 20, 6  # Of an entry's order: the batch's time, the fact's place in it (14 bits), the message's.


@dataclass(slots=True)
class Acceptor:
    ledger: Ledger
    windows: Windows
    dispatcher: Dispatcher
    vault: Vault
    owner: str
    lease_ms: int
    reply_hours: float
    bulk_hours: float
    now_ms: Callable[[], int]
    _last_ms: int = field(default=0)

    async def accept(self, heard: Sequence[tuple[Reply, int, str]]) -> None:
        """(fact, when its first cause arrived, its trace) each. Idempotent. Raises Transient; NotOurs for what does not open."""
        planned = self._plan(heard)
        await self._look_up_windows(planned)
        waiting = await self.ledger.open_in({entry.line for entry in planned})
        hands = self.dispatcher.hands
        if not hands.backlog:
            await hands.room_for(min(len(planned), hands.limit), _ROOM_SECONDS)
        now, room = self.now_ms(), hands.room
        claimed = [
            self._claim(entry, waiting, now, room > nth and (not hands.backlog or entry.rank is Rank.URGENT))
            for nth, entry in enumerate(planned)
        ]
        known = await self.ledger.accept(claimed)
        for entry in claimed:
            (REPEATED if entry.id in known else ACCEPTED.labels(entry.rank.lane.value)).inc()
        mine = [entry for entry in claimed if entry.owner and entry.id not in known]
        if known:
            mine += await self._never_handed_over(known)
        self.dispatcher.take(mine)

    def _plan(self, heard: Sequence[tuple[Reply, int, str]]) -> list[Entry]:
        now = self._last_ms = max(self.now_ms(), self._last_ms + 1)  # Order never runs backwards with the clock.
        planned: list[Entry] = []
        for nth, (reply, arrived, trace) in enumerate(heard):
            messages = split(self.vault.speech(reply.body, reply.oa_id))
            order = (now << _MS_BITS) | (nth << _NTH_BITS)
            deadline = deadline_ms(reply, now, self.reply_hours, self.bulk_hours)
            planned += entries(
                reply, messages, order=order, accepted_ms=now, deadline=deadline, arrived_ms=arrived, trace=trace
            )
        return planned

    async def _look_up_windows(self, planned: Sequence[Entry]) -> None:
        """Bulk messages answer nobody: when their citizen last spoke has to be looked up."""
        bulk = {entry.conversation for entry in planned if entry.rank is Rank.BULK}
        if bulk:
            last = await self.windows.last(bulk)
            for entry in planned:
                if entry.rank is Rank.BULK:
                    entry.spoken_ms = last.get(entry.conversation, 0)

    def _claim(self, entry: Entry, waiting: dict[str, list[str]], now_ms: int, room: bool) -> Entry:
        """Ours to send at once, unless something of its line still waits in the ledger, or we have our hands full."""
        before = waiting.get(entry.line, ())
        first = not before or self.dispatcher.has_in_line(entry.line, before)
        return entry.claimed(self.owner, now_ms + self.lease_ms) if first and room else entry

    async def _never_handed_over(self, known: set[str]) -> list[Entry]:
        """Inserted by an earlier try of this very call whose acknowledgement was lost: claimed by us, in nobody's hands."""
        lost = known - set(self.dispatcher.hands.ids)
        return await self.ledger.ours(lost) if lost else []
