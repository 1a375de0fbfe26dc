"""Who goes next: lanes before each other, OAs in turn, a conversation's messages strictly one after another.

Pure but for the rates and gates it asks; it never waits. A line is what is sent in order: one conversation, or its bulk messages.
"""

from collections import deque
from dataclasses import dataclass, field

from services.notify.entry import Entry, Rank

_RANKS = tuple(Rank)


@dataclass(slots=True)
class Line:
    name: str
    oa_id: str
    entries: deque[Entry] = field(default_factory=deque)
    flying: bool = False  # Its head is on its way to Zalo.

    @property
    def rank(self) -> Rank:
        """The most urgent of what waits: a tip's receipt pulls the answer before it along."""
        return min((entry.rank for entry in self.entries), default=Rank.BULK)


@dataclass(slots=True)
class Oa:
    oa_id: str
    ready: tuple[deque[Line], ...] = field(default_factory=lambda: tuple(deque() for _ in _RANKS))
    in_turn: list[bool] = field(default_factory=lambda: [False for _ in _RANKS])
    resting: list[bool] = field(default_factory=lambda: [False for _ in _RANKS])  # Until its rate allows.
    flying: int = 0


@dataclass(slots=True)
class Lines:
    oa_cap: int
    lines: dict[str, Line] = field(default_factory=dict)
    _oas: dict[str, Oa] = field(default_factory=dict)
    _turns: tuple[deque[Oa], ...] = field(default_factory=lambda: tuple(deque() for _ in _RANKS))

    def add(self, entry: Entry) -> None:
        line = self.lines.get(entry.line)
        if line is not None:  # Queued, asleep or in flight: its time comes.
            line.entries.append(entry)
            return
        line = self.lines[entry.line] = Line(entry.line, entry.oa_id, deque((entry,)))
        self.ready(line)

    def ready(self, line: Line) -> None:
        """May fly as soon as it is its turn."""
        oa = self._oas.get(line.oa_id)
        if oa is None:
            oa = self._oas[line.oa_id] = Oa(line.oa_id)
        rank = line.rank
        oa.ready[rank].append(line)
        self._enter(oa, rank)

    def drop(self, line: Line) -> None:
        """Nothing is left of it, or it goes back to the ledger."""
        self.lines.pop(line.name, None)

    def turn(self) -> tuple[Oa, Rank] | None:
        """The OA whose turn it is, and in which lane; it leaves the turn until `again`."""
        for rank in _RANKS:
            turns = self._turns[rank]
            while turns:
                oa = turns.popleft()
                oa.in_turn[rank] = False
                if oa.ready[rank] and not oa.resting[rank] and oa.flying < self.oa_cap:
                    return oa, rank
        return None

    def depart(self, oa: Oa, rank: Rank) -> Line:
        """Its next line takes off."""
        line = oa.ready[rank].popleft()
        line.flying = True
        oa.flying += 1
        self._enter(oa, rank)
        return line

    def landed(self, line: Line) -> None:
        line.flying = False
        oa = self._oas[line.oa_id]
        oa.flying -= 1
        for rank in _RANKS:
            self._enter(oa, rank)
        if not oa.flying and not any(oa.ready) and not any(oa.resting):
            del self._oas[line.oa_id]

    def rest(self, oa: Oa, rank: Rank) -> None:
        oa.resting[rank] = True

    def wake(self, oa_id: str, rank: Rank) -> None:
        oa = self._oas.get(oa_id)
        if oa is not None:
            oa.resting[rank] = False
            self._enter(oa, rank)

    def empty_out(self, oa: Oa) -> list[Line]:
        """All of an OA's lines that wait here: they go back to the ledger."""
        waiting = [line for queue in oa.ready for line in queue]
        for queue in oa.ready:
            queue.clear()
        return waiting

    def _enter(self, oa: Oa, rank: Rank) -> None:
        if oa.ready[rank] and not oa.in_turn[rank] and not oa.resting[rank] and oa.flying < self.oa_cap:
            oa.in_turn[rank] = True
            self._turns[rank].append(oa)
