"""The parts of this house, put together once. Everything that runs for ever is in `House.tasks`."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientSession
from fastapi import APIRouter

from chassis.mongo import Database
from chassis.types import Mouth
from services.notify import api, authorise, metrics
from services.notify.accept import Acceptor
from services.notify.assets import Assets
from services.notify.dispatch.dispatcher import Dispatcher, Limits
from services.notify.dispatch.doubts import Doubts, Echoes
from services.notify.dispatch.gates import Gates
from services.notify.dispatch.sender import Rules, Sender
from services.notify.dispatch.settler import Settler
from services.notify.dispatch.sweeper import Sweeper
from services.notify.forget import Forgetter
from services.notify.hear import Listener
from services.notify.hear_receipts import ReceiptBook
from services.notify.owner import ourselves
from services.notify.rate import Rates
from services.notify.settings import Settings
from services.notify.store import indexes
from services.notify.store.claims import Claims
from services.notify.store.inspect import Inspector
from services.notify.store.ledger import Ledger
from services.notify.store.oauth import Pending
from services.notify.store.receipts import Receipts
from services.notify.store.tokens import Tokens
from services.notify.store.uploads import Uploads
from services.notify.store.windows import Windows
from services.notify.tell import Teller
from services.notify.tokens import Keeper, now_ms
from services.notify.vault import Vault
from services.notify.window import HOUR_MS, Window
from services.notify.zalo.answer import Allowance
from services.notify.zalo.client import OpenApi, session
from services.notify.zalo.oauth import OAuth

_CLOSE_SECONDS = 8.0


@dataclass(slots=True)
class House:
    listener: Listener
    dispatcher: Dispatcher
    settler: Settler
    sweeper: Sweeper
    teller: Teller
    keeper: Keeper
    routers: list[APIRouter]

    def tasks(self) -> list[Coroutine[Any, Any, None]]:
        """What runs for ever beside the loop."""
        return [self.settler.run(), self.sweeper.run(), self.sweeper.renew(), self.teller.run(), self.keeper.run()]

    async def close(self) -> None:
        """What flies lands and is written down; what waits goes back to the ledger; refreshes under way are stored."""
        writing = asyncio.ensure_future(self.settler.run())  # The one among `tasks` has been cancelled by now.
        try:
            await self.dispatcher.close(_CLOSE_SECONDS)
            await self.keeper.close()
        finally:
            writing.cancel()


@asynccontextmanager
async def house(db: Database, mouth: Mouth, settings: Settings) -> AsyncIterator[House]:
    """Raises Transient, and FileNotFoundError or ValueError where a secret is missing or is none."""
    vault = Vault.load(settings.secrets_dir)
    await indexes.ensure(db)
    metrics.expect()
    async with (
        session(settings.in_flight * 2, settings.send_seconds) as zalo,
        session(8, settings.send_seconds) as inside,
    ):
        one = _build(db, mouth, settings, vault, zalo, inside)
        try:
            yield one
        finally:
            await one.close()


def _build(  # noqa: PLR0917 — the composition root joins many parts.
    db: Database, mouth: Mouth, settings: Settings, vault: Vault, zalo: ClientSession, inside: ClientSession
) -> House:
    owner, api_of_zalo = ourselves(), OpenApi(zalo, settings.zalo_openapi_url.rstrip("/"))
    oauth = OAuth(zalo, settings.zalo_oauth_url.rstrip("/"), settings.zalo_app_id, vault.app_secret)
    ledger, tokens, windows = (
        Ledger(db["deliveries"], owner, settings.ledger_days),
        Tokens(db["tokens"]),
        Windows(db["windows"]),
    )
    keeper, echoes, gates = Keeper(tokens, oauth, vault, owner), Echoes(), Gates()
    rates = Rates(settings.rate_app_per_minute, settings.rate_oa_per_minute)
    teller = Teller(ledger, mouth, settings.topic_prefix)
    settler = Settler(ledger)
    doubts = Doubts(ledger, api_of_zalo, vault, echoes, lambda: settler.references)
    assets = Assets(inside, api_of_zalo, Uploads(db["uploads"]), vault, settings.allowed_assets)
    sender = Sender(vault, keeper, api_of_zalo, assets, doubts, _rules(settings), _teach(rates), now_ms)
    dispatcher = Dispatcher(
        sender, ledger, settler=settler, rates=rates, gates=gates, limits=_limits(settings), now_ms=now_ms
    )
    settler.listeners = [dispatcher.written, teller.put]
    book = ReceiptBook(Receipts(db["deliveries"], db["early"]), vault)
    lease_ms, inspector = int(settings.lease_seconds * 1_000), Inspector(db["deliveries"])
    acceptor = Acceptor(
        ledger, windows, dispatcher, vault, owner, lease_ms, settings.reply_hours, settings.bulk_hours, now_ms
    )
    forgetter = Forgetter(ledger, windows, dispatcher, echoes, now_ms)
    sweeper = Sweeper(
        Claims(db["deliveries"], owner),
        dispatcher,
        gates,
        inspector,
        teller,
        book,
        lease_ms,
        settings.sweep_seconds,
        now_ms,
    )

    async def welcome(oa_id: str) -> None:
        gates.open(oa_id)
        await ledger.wake(oa_id, now_ms())

    door = authorise.Door(oauth, Pending(db["oauth"]), keeper, vault, settings.own_url, welcome)
    routers = [api.router(inspector, tokens, now_ms), authorise.router(door)]
    return House(
        Listener(acceptor, book, windows, forgetter, echoes, now_ms),
        dispatcher,
        settler,
        sweeper,
        teller,
        keeper,
        routers,
    )


def _rules(settings: Settings) -> Rules:
    window = Window(int(settings.window_hours * HOUR_MS))
    return Rules(window, settings.max_attempts, int(settings.doubt_seconds * 1_000), settings.info_card_image_url)


def _limits(settings: Settings) -> Limits:
    return Limits(
        settings.in_flight,
        min(settings.in_flight_oa, settings.in_flight),
        settings.queue_limit,
        int(settings.lease_seconds * 1_000),
        int(settings.send_seconds * 1_000),
        settings.max_attempts,
    )


def _teach(rates: Rates) -> Callable[[str, Allowance], None]:
    return lambda oa_id, told: rates.learn(oa_id, told.limit, told.remain, time.monotonic())
