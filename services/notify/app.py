"""How notify is put together, and how it stops without losing anything."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter

from chassis.audit import AuditLog
from chassis.auth import Auth
from chassis.mongo import Database
from chassis.publisher import Publisher
from chassis.used_tokens import MongoUsedTokens
from services.notify import api, metrics, oauth_api
from services.notify.accept import Acceptor
from services.notify.dispatch.poll import LedgerPoller
from services.notify.erase import Eraser
from services.notify.handle import NotifyHandler
from services.notify.handle_receipts import ReceiptHandler
from services.notify.keys import Keys
from services.notify.pipeline import DeliveryPipeline, build_pipeline
from services.notify.process_id import current_process_id
from services.notify.settings import NotifySettings
from services.notify.settlement_publisher import SettlementPublisher
from services.notify.store import indexes
from services.notify.store.stores import Stores, open_stores
from services.notify.tokens import now_ms
from services.notify.zalo.client import session

_CLOSE_SECONDS = 8.0


@dataclass(slots=True)
class Service:
    handler: NotifyHandler
    pipeline: DeliveryPipeline
    poller: LedgerPoller
    publisher: SettlementPublisher
    routers: list[APIRouter]

    def tasks(self) -> list[Coroutine[Any, Any, None]]:
        """Returns what runs beside the consumer loop until the service stops."""
        return [
            self.pipeline.result_writer.run(),
            self.pipeline.tokens.run(),
            self.poller.run(),
            self.poller.renew(),
            self.publisher.run(),
        ]

    async def close(self) -> None:
        """Finish calls in flight and write their results; put what waits back into the ledger; finish token refreshes."""
        writing = asyncio.ensure_future(
            self.pipeline.result_writer.run()
        )  # The one among `tasks` has been cancelled by now.
        try:
            await self.pipeline.dispatcher.close(_CLOSE_SECONDS)
            await self.pipeline.tokens.close()
        finally:
            self.pipeline.wire.close()
            writing.cancel()


@asynccontextmanager
async def open_service(db: Database, publisher: Publisher, settings: NotifySettings) -> AsyncIterator[Service]:
    """Raises TransientError, and FileNotFoundError or ValueError where a secret is missing or is none."""
    keys = Keys.load(settings.secrets_dir)
    await indexes.ensure(db)
    metrics.prepare()
    stores = open_stores(db, current_process_id(), settings.ledger_days)
    async with (
        session(settings.in_flight * 2, settings.send_seconds) as zalo_session,
        session(8, settings.send_seconds) as internal_session,
    ):
        pipeline = build_pipeline(stores, keys, settings, zalo_session, internal_session)
        auth = Auth("notify", settings.secrets_dir, MongoUsedTokens(db))
        service = _assemble(stores, pipeline, keys, publisher, settings, auth=auth)
        try:
            yield service
        finally:
            await service.close()


def _assemble(
    stores: Stores,
    pipeline: DeliveryPipeline,
    keys: Keys,
    events: Publisher,
    settings: NotifySettings,
    *,
    auth: Auth,
) -> Service:
    """The parts before sending and after it."""
    publisher = SettlementPublisher(stores.ledger, events)
    pipeline.result_writer.on_written = [pipeline.dispatcher.claims.on_written, publisher.put]
    receipt_handler = ReceiptHandler(stores.receipts, keys, pipeline.result_writer)
    lease_ms = int(settings.lease_seconds * 1_000)
    acceptor = Acceptor(
        stores.ledger,
        stores.windows,
        pipeline.dispatcher,
        keys,
        stores.worker_id,
        lease_ms,
        settings.reply_hours,
        settings.bulk_hours,
        now_ms,
    )
    handler = NotifyHandler(
        acceptor, receipt_handler, stores.windows, _eraser(stores, pipeline), pipeline.echoes, now_ms
    )
    poller = LedgerPoller(
        stores.claims,
        pipeline.dispatcher,
        pipeline.breakers,
        stores.inspector,
        publisher,
        receipt_handler,
        lease_ms,
        settings.sweep_seconds,
        now_ms,
    )
    audit = AuditLog("notify", keys.pepper, events.publish)
    routers = [
        api.router(stores.inspector, stores.tokens, pipeline.breakers.paused_oas, now_ms, auth=auth, audit=audit),
        oauth_api.router(_oauth_consent(stores, pipeline, keys, settings)),
    ]
    return Service(handler, pipeline, poller, publisher, routers)


def _eraser(stores: Stores, pipeline: DeliveryPipeline) -> Eraser:
    return Eraser(stores.ledger, stores.windows, pipeline.dispatcher, pipeline.echoes, now_ms)


def _oauth_consent(
    stores: Stores, pipeline: DeliveryPipeline, keys: Keys, settings: NotifySettings
) -> oauth_api.OAuthConsent:
    return oauth_api.OAuthConsent(
        pipeline.oauth, stores.oauth_states, pipeline.tokens, keys, settings.own_url, pipeline.on_authorised
    )
