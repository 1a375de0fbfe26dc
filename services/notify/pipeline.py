"""Everything between the ledger and Zalo, put together."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import ClientSession

from chassis.fetch import Fetcher
from services.notify.assets import Assets
from services.notify.dispatch.admission import Admission
from services.notify.dispatch.circuit import CircuitBreakers
from services.notify.dispatch.claims import Claims
from services.notify.dispatch.dispatcher import Dispatcher
from services.notify.dispatch.reconcile import Reconciler
from services.notify.dispatch.result_writer import ResultWriter
from services.notify.dispatch.sender import Sender, SendRules
from services.notify.keys import Keys
from services.notify.rate import Rates
from services.notify.settings import NotifySettings
from services.notify.store.stores import Stores
from services.notify.tokens import TokenProvider
from services.notify.window import HOUR_MS, Window
from services.notify.zalo.answer import Allowance
from services.notify.zalo.client import OpenApi
from services.notify.zalo.oauth import OAuth
from services.notify.zalo.wire import Wire


@dataclass(frozen=True, slots=True)
class DeliveryPipeline:
    dispatcher: Dispatcher
    result_writer: ResultWriter
    tokens: TokenProvider
    oauth: OAuth
    api: OpenApi
    breakers: CircuitBreakers
    stores: Stores
    wire: Wire

    async def on_authorised(self, oa_id: str) -> None:
        """An OA has just been authorised: what waited for that may go. Raises TransientError."""
        self.breakers.reset(oa_id)
        await self.result_writer.drained()
        await self.stores.ledger.make_due(oa_id, self.stores.clock.now_ms())


def build_pipeline(
    stores: Stores, keys: Keys, settings: NotifySettings, zalo_session: ClientSession, fetcher: Fetcher
) -> DeliveryPipeline:
    """`zalo_session` goes to Zalo, `fetcher` to our own services."""
    oauth = OAuth(zalo_session, settings.zalo_oauth_url.rstrip("/"), settings.zalo_app_id, keys.app_secret)
    now_ms = stores.clock.now_ms
    tokens = TokenProvider(stores.tokens, oauth, keys, stores.worker_id, now_ms=now_ms)
    breakers, result_writer = CircuitBreakers(), ResultWriter(stores.ledger)
    rates = Rates(settings.rate_app_per_minute, settings.rate_oa_per_minute)
    base, rules = settings.zalo_openapi_url.rstrip("/"), _rules(settings)
    wire = Wire(base, settings.send_seconds)
    api = OpenApi(zalo_session, wire, base)
    reconciler = Reconciler(
        stores.ledger,
        api,
        keys,
        stores.echoes,
        unwritten=lambda: result_writer.references,
        now_ms=now_ms,
    )
    assets = Assets(fetcher, api, stores.uploads, keys)
    claims = Claims(
        stores.ledger,
        result_writer,
        settings.queue_limit,
        int(settings.lease_seconds * 1_000),
        rules.call_ms,
        rules.uncertain_ms,
        now_ms,
    )
    dispatcher = Dispatcher(
        Sender(keys, tokens, api, assets, reconciler, rules, _rate_learner(rates), now_ms),
        claims,
        result_writer,
        admission=Admission(rates, breakers, now_ms),
        max_in_flight=settings.in_flight,
        max_in_flight_per_oa=min(settings.in_flight_oa, settings.in_flight),
        now_ms=now_ms,
    )
    return DeliveryPipeline(dispatcher, result_writer, tokens, oauth, api, breakers, stores, wire)


def _rules(settings: NotifySettings) -> SendRules:
    window = Window(int(settings.window_hours * HOUR_MS))
    return SendRules(
        window,
        settings.max_attempts,
        int(settings.send_seconds * 1_000),
        int(settings.doubt_seconds * 1_000),
        int(settings.late_seconds * 1_000),
        settings.info_card_image_url,
    )


def _rate_learner(rates: Rates) -> Callable[[str, Allowance], None]:
    return lambda oa_id, allowance: rates.learn(oa_id, allowance.limit, allowance.remain, time.monotonic())
