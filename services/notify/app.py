"""How notify is put together, and how it stops without losing anything."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from chassis.audit import AuditLog
from chassis.fetch import open_fetcher
from chassis.service import Resources, Service
from services.notify import api, authorisations_api, metrics, oauth_api
from services.notify.accept import Acceptor
from services.notify.assets import FETCH_SECONDS
from services.notify.consent import OAuthConsent
from services.notify.erase import Eraser
from services.notify.handle import CONSUMES, NotifyHandler
from services.notify.handle_echoes import EchoHandler
from services.notify.handle_receipts import ReceiptHandler
from services.notify.jobs import LedgerJobs, build_jobs
from services.notify.keys import Keys
from services.notify.known_good import known_good
from services.notify.pipeline import DeliveryPipeline, build_pipeline
from services.notify.process_id import current_process_id
from services.notify.settings import NotifySettings
from services.notify.settlement_publisher import SettlementPublisher
from services.notify.store.stores import Stores, open_stores
from services.notify.zalo.client import session

_CLOSE_SECONDS = 8.0


@dataclass(slots=True)
class Parts:
    """What tests drive besides the service itself."""

    keys: Keys
    stores: Stores
    handler: NotifyHandler
    receipts: ReceiptHandler
    pipeline: DeliveryPipeline
    publisher: SettlementPublisher

    async def close(self) -> None:
        """Finish calls in flight and write their results; put what waits back into the ledger; finish token refreshes."""
        writing = asyncio.ensure_future(
            self.pipeline.result_writer.run()
        )  # The service's own has been cancelled by now.
        try:
            await self.pipeline.dispatcher.close(_CLOSE_SECONDS)
            await self.pipeline.tokens.close()
        finally:
            self.pipeline.wire.close()
            writing.cancel()


@asynccontextmanager
async def build(resources: Resources[NotifySettings]) -> AsyncIterator[Service]:
    async with open_parts(resources, Keys.load(resources.settings.secrets_dir)) as parts:
        yield build_service(resources, parts)


@asynccontextmanager
async def open_parts(resources: Resources[NotifySettings], keys: Keys) -> AsyncIterator[Parts]:
    metrics.prepare()
    settings = resources.settings
    stores = open_stores(resources.db, current_process_id(), settings.ledger_days)
    async with (
        session(settings.in_flight * 2, settings.send_seconds) as zalo_session,
        open_fetcher(settings.allowed_assets, FETCH_SECONDS, max_redirects=0) as fetcher,
    ):
        pipeline = build_pipeline(stores, keys, settings, zalo_session, fetcher)
        publisher = SettlementPublisher(stores.ledger, resources.publisher)
        pipeline.result_writer.on_written = [pipeline.dispatcher.claims.on_written, publisher.put]
        receipts = ReceiptHandler(stores.receipts, keys, pipeline.result_writer)
        handler = _handler(stores, pipeline, receipts, keys, settings)
        parts = Parts(keys, stores, handler, receipts, pipeline, publisher)
        try:
            yield parts
        finally:
            await parts.close()


def build_service(resources: Resources[NotifySettings], parts: Parts) -> Service:
    stores, pipeline, settings, keys = parts.stores, parts.pipeline, resources.settings, parts.keys
    ledger = LedgerJobs(
        stores.claims,
        pipeline.dispatcher,
        pipeline.breakers,
        stores.inspector,
        _lease_ms(settings),
        settings.sweep_seconds,
        stores.clock.now_ms,
    )
    auth, audit = resources.auth, AuditLog("notify", keys.pepper, resources.publisher.publish)
    consent = _oauth_consent(stores, pipeline, keys, settings, audit)
    return Service(
        routers=[
            api.router(stores.inspector, pipeline.breakers.paused_oas, stores.clock.now_ms, auth=auth, audit=audit),
            authorisations_api.router(stores.tokens, consent, auth),
            oauth_api.router(consent),
        ],
        handle=parts.handler.handle,
        consumes=CONSUMES,
        known_good=lambda: known_good(keys.bodies),
        jobs=[
            stores.clock.job(),
            *build_jobs(ledger, parts.receipts, parts.publisher, pipeline.tokens, resources.publisher),
        ],
        stores=stores.all(),
        queues=[pipeline.result_writer.run],
    )


def _lease_ms(settings: NotifySettings) -> int:
    return int(settings.lease_seconds * 1_000)


def _handler(
    stores: Stores, pipeline: DeliveryPipeline, receipts: ReceiptHandler, keys: Keys, settings: NotifySettings
) -> NotifyHandler:
    acceptor = Acceptor(
        stores.ledger,
        stores.windows,
        pipeline.dispatcher,
        keys,
        stores.worker_id,
        _lease_ms(settings),
        settings.reply_hours,
        settings.bulk_hours,
        stores.clock.now_ms,
    )
    echoes = EchoHandler(stores.echoes, stores.ledger, keys, pipeline.result_writer)
    return NotifyHandler(acceptor, receipts, stores.windows, _eraser(stores, pipeline), echoes, stores.clock.now_ms)


def _eraser(stores: Stores, pipeline: DeliveryPipeline) -> Eraser:
    return Eraser(stores.ledger, stores.windows, pipeline.dispatcher, stores.echoes, stores.clock.now_ms)


def _oauth_consent(
    stores: Stores, pipeline: DeliveryPipeline, keys: Keys, settings: NotifySettings, audit: AuditLog
) -> OAuthConsent:
    return OAuthConsent(
        pipeline.oauth,
        pipeline.api,
        stores.oauth_links,
        stores.oauth_states,
        pipeline.tokens,
        keys,
        audit,
        settings.own_url,
        pipeline.on_authorised,
    )
