"""A send whose end nobody knows: did it arrive? Zalo's echo tells, or the conversation itself does."""

import time
from collections import OrderedDict, deque
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, field

from chassis.sealing import NotOurs
from contracts.message import Part
from services.notify.entry import Entry
from services.notify.store.ledger import Ledger
from services.notify.vault import Vault
from services.notify.zalo import history
from services.notify.zalo.answer import Answer, Taken
from services.notify.zalo.client import OpenApi
from services.notify.zalo.shape import normal

_PAGES, _PAGE = 5, 10
_SKEW_MS = 60_000  # Zalo's clock and ours.
_LOOKS_KEPT = 1_000
_ECHO_SECONDS, _ECHOED_CONVERSATIONS, _ECHOES_EACH = 600.0, 20_000, 20


@dataclass(slots=True)
class Echoes:
    """The last ten minutes' echoes, still sealed: opened only where a doubt is to be settled."""

    _heard: OrderedDict[str, deque[tuple[float, str]]] = field(default_factory=OrderedDict)

    def hear(self, conversation: str, body: str) -> None:
        heard = self._heard.setdefault(conversation, deque(maxlen=_ECHOES_EACH))
        heard.append((time.monotonic(), body))
        self._heard.move_to_end(conversation)
        while len(self._heard) > _ECHOED_CONVERSATIONS:
            self._heard.popitem(last=False)

    def of(self, conversation: str) -> list[str]:
        """Sealed bodies, oldest first."""
        since = time.monotonic() - _ECHO_SECONDS
        return [body for at, body in self._heard.get(conversation, ()) if at > since]

    def forget(self, conversation: str) -> None:
        self._heard.pop(conversation, None)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A look at a conversation, late enough to be final: all doubts of a line that arose before are settled by it."""

    taken_ms: int
    since_ms: int
    lines: Sequence[history.Line] = field(repr=False)  # Newest first.


class Doubts:
    def __init__(
        self,
        ledger: Ledger,
        api: OpenApi,
        vault: Vault,
        echoes: Echoes,
        *,
        unwritten: Callable[[], Container[str]],
        doubt_ms: int,
        now_ms: Callable[[], int],
    ) -> None:
        """`unwritten`: references of messages that were sent, but are not in the ledger yet."""
        self._ledger, self._api, self._vault, self._echoes = ledger, api, vault, echoes
        self._unwritten, self._doubt_ms, self._now = unwritten, doubt_ms, now_ms
        self._seen: OrderedDict[str, _Seen] = OrderedDict()

    async def arrived(self, entry: Entry, part: Part, user_id: str, token: str) -> str | Answer | None:
        """The message's id if it is in the chat; None if it is not; Zalo's Answer when it would not say. Raises Transient."""
        found = await self._first_free(entry, self._echoed(entry, part))
        if found is not None:
            return found
        return await self._in_history(entry, part, user_id, token)

    async def _in_history(self, entry: Entry, part: Part, user_id: str, token: str) -> str | Answer | None:
        since = entry.accepted_ms - _SKEW_MS
        seen = self._seen.get(entry.line)
        if seen is None or seen.taken_ms < entry.doubted_ms + self._doubt_ms or seen.since_ms > since:
            taken_ms = self._now()
            answer = await self._ask(user_id, token, since)
            if not isinstance(answer, list):
                return answer
            seen = self._keep(entry.line, _Seen(taken_ms, since, answer))
        candidates = [line.message_id for line in reversed(seen.lines) if history.is_it(line, part, since)]
        return await self._first_free(entry, candidates)

    async def _ask(self, user_id: str, token: str, since_ms: int) -> list[history.Line] | Answer:
        found: list[history.Line] = []
        for page in range(_PAGES):
            answer = await self._api.conversation(token, user_id, page * _PAGE, _PAGE)
            if not isinstance(answer, Taken):
                return answer
            lines = history.read(answer.data)
            found += lines
            if len(lines) < _PAGE or min(line.at_ms for line in lines) < since_ms:
                break
        return found

    def _keep(self, line: str, seen: "_Seen") -> "_Seen":
        self._seen[line] = seen
        self._seen.move_to_end(line)
        while len(self._seen) > _LOOKS_KEPT:
            self._seen.popitem(last=False)
        return seen

    def _echoed(self, entry: Entry, part: Part) -> list[str]:
        if not part.text:
            return []  # An echo is recognised by its words alone.
        found: list[str] = []
        for body in self._echoes.of(entry.conversation):
            try:
                receipt = self._vault.receipt(body, entry.oa_id)
            except (NotOurs, ValueError):
                continue
            if normal(receipt.text).strip() == normal(part.text).strip():
                found += receipt.msg_ids
        return found

    async def _first_free(self, entry: Entry, message_ids: Sequence[str]) -> str | None:
        """The oldest that no other entry is known by: the same words may have been sent twice, rightly."""
        references = {self._vault.reference(entry.oa_id, name): name for name in message_ids}
        if not references:
            return None
        unwritten = self._unwritten()
        free = [reference for reference in references if reference not in unwritten]
        bound = await self._ledger.bound(free)
        return next((references[reference] for reference in free if reference not in bound), None)
