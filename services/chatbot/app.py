"""The chatbot's parts, joined: its errands, and what all of them stand on."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from fastapi import APIRouter

from chassis.audit import AuditLog
from chassis.crypto import KeyRing, Pepper
from chassis.self_test import conversation_about_nothing
from chassis.service import Resources, Service, Store
from chassis.transit_keys import TransitKeys
from chassis.transit_service import build_transit_keys
from contracts.chatbot import ChatbotKeyMade
from services.chatbot import metrics
from services.chatbot.content.archive import EditionArchive
from services.chatbot.content.content import Content
from services.chatbot.content.editions import ContentEditions
from services.chatbot.content.forms.api import form_router
from services.chatbot.content.watch import Published
from services.chatbot.dialogue.context_factory import ContextFactory
from services.chatbot.dialogue.effect_runner import EffectHandlers, EffectRunner
from services.chatbot.dialogue.effects import EffectHandler, Sequential
from services.chatbot.dialogue.events import EventMapper
from services.chatbot.features.appointments import feature as appointments
from services.chatbot.features.authorisations import feature as authorisations
from services.chatbot.features.cameras import feature as cameras
from services.chatbot.features.dossiers import feature as dossiers
from services.chatbot.features.feature import Deps, Feature, Parts
from services.chatbot.features.fines import feature as fines
from services.chatbot.features.flows import FLOWS
from services.chatbot.features.news import feature as news
from services.chatbot.features.officer import feature as officer
from services.chatbot.features.offices import feature as offices
from services.chatbot.features.papers import feature as papers
from services.chatbot.features.scores import feature as scores
from services.chatbot.features.survey import feature as survey
from services.chatbot.handle import CONSUMES, KNOWN_GOOD, ChatbotHandler
from services.chatbot.jobs import ConversationTimers, content_watch, record_publication
from services.chatbot.lookups.import_api import Importer, import_router
from services.chatbot.lookups.import_rows import RowFormat
from services.chatbot.lookups.store.loads import Loads
from services.chatbot.lookups.systems import open_systems
from services.chatbot.nlu.effects import Understand
from services.chatbot.nlu.registry import ModelRegistry
from services.chatbot.reminders.effects import CancelReminders, ScheduleReminder
from services.chatbot.reminders.jobs import ReminderJob
from services.chatbot.settings import ChatbotSettings
from services.chatbot.store import Conversations

FEATURES: tuple[Feature, ...] = (
    appointments.FEATURE,
    authorisations.FEATURE,
    cameras.FEATURE,
    dossiers.FEATURE,
    fines.FEATURE,
    news.FEATURE,
    officer.FEATURE,
    offices.FEATURE,
    papers.FEATURE,
    scores.FEATURE,
    survey.FEATURE,
)
# After its hour: two hours after it was first used, a key that has been read is gone.
EVIDENCE_KEPT = timedelta(hours=1)
ROWS: Mapping[str, RowFormat] = MappingProxyType(
    {kind: row for feature in FEATURES for kind, row in feature.rows.items()}
)


@dataclass(frozen=True, slots=True)
class Chatbot:
    handler: ChatbotHandler
    effect_handlers: EffectHandlers
    parts: tuple[Parts, ...]

    @property
    def routers(self) -> list[APIRouter]:
        return [router for part in self.parts for router in part.routers]

    def stores(self, deps: Deps) -> list[Store]:
        """Returns all that create indexes."""
        shared: list[Store] = [self.handler.conversations, deps.attempts, deps.proofs, deps.stale_cache, deps.reminders]
        return [*shared, *(store for part in self.parts for store in part.stores)]


@asynccontextmanager
async def build(resources: Resources[ChatbotSettings]) -> AsyncIterator[Service]:
    """Raises ContentErrors when there is no valid content to begin with."""
    metrics.prepare()
    settings = resources.settings
    ring = KeyRing.load(settings.secrets_dir / "bodies.keys")
    pepper = Pepper.load(settings.secrets_dir / "chatbot-pepper")
    models = ModelRegistry(settings.understanding_cache, metrics.UNDERSTAND_SECONDS.observe)
    archive = EditionArchive(settings.content_archive) if settings.content_archive else None
    editions = ContentEditions(Content.load(settings.content_dir), archive, models.prepare, models.release)
    record_publication(Published(editions.current.version))
    async with open_systems(settings) as systems:
        deps = Deps.over(
            resources.db,
            ring=ring,
            pepper=pepper,
            editions=editions,
            systems=systems,
            auth=resources.auth,
            audit=AuditLog("chatbot", pepper, resources.publisher.publish, resources.clock),
            clock=resources.clock,
        )
        transit = build_transit_keys("chatbot", resources, "chatbot-signing.key", ChatbotKeyMade, EVIDENCE_KEPT)
        yield _service(resources, deps, join(deps, models, settings, transit), transit)


def join(deps: Deps, models: EffectHandler, settings: ChatbotSettings, transit: TransitKeys | None = None) -> Chatbot:
    """Returns the handler of messages, with every errand behind it. No dependency is called yet."""
    parts, reminders = tuple(feature.build(deps) for feature in FEATURES), deps.reminders
    handlers: EffectHandlers = {
        Understand: models,
        ScheduleReminder: reminders,
        CancelReminders: Sequential(reminders.cancel),
        **{effect: handler for part in parts for effect, handler in part.handlers.items()},
    }
    handler = ChatbotHandler(
        Conversations(deps.db.conversations, deps.ring),
        ContextFactory(deps.editions, settings.default_pack),
        lambda: EffectRunner(handlers),
        FLOWS,
        deps.ring,
        EventMapper(deps.ring, settings.files_url),
        (reminders.forget, deps.proofs.forget, *(eraser for part in parts for eraser in part.erasers)),
        transit,
    )
    return Chatbot(handler, handlers, parts)


def _service(resources: Resources[ChatbotSettings], deps: Deps, chatbot: Chatbot, transit: TransitKeys) -> Service:
    handler, parts = chatbot.handler, chatbot.parts
    return Service(
        routers=[
            form_router(deps.editions),
            import_router(_importer(deps), deps.auth),
            *chatbot.routers,
        ],
        handle=handler.handle,
        consumes=CONSUMES,
        known_good=lambda: conversation_about_nothing(deps.ring, KNOWN_GOOD),
        apologise=handler.apologise,
        jobs=[
            content_watch(deps.editions, resources.settings.content_dir),
            ConversationTimers(handler, resources.publisher, resources.clock).job(),
            ReminderJob(deps.reminders, handler.mapper, resources.publisher, resources.clock).job(),
            transit.job(),
            *(job for part in parts for job in part.jobs),
        ],
        stores=[*chatbot.stores(deps), transit],
    )


def _importer(deps: Deps) -> Importer:
    return Importer(deps.datasets, Loads(deps.db, deps.datasets), ROWS, deps.ring, deps.pepper)
