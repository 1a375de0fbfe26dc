"""One watcher for all open pages: each change goes to the pages that show that conversation, and to no other."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.network import Change, Network

Key = tuple[str, str]  # (citizen, OA); either may be empty: "whichever".
Subscriber = Callable[[Change], None]
MOST_UNDELIVERED, MOST_NOTES, NOTES_EACH = 10_000, 1_000, 30

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Note:
    """Something that happened in a conversation and is no message: a call, details handed over."""

    at_ms: int
    text: str


class Subscriptions:
    """Watches only while a page is open: a bench without pages pays nothing."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self._subscribers: dict[Key, list[Subscriber]] = {}
        self._unsubscribe: Callable[[], None] | None = None
        self._undelivered: OrderedDict[str, int] = OrderedDict()  # message id -> status of its webhook's first attempt
        self._notes: OrderedDict[Key, list[Note]] = OrderedDict()

    def subscribe(self, citizen_id: str, oa_id: str, subscriber: Subscriber) -> Callable[[], None]:
        """Get changes, soon after they happened and in order, until the returned function is called."""
        key = (citizen_id, oa_id)
        self._subscribers.setdefault(key, []).append(subscriber)
        if self._unsubscribe is None:
            self._unsubscribe = self.network.subscribe(self._changed)

        def unsubscribe() -> None:
            subscribers = self._subscribers.get(key, [])
            if subscriber in subscribers:
                subscribers.remove(subscriber)
            if not subscribers:
                self._subscribers.pop(key, None)
            if not self._subscribers and self._unsubscribe is not None:
                self._unsubscribe()
                self._unsubscribe = None

        return unsubscribe

    def is_undelivered(self, message_id: str) -> bool:
        """Whether the OA's gateway is known not to have acknowledged this message."""
        return message_id in self._undelivered

    def mark_undelivered(self, citizen_id: str, oa_id: str, message_id: str, status: int) -> None:
        """Remember that a message was not acknowledged, and have its ticks drawn again everywhere."""
        self._undelivered[message_id] = status
        if len(self._undelivered) > MOST_UNDELIVERED:
            self._undelivered.popitem(last=False)
        message = self.network.contact(citizen_id, oa_id).message(message_id)
        if message is not None:
            self._changed(Change("ticks", oa_id, citizen_id, message))

    def note(self, citizen_id: str, oa_id: str, text: str) -> None:
        """Write something between the messages of a conversation."""
        notes = self._notes.setdefault((citizen_id, oa_id), [])
        notes.append(Note(self.network.clock.now_ms(), text))
        del notes[:-NOTES_EACH]
        if len(self._notes) > MOST_NOTES:
            self._notes.popitem(last=False)
        self._changed(Change("call", oa_id, citizen_id))

    def notes(self, citizen_id: str, oa_id: str) -> list[Note]:
        return list(self._notes.get((citizen_id, oa_id), ()))

    def _changed(self, change: Change) -> None:
        """Soon, not now: the network is in the middle of the change, and a page must not hold it up."""
        concerned = {(change.citizen_id, change.oa_id), (change.citizen_id, ""), ("", change.oa_id), ("", "")}
        for key in concerned & self._subscribers.keys():
            asyncio.get_running_loop().call_soon(self._pass_on, key, change)

    def _pass_on(self, key: Key, change: Change) -> None:
        for subscriber in tuple(self._subscribers.get(key, ())):
            try:
                subscriber(change)
            except Exception as fault:  # noqa: BLE001  One page's fault is no reason to leave the others in the dark.
                log.error("a page failed to show a change: %s", type(fault).__name__)  # noqa: TRY400  Its text may be a citizen's.
