"""Handles receipts: which message each belongs to, and what that changes."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import ClassVar

from chassis.crypto import Place
from chassis.mongo import Document
from contracts.event import Event
from contracts.gateway import MessageDelivered, MessageSeen
from services.notify.delivery import Status
from services.notify.dispatch.result_writer import ResultWriter
from services.notify.keys import Keys
from services.notify.metrics import RECEIPTS
from services.notify.receipts import highest_status, is_worth_publishing, moves_forward
from services.notify.settlement_publisher import settled_event
from services.notify.store.receipts import Receipts, early_status

StatusTimes = Mapping[str, tuple[Status, int]]  # {reference: (status, at_ms)}
_OWN_WRITE_SECONDS = 1.0


class ReceiptHandler:
    PAGE: ClassVar = 500  # Early receipts tried again at once.

    def __init__(self, receipts: Receipts, keys: Keys, result_writer: ResultWriter) -> None:
        self._receipts, self._keys, self._result_writer = receipts, keys, result_writer

    async def handle(self, receipts: Sequence[MessageDelivered | MessageSeen], now_ms: int) -> list[Event]:
        """Returns the events to publish. Receipts of unknown messages are parked. Raises TransientError, DecryptionError."""
        statuses = self._read(receipts)
        if not statuses:
            return []
        await self._result_writer.wait_until_written(
            statuses.keys(), _OWN_WRITE_SECONDS
        )  # Zalo's receipt can overtake our own note.
        events, missing = await self._apply(statuses)
        if missing:
            early = {reference: statuses[reference] for reference in missing}
            await self._receipts.keep_early(early, now_ms)
            late, still = await self._apply(early)  # Its message may have been stored meanwhile.
            events += late
            if len(still) < len(missing):
                await self._receipts.remove_early([reference for reference in missing if reference not in still])
        return events

    async def early(self, now_ms: int, leave_out: Collection[str]) -> list[Document]:
        """Returns the early receipts that are to be tried again now. Raises TransientError."""
        return await self._receipts.early(now_ms, self.PAGE, leave_out)

    async def settle_early(
        self, early: Sequence[Document], publish: Callable[[Sequence[Event]], Awaitable[None]]
    ) -> None:
        """Apply and publish those whose message is known by now, then delete them. Raises TransientError."""
        statuses = {document["_id"]: early_status(document) for document in early}
        events, missing = await self._apply(statuses)
        await publish(events)
        await self._receipts.remove_early([reference for reference in statuses if reference not in missing])

    def _read(self, receipts: Sequence[MessageDelivered | MessageSeen]) -> dict[str, tuple[Status, int]]:
        statuses: list[tuple[str, Status]] = []
        times: dict[str, int] = {}
        for event in receipts:
            status = Status.SEEN if isinstance(event, MessageSeen) else Status.DELIVERED
            for name in self._keys.open_receipt(event.body, Place.body_of(event)).msg_ids:
                reference = self._keys.reference(event.oa_id, name)
                statuses.append((reference, status))
                times[reference] = int(event.occurred_at.timestamp() * 1_000)
        return {reference: (status, times[reference]) for reference, status in highest_status(statuses).items()}

    async def _apply(self, statuses: StatusTimes) -> tuple[list[Event], list[str]]:
        documents = await self._receipts.by_reference(list(statuses))
        raised: dict[str, tuple[Status, int]] = {}
        events: list[Event] = []
        for reference, document in documents.items():
            status, at_ms = statuses[reference]
            effect = "rose" if moves_forward(Status(document["s"]), status) else "old"
            RECEIPTS.labels(status.value, effect).inc()
            if effect == "rose":
                raised[document["_id"]] = statuses[reference]
            if is_worth_publishing(Status(document["s"]), status):
                events.append(settled_event(document, status.value, at_ms))
        await self._receipts.raise_to(raised)
        return events, [reference for reference in statuses if reference not in documents]
