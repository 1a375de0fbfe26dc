"""One watcher for all open pages: each change of the world goes to those who show that conversation, and to nobody else."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.world import Change, World

Key = tuple[str, str]  # (citizen, OA); either may be empty: "whichever".
Hear = Callable[[Change], None]
MOST_UNHEARD, MOST_NOTES, NOTES_EACH = 10_000, 1_000, 30

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Note:
    """Something that happened in a conversation and is no message: a call, details handed over."""

    at_ms: int
    text: str


class Hub:
    """Watches only while somebody listens: a bench without pages pays nothing."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._ears: dict[Key, list[Hear]] = {}
        self._unwatch: Callable[[], None] | None = None
        self._unheard: OrderedDict[str, int] = OrderedDict()  # message id -> status of its webhook's first attempt
        self._notes: OrderedDict[Key, list[Note]] = OrderedDict()

    def listen(self, citizen_id: str, oa_id: str, hear: Hear) -> Callable[[], None]:
        """Be told of changes, soon after they happened and in order, until the returned function is called."""
        key = (citizen_id, oa_id)
        self._ears.setdefault(key, []).append(hear)
        if self._unwatch is None:
            self._unwatch = self.world.watch(self._changed)

        def leave() -> None:
            ears = self._ears.get(key, [])
            if hear in ears:
                ears.remove(hear)
            if not ears:
                self._ears.pop(key, None)
            if not self._ears and self._unwatch is not None:
                self._unwatch()
                self._unwatch = None

        return leave

    def unheard(self, message_id: str) -> bool:
        """Whether the OA's gateway is known not to have acknowledged this message."""
        return message_id in self._unheard

    def missed(self, citizen_id: str, oa_id: str, message_id: str, status: int) -> None:
        """Remember that a message was not acknowledged, and have its ticks drawn again everywhere."""
        self._unheard[message_id] = status
        if len(self._unheard) > MOST_UNHEARD:
            self._unheard.popitem(last=False)
        message = self.world.contact(citizen_id, oa_id).message(message_id)
        if message is not None:
            self._changed(Change("ticks", oa_id, citizen_id, message))

    def note(self, citizen_id: str, oa_id: str, text: str) -> None:
        """Write something between the messages of a conversation."""
        notes = self._notes.setdefault((citizen_id, oa_id), [])
        notes.append(Note(self.world.clock.now_ms(), text))
        del notes[:-NOTES_EACH]
        if len(self._notes) > MOST_NOTES:
            self._notes.popitem(last=False)
        self._changed(Change("call", oa_id, citizen_id))

    def notes(self, citizen_id: str, oa_id: str) -> list[Note]:
        return list(self._notes.get((citizen_id, oa_id), ()))

    def _changed(self, change: Change) -> None:
        """Soon, not now: the world is in the middle of the change, and a page must not hold it up."""
        concerned = {(change.citizen_id, change.oa_id), (change.citizen_id, ""), ("", change.oa_id), ("", "")}
        for key in concerned & self._ears.keys():
            asyncio.get_running_loop().call_soon(self._pass_on, key, change)

    def _pass_on(self, key: Key, change: Change) -> None:
        for hear in tuple(self._ears.get(key, ())):
            try:
                hear(change)
            except Exception as fault:  # noqa: BLE001  One page's fault is no reason to leave the others in the dark.
                log.error("a page failed to show a change: %s", type(fault).__name__)  # noqa: TRY400  Its words may be a citizen's.
