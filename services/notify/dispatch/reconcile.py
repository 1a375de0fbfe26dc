"""Resolves uncertain sends: Zalo's echo proves that one arrived, or the conversation itself shows it."""

import time
from collections import OrderedDict, deque
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, field

from chassis.crypto import DecryptionError, Place, UnknownKeyError
from contracts.gateway import MessageEchoed
from contracts.message import MessagePart
from contracts.text import compose
from services.notify.delivery import Delivery
from services.notify.keys import Keys
from services.notify.store.ledger import Ledger
from services.notify.zalo import history
from services.notify.zalo.answer import Answer, Taken
from services.notify.zalo.client import OpenApi

_PAGES, _PAGE = 5, 10
_SKEW_MS = 60_000  # Milliseconds between Zalo's clock and ours.
_MAX_SNAPSHOTS = 1_000
_ECHO_SECONDS, _MAX_CONVERSATIONS, _MAX_ECHOES = 600.0, 20_000, 20


@dataclass(slots=True)
class Echoes:
    """The last ten minutes' echoes, still sealed: opened only to resolve an uncertain send."""

    _echoes: OrderedDict[str, deque[tuple[float, MessageEchoed]]] = field(default_factory=OrderedDict)

    def add(self, event: MessageEchoed) -> None:
        echoes = self._echoes.setdefault(event.conversation, deque(maxlen=_MAX_ECHOES))
        echoes.append((time.monotonic(), event))
        self._echoes.move_to_end(event.conversation)
        while len(self._echoes) > _MAX_CONVERSATIONS:
            self._echoes.popitem(last=False)

    def of(self, conversation: str) -> list[MessageEchoed]:
        """Oldest first."""
        since = time.monotonic() - _ECHO_SECONDS
        return [event for at, event in self._echoes.get(conversation, ()) if at > since]

    def erase(self, conversation: str) -> None:
        self._echoes.pop(conversation, None)


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
        echoes: Echoes,
        *,
        unwritten: Callable[[], Container[str]],
        uncertain_ms: int,
        now_ms: Callable[[], int],
    ) -> None:
        """`unwritten`: references of messages that were sent, but are not in the ledger yet."""
        self._ledger, self._api, self._keys, self._echoes = ledger, api, keys, echoes
        self._unwritten, self._uncertain_ms, self._now = unwritten, uncertain_ms, now_ms
        self._snapshots: OrderedDict[str, _Snapshot] = OrderedDict()

    async def find_message(
        self, delivery: Delivery, part: MessagePart, user_id: str, token: str
    ) -> str | Answer | None:
        """Returns the message's id if it is in the chat, None if not, an Answer if Zalo refused. Raises TransientError."""
        message_id = await self._first_unbound(delivery, self._echoed(delivery, part))
        if message_id is not None:
            return message_id
        return await self._in_history(delivery, part, user_id, token)

    async def _in_history(self, delivery: Delivery, part: MessagePart, user_id: str, token: str) -> str | Answer | None:
        since = delivery.accepted_ms - _SKEW_MS
        snapshot = self._snapshots.get(delivery.queue_key)
        if (
            snapshot is None
            or snapshot.taken_ms < delivery.uncertain_since_ms + self._uncertain_ms
            or snapshot.since_ms > since
        ):
            taken_ms = self._now()
            answer = await self._read_history(user_id, token, since)
            if not isinstance(answer, list):
                return answer
            snapshot = self._cache_snapshot(delivery.queue_key, _Snapshot(taken_ms, since, answer))
        candidates = [
            message.message_id
            for message in reversed(snapshot.messages)
            if history.is_same_message(message, part, since)
        ]
        return await self._first_unbound(delivery, candidates)

    async def _read_history(self, user_id: str, token: str, since_ms: int) -> list[history.ChatMessage] | Answer:
        messages: list[history.ChatMessage] = []
        for page in range(_PAGES):
            answer = await self._api.conversation(token, user_id, page * _PAGE, _PAGE)
            if not isinstance(answer, Taken):
                return answer
            page_messages = history.read(answer.data)
            messages += page_messages
            if len(page_messages) < _PAGE or min(message.at_ms for message in page_messages) < since_ms:
                break
        return messages

    def _cache_snapshot(self, queue_key: str, snapshot: "_Snapshot") -> "_Snapshot":
        self._snapshots[queue_key] = snapshot
        self._snapshots.move_to_end(queue_key)
        while len(self._snapshots) > _MAX_SNAPSHOTS:
            self._snapshots.popitem(last=False)
        return snapshot

    def _echoed(self, delivery: Delivery, part: MessagePart) -> list[str]:
        if not part.text:
            return []  # An echo is recognised by its text alone.
        message_ids: list[str] = []
        for event in self._echoes.of(delivery.conversation):
            try:
                receipt = self._keys.open_receipt(event.body, Place.body_of(event))
            except (DecryptionError, UnknownKeyError, ValueError):
                continue
            if compose(receipt.text).strip() == compose(part.text).strip():
                message_ids += receipt.msg_ids
        return message_ids

    async def _first_unbound(self, delivery: Delivery, message_ids: Sequence[str]) -> str | None:
        """Returns the oldest that belongs to no other delivery: the same text may have been sent twice, rightly."""
        references = {self._keys.reference(delivery.oa_id, message_id): message_id for message_id in message_ids}
        if not references:
            return None
        unwritten = self._unwritten()
        unbound = [reference for reference in references if reference not in unwritten]
        bound = await self._ledger.bound(unbound)
        return next((references[reference] for reference in unbound if reference not in bound), None)
