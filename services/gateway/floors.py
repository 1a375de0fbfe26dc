"""Who has the floor, as this replica knows it: the few conversations with a tip, in memory, shared through `gateway.floors`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from chassis.jobs import Job, periodic
from contracts.event import Event
from contracts.floor import REDELIVERY, Floor, Holder, TipFloor, answered_by, is_certain
from contracts.gateway import FloorMoved
from services.gateway.metrics import FLOORS, UNCERTAIN

_PRUNE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Routing:
    """`known` is what is to be published before the message: set where tips has the floor for certain."""

    holder: Holder
    known: TipFloor | None = None


TO_CHATBOT = Routing(Holder.CHATBOT)
_TO_WHOEVER = Routing(Holder.TIPS)


@dataclass(slots=True)
class Floors:
    """`is_current` says whether everything that other replicas published is known here; `tips_is_ready`, whether tips reads.

    `is_starting` is True for the first moments of a process, in which it had better answer nobody.
    """

    now: Callable[[], datetime]
    is_current: Callable[[], bool]
    tips_is_ready: Callable[[], bool]
    is_starting: Callable[[], bool] = lambda: False
    _known: dict[str, TipFloor] = field(default_factory=dict)

    def route(self, conversation: str, text: str, at: datetime) -> Routing:
        """Returns who answers a message. Errs to secrecy: what may be the tip's goes to tips, as long as somebody is there."""
        now, before = self.now(), self._known.get(conversation)
        after, holder = answered_by(before, text, at, now)
        if holder is Holder.TIPS and after is not None:
            self._known[conversation] = after
            return Routing(Holder.TIPS, after)
        if self.is_current() and is_certain(before, now):
            return TO_CHATBOT
        ready = self.tips_is_ready()
        UNCERTAIN.labels("tips" if ready else "chatbot").inc()
        return _TO_WHOEVER if ready else TO_CHATBOT

    def close(self, conversation: str, at: datetime) -> TipFloor | None:
        """The citizen withdrew. Returns what is to be published, if there was a tip."""
        before = self._known.get(conversation)
        if before is None:
            return None
        after = TipFloor(Floor(), before.since, max(before.until, at), self.now())
        self._known[conversation] = after
        return after

    def learn(self, moved: FloorMoved) -> None:
        """Another replica, or this one, has published it. The latest by event time holds."""
        if self.now() - moved.occurred_at > REDELIVERY:
            return
        before = self._known.get(moved.conversation)
        if before is not None and moved.occurred_at < before.until:
            return
        holder_before = before.floor.holder if before is not None else Holder.CHATBOT
        moved_at = before.moved_at if before is not None and holder_before is moved.holder else self.now()
        since = min(before.since, moved.since) if before is not None else moved.since
        last_at = moved.occurred_at if moved.holder is Holder.TIPS else None
        self._known[moved.conversation] = TipFloor(Floor(moved.holder, last_at), since, moved.occurred_at, moved_at)

    def job(self) -> Job[None]:
        return periodic("prune_floors", _PRUNE_SECONDS, self.prune)

    async def prune(self) -> None:
        """Forgets tips that are over for longer than Zalo delivers anything again."""
        oldest = self.now() - REDELIVERY
        self._known = {name: known for name, known in self._known.items() if known.until > oldest}
        FLOORS.set(len(self._known))


def moved_event(cause: Event, known: TipFloor) -> FloorMoved:
    """Returns the event that shares a floor with the other replicas."""
    return FloorMoved.derive(cause, at=known.until, holder=known.floor.holder, since=known.since)
