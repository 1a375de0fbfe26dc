"""The parts of the service, joined: what the process runs, and what tests drive."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog

from chassis.audit import AuditLog
from chassis.crypto import KeyRing, Pepper
from chassis.daily_quota import DailyQuota
from chassis.disk import DatabaseDisk
from chassis.fetch import AllowedHosts
from chassis.jobs import Job
from chassis.mongo import Database
from chassis.records import Clock
from chassis.rolling_ring import RollingRing
from chassis.service import Resources, Service, Store
from chassis.transit_keys import TransitKeys
from chassis.transit_service import build_transit_keys
from chassis.wake_up import WakeUp
from contracts import gateway
from contracts.catalogue import KEPT_HOURS
from contracts.tips import TipsKeyMade
from services.tips import metrics
from services.tips.api.cases import case_api
from services.tips.case_key import Recipients
from services.tips.handle import CONSUMES, TipsHandler
from services.tips.identifiers import Identifiers
from services.tips.jobs import Housekeeping, IdleCases
from services.tips.known_good import known_good
from services.tips.media.fetch import MediaFetcher, open_media_fetcher
from services.tips.media.jobs import MediaFetching
from services.tips.media.limits import MediaLimits
from services.tips.media.notices import MediaNotices
from services.tips.outbox import OutboxRelay
from services.tips.persist import CaseWriter
from services.tips.settings import TipsSettings
from services.tips.store.cases import Cases
from services.tips.store.conversations import Conversations
from services.tips.store.media import Media
from services.tips.store.pieces import Pieces
from services.tips.store.reporters import Reporters
from services.tips.texts import Limits

log = structlog.get_logger()

RETENTION = timedelta(hours=KEPT_HOURS[gateway.TIPS])


@dataclass(frozen=True, slots=True)
class Secrets:
    bodies: KeyRing
    addresses: KeyRing
    pepper: Pepper
    recipients: Recipients

    @classmethod
    def load(cls, folder: Path) -> "Secrets":
        """Raises OSError or ValueError naming the file."""
        bodies, addresses = KeyRing.load(folder / "bodies.keys"), KeyRing.load(folder / "addresses.keys")
        pepper, recipients = Pepper.load(folder / "tips-pepper"), Recipients.load(folder / "tips-recipients")
        recipients.require_foreign(folder)
        return cls(bodies, addresses, pepper, recipients)


class Stores:
    def __init__(self, settings: TipsSettings, secrets: Secrets, db: Database, ring: RollingRing, now: Clock) -> None:
        self.cases = Cases(db, secrets.recipients)
        self.pieces, self.reporters = Pieces(db), Reporters(db, secrets.addresses)
        self.media = Media(db, ring, now, timedelta(hours=settings.media_hours))
        self.conversations = Conversations(db, ring, now, timedelta(days=settings.forget_days))
        quotas, pepper = db["quotas"], secrets.pepper
        self.files_a_day = DailyQuota(quotas, pepper, "files", settings.person_files, now)
        self.bytes_a_day = DailyQuota(quotas, pepper, "bytes", settings.person_bytes, now)
        self.disk = DatabaseDisk(db, metrics.DISK_USED.set)

    def all(self) -> tuple[Store, ...]:
        return self.cases, self.pieces, self.media, self.reporters, self.conversations, self.files_a_day


@dataclass(frozen=True, slots=True)
class WakeUps:
    """Of the jobs that need not wait for their time."""

    media: WakeUp = field(default_factory=WakeUp)
    notices: WakeUp = field(default_factory=WakeUp)


@asynccontextmanager
async def build(resources: Resources[TipsSettings]) -> AsyncIterator[Service]:
    """Raises OSError or ValueError where a secret is missing or is none."""
    metrics.prepare()
    settings, secrets = resources.settings, Secrets.load(resources.settings.secrets_dir)
    log.info("readers_of_tips", fingerprints=secrets.recipients.fingerprints())
    transit = build_transit_keys("tips", resources, "tips-signing.key", TipsKeyMade, RETENTION)
    transit.ring.roll(resources.clock().date())  # Conversations are sealed under it, so it has to be there first.
    stores, wake_ups = Stores(settings, secrets, resources.db, transit.ring, resources.clock), WakeUps()
    limits = Limits(settings.media_bytes, settings.media_files)
    handler = build_handler(secrets, stores, transit, limits, wake_ups.media.wake)
    hosts = AllowedHosts.parse("MEDIA_HOSTS", settings.media_hosts)
    audit = AuditLog("tips", secrets.pepper, resources.publisher.publish, resources.clock)
    async with open_media_fetcher(hosts, settings.media_bytes, settings.media_seconds) as media_fetcher:
        yield Service(
            routers=[case_api(stores.cases, stores.pieces, stores.media, resources.auth, audit)],
            handle=handler.handle,
            consumes=CONSUMES,
            known_good=lambda: known_good(transit),
            apologise=handler.apologise,
            jobs=[*build_jobs(resources, stores, handler, media_fetcher, wake_ups), transit.job()],
            stores=[*stores.all(), transit],
        )


def build_handler(
    secrets: Secrets, stores: Stores, transit: TransitKeys, limits: Limits, wake: Callable[[], None]
) -> TipsHandler:
    identifiers = Identifiers(secrets.pepper)
    writer = CaseWriter(identifiers, stores.cases, stores.pieces, stores.media, stores.reporters)
    return TipsHandler(stores.conversations, writer, identifiers, secrets.bodies, transit, limits, wake)


def build_jobs(
    resources: Resources[TipsSettings],
    stores: Stores,
    handler: TipsHandler,
    media_fetcher: MediaFetcher,
    wake_ups: WakeUps,
) -> list[Job[Any]]:
    settings, now = resources.settings, resources.clock
    every, late = settings.sweep_seconds, timedelta(minutes=settings.late_minutes)
    limits = MediaLimits(
        stores.media, stores.reporters, stores.files_a_day, stores.bytes_a_day, stores.disk, settings.media_files
    )
    media = MediaFetching(stores.media, stores.cases, media_fetcher, limits, now, wake_ups.notices.wake)
    notices = MediaNotices(
        stores.media,
        stores.cases,
        stores.conversations,
        stores.reporters,
        handler.identifiers,
        handler.bodies,
        resources.publisher,
        handler.limits,
        now,
    )
    return [
        OutboxRelay(stores.cases, resources.publisher, now).job(),
        IdleCases(stores.conversations, handler.writer, now, late).job(every),
        Housekeeping(stores.conversations, stores.cases, stores.media).job(every),
        media.job(settings.media_workers, settings.media_seconds, wake_ups.media),
        notices.job(wake_ups.notices),
    ]
