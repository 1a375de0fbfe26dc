"""Receipts as they are heard: which message each speaks of, and what that changes."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from contracts.event import Event
from contracts.gateway import MessageDelivered, MessageSeen
from services.notify.dispatch.settler import Settler
from services.notify.entry import Status
from services.notify.metrics import RECEIPTS
from services.notify.receipts import highest, rises, worth_saying
from services.notify.store.receipts import Receipts
from services.notify.tell import settled
from services.notify.vault import Vault

Told = Mapping[str, tuple[Status, int]]  # {reference: (status, at_ms)}
_PARKED_AT_ONCE = 500
_OWN_SETTLEMENT_SECONDS = 1.0


class ReceiptBook:
    def __init__(self, receipts: Receipts, vault: Vault, settler: Settler) -> None:
        self._receipts, self._vault, self._settler = receipts, vault, settler

    async def note(self, heard: Sequence[MessageDelivered | MessageSeen], now_ms: int) -> list[Event]:
        """What moved on, as facts to say. Receipts for messages that nobody knows yet are parked. Raises Transient, NotOurs."""
        told = self._read(heard)
        if not told:
            return []
        await self._settler.knows(told.keys(), _OWN_SETTLEMENT_SECONDS)  # Zalo's receipt can overtake our own note.
        said, missing = await self._apply(told)
        if missing:
            early = {reference: told[reference] for reference in missing}
            await self._receipts.park(early, now_ms)
            late, still = await self._apply(early)  # It may have been settled just while we parked it.
            said += late
            if len(still) < len(missing):
                await self._receipts.unpark([reference for reference in missing if reference not in still])
        return said

    async def retry_parked(self, now_ms: int, say: Callable[[Sequence[Event]], Awaitable[None]]) -> None:
        """Parked receipts whose message is known by now: applied, said, and only then let go. Raises Transient."""
        parked = await self._receipts.parked(now_ms, _PARKED_AT_ONCE)
        if not parked:
            return
        said, missing = await self._apply(parked)
        await say(said)
        await self._receipts.unpark([reference for reference in parked if reference not in missing])

    def _read(self, heard: Sequence[MessageDelivered | MessageSeen]) -> dict[str, tuple[Status, int]]:
        told: list[tuple[str, Status]] = []
        times: dict[str, int] = {}
        for event in heard:
            status = Status.SEEN if isinstance(event, MessageSeen) else Status.DELIVERED
            for name in self._vault.receipt(event.body, event.oa_id).msg_ids:
                reference = self._vault.reference(event.oa_id, name)
                told.append((reference, status))
                times[reference] = int(event.occurred_at.timestamp() * 1_000)
        return {reference: (status, times[reference]) for reference, status in highest(told).items()}

    async def _apply(self, told: Told) -> tuple[list[Event], list[str]]:
        known = await self._receipts.known(list(told))
        risen: dict[str, tuple[Status, int]] = {}
        said: list[Event] = []
        for reference, document in known.items():
            status, at_ms = told[reference]
            effect = "rose" if rises(Status(document["s"]), status) else "old"
            RECEIPTS.labels(status.value, effect).inc()
            if effect == "rose":
                risen[document["_id"]] = told[reference]
            if worth_saying(Status(document["s"]), status):
                said.append(settled(document, status.value, at_ms))
        await self._receipts.raise_to(risen)
        return said, [reference for reference in told if reference not in known]
