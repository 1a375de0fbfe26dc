"""Everything between the ledger and Zalo, put together."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import ClientSession

from services.notify.assets import Assets
from services.notify.dispatch.clearance import Clearance
from services.notify.dispatch.dispatcher import Dispatcher
from services.notify.dispatch.doubts import Doubts, Echoes
from services.notify.dispatch.gates import Gates
from services.notify.dispatch.hands import Hands
from services.notify.dispatch.sender import Rules, Sender
from services.notify.dispatch.settler import Settler
from services.notify.rate import Rates
from services.notify.settings import Settings
from services.notify.store.ledger import Ledger
from services.notify.store.shelf import Shelf
from services.notify.tokens import Keeper, now_ms
from services.notify.vault import Vault
from services.notify.window import HOUR_MS, Window
from services.notify.zalo.answer import Allowance
from services.notify.zalo.client import OpenApi
from services.notify.zalo.oauth import OAuth
from services.notify.zalo.wire import Wire


@dataclass(frozen=True, slots=True)
class Outbound:
    dispatcher: Dispatcher
    settler: Settler
    keeper: Keeper
    oauth: OAuth
    gates: Gates
    echoes: Echoes
    ledger: Ledger
    wire: Wire

    async def welcome(self, oa_id: str) -> None:
        """An OA has just been authorised: what waited for that may go. Raises Transient."""
        self.gates.open(oa_id)
        await self.settler.drained()
        await self.ledger.wake(oa_id, now_ms())


def outbound(kept: Shelf, vault: Vault, settings: Settings, zalo: ClientSession, inside: ClientSession) -> Outbound:
    """`zalo` is the session to Zalo, `inside` the one to our own houses."""
    oauth = OAuth(zalo, settings.zalo_oauth_url.rstrip("/"), settings.zalo_app_id, vault.app_secret)
    keeper, gates, echoes = Keeper(kept.tokens, oauth, vault, kept.owner), Gates(), Echoes()
    rates = Rates(settings.rate_app_per_minute, settings.rate_oa_per_minute)
    settler = Settler(kept.ledger)
    base, rules = settings.zalo_openapi_url.rstrip("/"), _rules(settings)
    wire = Wire(base, settings.send_seconds)
    api = OpenApi(zalo, wire, base)
    doubts = Doubts(
        kept.ledger, api, vault, echoes, unwritten=lambda: settler.references, doubt_ms=rules.doubt_ms, now_ms=now_ms
    )
    assets = Assets(inside, api, kept.uploads, vault, settings.allowed_assets)
    hands = Hands(
        kept.ledger,
        settler,
        settings.queue_limit,
        int(settings.lease_seconds * 1_000),
        int(settings.send_seconds * 1_000),
        now_ms,
    )
    dispatcher = Dispatcher(
        Sender(vault, keeper, api, assets, doubts, rules, _teach(rates), now_ms),
        hands,
        settler,
        clearance=Clearance(rates, gates, now_ms),
        in_flight=settings.in_flight,
        in_flight_oa=min(settings.in_flight_oa, settings.in_flight),
        now_ms=now_ms,
    )
    return Outbound(dispatcher, settler, keeper, oauth, gates, echoes, kept.ledger, wire)


def _rules(settings: Settings) -> Rules:
    window = Window(int(settings.window_hours * HOUR_MS))
    return Rules(window, settings.max_attempts, int(settings.doubt_seconds * 1_000), settings.info_card_image_url)


def _teach(rates: Rates) -> Callable[[str, Allowance], None]:
    return lambda oa_id, told: rates.learn(oa_id, told.limit, told.remain, time.monotonic())
