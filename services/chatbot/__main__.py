"""The chatbot as a process: read the settings, open the connections, join the parts, listen. Nothing else."""

import asyncio
import os

from chassis.audit import AuditLog
from chassis.auth import Auth
from chassis.consumer_loop import ConsumerLoop
from chassis.crypto import KeyRing, Pepper
from chassis.heartbeat import watch_event_loop
from chassis.http import create_app, serve
from chassis.kafka import open_consumer, open_producer
from chassis.metrics import prepare
from chassis.mongo import database, ping
from chassis.process import freeze_gc, run
from chassis.publisher import Publisher
from chassis.used_tokens import MongoUsedTokens
from contracts.catalogue import READERS
from services.chatbot.api import file_router, officer_router
from services.chatbot.app import build
from services.chatbot.content.content import Content
from services.chatbot.content.editions import ContentEditions
from services.chatbot.content.watch import Published, watch
from services.chatbot.dialogue.context_factory import ContextFactory
from services.chatbot.dialogue.effect_runner import EffectRunner
from services.chatbot.dialogue.events import EventMapper
from services.chatbot.editions import record_publication
from services.chatbot.features.appointments.jobs import SeatOffers
from services.chatbot.features.dossiers.api import dossier_router, paper_router
from services.chatbot.features.dossiers.jobs import StatusChanges
from services.chatbot.flow_table import FLOWS
from services.chatbot.handle import CONSUMES, ChatbotHandler
from services.chatbot.lookups.import_api import import_router
from services.chatbot.lookups.import_rows import Sealer
from services.chatbot.lookups.systems import open_systems
from services.chatbot.metrics import UNDERSTAND_SECONDS
from services.chatbot.nlu.registry import ModelRegistry
from services.chatbot.reminders.jobs import ReminderJob
from services.chatbot.settings import ChatbotSettings
from services.chatbot.timers import ConversationTimers


async def main(settings: ChatbotSettings) -> None:
    ring = KeyRing.load(settings.secrets_dir / "bodies.keys")
    pepper = Pepper.load(settings.secrets_dir / "chatbot-pepper")
    models = ModelRegistry(settings.understanding_cache, UNDERSTAND_SECONDS.observe)
    editions = ContentEditions(Content.load(settings.content_dir), settings.content_archive, models.prepare)
    record_publication(Published(editions.current.version))
    prepare(READERS["chatbot"])
    async with (
        database(settings.mongo_url.get_secret_value(), settings.mongo_database) as db,
        open_consumer(settings, "chatbot", READERS["chatbot"]) as consumer,
        open_producer(settings) as producer,
        open_systems(settings) as systems,
    ):
        service = await build(db, ring, pepper, models, systems)
        contexts, mapper = ContextFactory(editions, settings.default_pack), EventMapper(ring, settings.files_url)
        handler = ChatbotHandler(
            service.conversations,
            contexts,
            lambda: EffectRunner(service.effect_handlers),
            FLOWS,
            ring,
            mapper,
            service.erasers,
        )
        filing = service.filing
        changes = StatusChanges(
            editions,
            service.datasets,
            service.lookups.dossiers,
            filing.history,
            filing.subscriptions,
            service.reminders,
        )
        offers = SeatOffers(editions, service.seats, service.waitlist, service.reminders)
        publisher = Publisher("chatbot", settings.topic_prefix, producer)
        loop = ConsumerLoop(consumer, publisher, handler.handle, CONSUMES)
        auth = Auth("chatbot", settings.secrets_dir, MongoUsedTokens(db))
        audit = AuditLog("chatbot", pepper, publisher.publish)
        routers = [
            file_router(editions),
            officer_router(service.queue, service.surveys, service.seats, auth, audit),
            import_router(service.datasets, Sealer(ring, pepper), auth),
            dossier_router(changes, auth, audit),
            paper_router(filing.links),
        ]
        app = create_app("chatbot", loop.heartbeat.alive, {"mongo": lambda: ping(db)}, routers)
        freeze_gc()
        async with asyncio.TaskGroup() as group:
            group.create_task(loop.run())
            group.create_task(serve(app, settings.http_host, settings.http_port))
            group.create_task(watch(editions, settings.content_dir, record_publication))
            group.create_task(ReminderJob(service.reminders, offers, mapper, publisher).run())
            group.create_task(ConversationTimers(handler, publisher).run())
            group.create_task(changes.run())
            group.create_task(watch_event_loop())


if __name__ == "__main__":
    _settings = ChatbotSettings.read(os.environ)
    run("chatbot", _settings, lambda: main(_settings))
