"""What notify does with a batch of events: accept replies, record receipts and interactions, erase citizens who withdraw."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from chassis.records import ReceivedEvent
from chassis.trace import arrived_ms
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
from services.notify.erase import Eraser
from services.notify.handle_echoes import EchoHandler
from services.notify.handle_receipts import ReceiptHandler
from services.notify.split import Reply
from services.notify.store.windows import Windows
from services.notify.window import OPENING_ACTS

CONSUMES = frozenset(
    model.model_fields["type"].default
    for model in (ReplyChosen, TipReplyChosen, MessageReceived, CitizenFollowed, CitizenActed, CitizenWithdrew,
                  MessageDelivered, MessageSeen, MessageEchoed)
)  # fmt: skip


@dataclass(slots=True)
class _SortedBatch:
    replies: list[tuple[Reply, int, str]] = field(default_factory=list)  # (event, arrived_ms, traceparent).
    receipts: list[MessageDelivered | MessageSeen] = field(default_factory=list)
    interactions: dict[str, int] = field(default_factory=dict)
    echoes: list[MessageEchoed] = field(default_factory=list)
    withdrawals: list[CitizenWithdrew] = field(default_factory=list)


@dataclass(slots=True)
class NotifyHandler:
    acceptor: Acceptor
    receipts: ReceiptHandler
    windows: Windows
    eraser: Eraser
    echoes: EchoHandler
    now_ms: Callable[[], int]

    async def handle(self, batch: Sequence[ReceivedEvent]) -> Sequence[Event]:
        """Handle a batch, replies first: citizens wait for them. Raises TransientError; other exceptions are a record's fault."""
        by_kind = _sort_by_kind(batch)
        outgoing: list[Event] = []
        work: list[Awaitable[object]] = []
        if by_kind.replies:
            work.append(self.acceptor.accept(by_kind.replies))
        if by_kind.receipts:
            work.append(self._handle_receipts(by_kind.receipts, outgoing))
        if by_kind.echoes:
            work.append(self.echoes.handle(by_kind.echoes))
        if by_kind.interactions:
            work.append(self.windows.record(by_kind.interactions))
        await run_concurrently(work)
        outgoing += [await self.eraser.erase(event) for event in by_kind.withdrawals]
        return outgoing

    async def _handle_receipts(self, receipts: Sequence[MessageDelivered | MessageSeen], outgoing: list[Event]) -> None:
        outgoing += await self.receipts.handle(receipts, self.now_ms())


async def run_concurrently(work: Sequence[Awaitable[object]]) -> None:
    """All of it at once; waits for all, and raises the first fault."""
    if len(work) == 1:
        await work[0]
        return
    for result in await asyncio.gather(*work, return_exceptions=True):
        if isinstance(result, BaseException):
            raise result


def _sort_by_kind(batch: Sequence[ReceivedEvent]) -> _SortedBatch:
    by_kind = _SortedBatch()
    for received in batch:
        event, headers = received.event, received.record.headers
        match event:
            case ReplyChosen() | TipReplyChosen():
                # `tracestate` ends here: the ids join the spans, and the ledger would keep half a kilobyte more for weeks.
                trace = headers.get("traceparent", b"").decode(errors="replace")[:64]
                by_kind.replies.append((event, arrived_ms(headers) or 0, trace))
            case MessageDelivered() | MessageSeen():
                by_kind.receipts.append(event)
            case MessageEchoed():
                by_kind.echoes.append(event)
            case CitizenWithdrew():
                by_kind.withdrawals.append(event)
            case MessageReceived() | CitizenFollowed():
                _add_interaction(by_kind, event)
            case CitizenActed(action=action) if action in OPENING_ACTS:
                _add_interaction(by_kind, event)
            case _:
                pass
    return by_kind


def _add_interaction(by_kind: _SortedBatch, event: Event) -> None:
    at_ms = int(event.occurred_at.timestamp() * 1_000)
    by_kind.interactions[event.conversation] = max(at_ms, by_kind.interactions.get(event.conversation, 0))
