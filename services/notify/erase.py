"""A citizen withdraws: nothing that leads to them stays, and what still waited for them is not sent.

All of it up to the moment they asked, by the time of events: the same withdrawal, delivered again, leaves what they did since.
"""

from collections.abc import Callable
from dataclasses import dataclass

from contracts.gateway import CitizenWithdrew
from contracts.notify import NotifyForgot
from services.notify.dispatch.dispatcher import Dispatcher
from services.notify.store.echoes import EchoStore
from services.notify.store.ledger import Ledger
from services.notify.store.windows import Windows


@dataclass(slots=True)
class Eraser:
    ledger: Ledger
    windows: Windows
    dispatcher: Dispatcher
    echoes: EchoStore
    now_ms: Callable[[], int]

    async def erase(self, event: CitizenWithdrew) -> NotifyForgot:
        """Idempotent. Raises TransientError."""
        up_to_ms = int(event.occurred_at.timestamp() * 1_000)
        self.dispatcher.erase(event.conversation, up_to_ms)
        await self.echoes.erase(event.conversation)
        await self.ledger.erase(event.conversation, up_to_ms, self.now_ms())
        await self.windows.erase(event.conversation, up_to_ms)
        return NotifyForgot.derive(event)
