"""The parts of this house, put together once, and taken apart without losing anything."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter

from chassis.mongo import Database
from chassis.types import Mouth
from services.notify import api, authorise, metrics
from services.notify.accept import Acceptor
from services.notify.dispatch.sweeper import Sweeper
from services.notify.forget import Forgetter
from services.notify.hear import Listener
from services.notify.hear_receipts import ReceiptBook
from services.notify.outbound import Outbound, outbound
from services.notify.owner import ourselves
from services.notify.settings import Settings
from services.notify.store import indexes
from services.notify.store.shelf import Shelf, shelf
from services.notify.tell import Teller
from services.notify.tokens import now_ms
from services.notify.vault import Vault
from services.notify.zalo.client import session

_CLOSE_SECONDS = 8.0


@dataclass(slots=True)
class House:
    listener: Listener
    outbound: Outbound
    sweeper: Sweeper
    teller: Teller
    routers: list[APIRouter]

    def tasks(self) -> list[Coroutine[Any, Any, None]]:
        """What runs for ever beside the loop."""
        return [
            self.outbound.settler.run(),
            self.outbound.keeper.run(),
            self.sweeper.run(),
            self.sweeper.renew(),
            self.teller.run(),
        ]

    async def close(self) -> None:
        """What flies lands and is written down; what waits goes back to the ledger; refreshes under way are stored."""
        writing = asyncio.ensure_future(self.outbound.settler.run())  # The one among `tasks` has been cancelled by now.
        try:
            await self.outbound.dispatcher.close(_CLOSE_SECONDS)
            await self.outbound.keeper.close()
        finally:
            self.outbound.wire.close()
            writing.cancel()


@asynccontextmanager
async def house(db: Database, mouth: Mouth, settings: Settings) -> AsyncIterator[House]:
    """Raises Transient, and FileNotFoundError or ValueError where a secret is missing or is none."""
    vault = Vault.load(settings.secrets_dir)
    await indexes.ensure(db)
    metrics.expect()
    kept = shelf(db, ourselves(), settings.ledger_days)
    async with (
        session(settings.in_flight * 2, settings.send_seconds) as zalo,
        session(8, settings.send_seconds) as inside,
    ):
        out = outbound(kept, vault, settings, zalo, inside)
        one = _around(kept, out, vault, mouth, settings)
        try:
            yield one
        finally:
            await one.close()


def _around(kept: Shelf, out: Outbound, vault: Vault, mouth: Mouth, settings: Settings) -> House:
    """What feeds the sending, and what tells of it."""
    teller = Teller(kept.ledger, mouth, settings.topic_prefix)
    out.settler.listeners = [out.dispatcher.hands.written, teller.put]
    book = ReceiptBook(kept.receipts, vault, out.settler)
    lease_ms = int(settings.lease_seconds * 1_000)
    acceptor = Acceptor(
        kept.ledger,
        kept.windows,
        out.dispatcher,
        vault,
        kept.owner,
        lease_ms,
        settings.reply_hours,
        settings.bulk_hours,
        now_ms,
    )
    listener = Listener(acceptor, book, kept.windows, _forgetter(kept, out), out.echoes, now_ms)
    sweeper = Sweeper(
        kept.claims, out.dispatcher, out.gates, kept.inspector, teller, book, lease_ms, settings.sweep_seconds, now_ms
    )
    routers = [
        api.router(kept.inspector, kept.tokens, out.gates.closed, now_ms),
        authorise.router(_door(kept, out, vault, settings)),
    ]
    return House(listener, out, sweeper, teller, routers)


def _forgetter(kept: Shelf, out: Outbound) -> Forgetter:
    return Forgetter(kept.ledger, kept.windows, out.dispatcher, out.echoes, now_ms)


def _door(kept: Shelf, out: Outbound, vault: Vault, settings: Settings) -> authorise.Door:
    return authorise.Door(out.oauth, kept.pending, out.keeper, vault, settings.own_url, out.welcome)
