"""What notify does with a batch of facts: accept words for citizens, note receipts and interactions, forget who withdraws."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from chassis.headers import arrived_ms
from chassis.types import Heard
from contracts.chatbot import ReplyChosen
from contracts.event import Event
from contracts.gateway import (
    CitizenActed,
    CitizenFollowed,
    CitizenWithdrew,
    MessageDelivered,
    MessageEchoed,
    MessageReceived,
    MessageSeen,
)
from contracts.tips import TipReplyChosen
from services.notify.accept import Acceptor
from services.notify.dispatch.doubts import Echoes
from services.notify.forget import Forgetter
from services.notify.hear_receipts import ReceiptBook
from services.notify.plan import Reply
from services.notify.store.windows import Windows
from services.notify.window import OPENING_ACTS

WANTS = frozenset(
    model.model_fields["type"].default
    for model in (ReplyChosen, TipReplyChosen, MessageReceived, CitizenFollowed, CitizenActed, CitizenWithdrew,
                  MessageDelivered, MessageSeen, MessageEchoed)
)  # fmt: skip


@dataclass(slots=True)
class _Sorted:
    replies: list[tuple[Reply, int, str]] = field(default_factory=list)  # (fact, arrived_ms, traceparent).
    receipts: list[MessageDelivered | MessageSeen] = field(default_factory=list)
    spoke: dict[str, int] = field(default_factory=dict)
    withdrew: list[CitizenWithdrew] = field(default_factory=list)


@dataclass(slots=True)
class Listener:
    acceptor: Acceptor
    receipts: ReceiptBook
    windows: Windows
    forgetter: Forgetter
    echoes: Echoes
    now_ms: Callable[[], int]

    async def handle(self, batch: Sequence[Heard]) -> Sequence[Event]:
        """The loop's handle. Replies first: a citizen waits for them. Raises Transient; anything else is a record's fault."""
        heard = _sort(batch, self.echoes)
        said: list[Event] = []
        work: list[Awaitable[object]] = []
        if heard.replies:
            work.append(self.acceptor.accept(heard.replies))
        if heard.receipts:
            work.append(self._note(heard.receipts, said))
        if heard.spoke:
            work.append(self.windows.spoke(heard.spoke))
        await together(work)
        said += [await self.forgetter.forget(event) for event in heard.withdrew]
        return said

    async def _note(self, heard: Sequence[MessageDelivered | MessageSeen], said: list[Event]) -> None:
        said += await self.receipts.note(heard, self.now_ms())


async def together(work: Sequence[Awaitable[object]]) -> None:
    """All of it at once; waits for all, and raises the first fault."""
    if len(work) == 1:
        await work[0]
        return
    for result in await asyncio.gather(*work, return_exceptions=True):
        if isinstance(result, BaseException):
            raise result


def _sort(batch: Sequence[Heard], echoes: Echoes) -> _Sorted:
    heard = _Sorted()
    for one in batch:
        event, headers = one.event, one.record.headers
        match event:
            case ReplyChosen() | TipReplyChosen():
                trace = headers.get("traceparent", b"").decode(errors="replace")[:64]
                heard.replies.append((event, arrived_ms(headers) or 0, trace))
            case MessageDelivered() | MessageSeen():
                heard.receipts.append(event)
            case MessageEchoed():
                echoes.hear(event.conversation, event.body)
            case CitizenWithdrew():
                heard.withdrew.append(event)
            case MessageReceived() | CitizenFollowed():
                _spoke(heard, event)
            case CitizenActed(action=action) if action in OPENING_ACTS:
                _spoke(heard, event)
            case _:
                pass
    return heard


def _spoke(heard: _Sorted, event: Event) -> None:
    at_ms = int(event.occurred_at.timestamp() * 1_000)
    heard.spoke[event.conversation] = max(at_ms, heard.spoke.get(event.conversation, 0))
