"""Resolves uncertain sends: Zalo's echo proves that one arrived, or the conversation itself shows it."""

from collections import OrderedDict
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, field

from contracts.message import MessagePart
from services.notify.delivery import Delivery
from services.notify.keys import Keys
from services.notify.store.echoes import EchoStore
from services.notify.store.ledger import Ledger
from services.notify.zalo import history
from services.notify.zalo.answer import Answer, Refused, Taken
from services.notify.zalo.client import OpenApi

_PAGE = 10  # The most that Zalo gives at once.
_MAX_PAGES = 100  # A thousand messages since ours, which nobody writes by hand.
_NOT_READ_TO_ITS_END = Refused(0)
_SKEW_MS = 60_000  # Milliseconds between Zalo's clock and ours.
_MAX_SNAPSHOTS = 1_000


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """A conversation as Zalo has it, read late enough to be final: it resolves all earlier uncertain sends of its queue."""

    taken_ms: int
    since_ms: int
    messages: Sequence[history.ChatMessage] = field(repr=False)  # Newest first.


class Reconciler:
    def __init__(
        self,
        ledger: Ledger,
        api: OpenApi,
        keys: Keys,
        echoes: EchoStore,
        *,
        unwritten: Callable[[], Container[str]],
        now_ms: Callable[[], int],
    ) -> None:
        """`unwritten`: references of messages that were sent, but are not in the ledger yet."""
        self._ledger, self._api, self._keys, self._echoes = ledger, api, keys, echoes
        self._unwritten, self._now = unwritten, now_ms
        self._snapshots: OrderedDict[str, _Snapshot] = OrderedDict()

    async def find_message(
        self, delivery: Delivery, part: MessagePart, user_id: str, token: str
    ) -> str | Answer | None:
        """Returns the message's reference if it is in the chat, None if it is not, an Answer if Zalo did not tell.

        Raises TransientError.
        """
        if part.text:  # An echo is recognised by its text alone.
            digest = self._keys.text_digest(delivery.conversation, part.text)
            echoed = await self._first_unbound(await self._echoes.find(delivery.conversation, digest))
            if echoed is not None:
                return echoed
        return await self._in_history(delivery, part, user_id, token)

    async def _in_history(self, delivery: Delivery, part: MessagePart, user_id: str, token: str) -> str | Answer | None:
        since = delivery.accepted_ms - _SKEW_MS
        snapshot = self._snapshots.get(delivery.queue_key)
        if snapshot is None or snapshot.taken_ms < delivery.uncertain_until_ms or snapshot.since_ms > since:
            taken_ms = self._now()
            answer = await self._read_history(user_id, token, since)
            if not isinstance(answer, list):
                return answer
            snapshot = self._cache_snapshot(delivery.queue_key, _Snapshot(taken_ms, since, answer))
        candidates = [
            self._keys.reference(delivery.oa_id, message.message_id)
            for message in reversed(snapshot.messages)
            if history.is_same_message(message, part, since)
        ]
        return await self._first_unbound(candidates)

    async def _read_history(self, user_id: str, token: str, since_ms: int) -> list[history.ChatMessage] | Answer:
        """Returns all messages back to `since_ms`, newest first: one that was not read to its end proves nothing."""
        messages: list[history.ChatMessage] = []
        for page in range(_MAX_PAGES):
            answer = await self._api.conversation(token, user_id, page * _PAGE, _PAGE)
            if not isinstance(answer, Taken):
                return answer
            messages += history.read(answer.data)
            if len(answer.data or ()) < _PAGE or (messages and messages[-1].at_ms < since_ms):
                return messages
        return _NOT_READ_TO_ITS_END

    def _cache_snapshot(self, queue_key: str, snapshot: "_Snapshot") -> "_Snapshot":
        self._snapshots[queue_key] = snapshot
        self._snapshots.move_to_end(queue_key)
        while len(self._snapshots) > _MAX_SNAPSHOTS:
            self._snapshots.popitem(last=False)
        return snapshot

    async def _first_unbound(self, references: Sequence[str]) -> str | None:
        """Returns the first that belongs to no other delivery: the same text may have been sent twice, rightly."""
        if not references:
            return None
        unwritten = self._unwritten()
        unbound = [reference for reference in references if reference not in unwritten]
        bound = await self._ledger.bound(unbound)
        return next((reference for reference in unbound if reference not in bound), None)
