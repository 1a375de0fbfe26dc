"""The parts of the house joined, apart from what reaches the outside: the process and the tests join them alike."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from chassis.mongo import Database
from chassis.sealing import KeyRing, Pepper
from chassis.types import Clock, EventProducer
from services.tips.bell import WakeUp
from services.tips.casekey import Recipients
from services.tips.handle import TipsHandler
from services.tips.keep import CaseWriter
from services.tips.names import Identifiers
from services.tips.relay import OutboxRelay
from services.tips.settings import TipsSettings
from services.tips.store import Cases, Conversations, Media, Pieces, Reporters
from services.tips.sweep import Sweeper


@dataclass(frozen=True, slots=True)
class Secrets:
    bodies: KeyRing
    addresses: KeyRing
    intake: KeyRing
    pepper: Pepper
    recipients: Recipients

    @classmethod
    def load(cls, folder: Path) -> "Secrets":
        """Raises OSError or ValueError naming the file."""
        bodies, addresses, intake = (
            KeyRing.load(folder / f"{name}.keys") for name in ("bodies", "addresses", "intake")
        )
        pepper, recipients = Pepper.load(folder / "pepper"), Recipients.load(folder / "tips-recipients")
        return cls(bodies, addresses, intake, pepper, recipients)


@dataclass(frozen=True, slots=True)
class Service:
    cases: Cases
    pieces: Pieces
    media: Media
    reporters: Reporters
    conversations: Conversations
    handler: TipsHandler
    outbox_relay: OutboxRelay
    sweeper: Sweeper
    now: Clock

    async def prepare(self) -> None:
        for store in (self.cases, self.pieces, self.media, self.reporters, self.conversations):
            await store.prepare()


def build(
    settings: TipsSettings,
    secrets: Secrets,
    db: Database,
    producer: EventProducer,
    *,
    wake_ups: tuple[WakeUp, WakeUp],
    now: Clock,
) -> Service:
    """`bells` wake the sweeper and the fetchers."""
    identifiers = Identifiers(secrets.pepper)
    cases = Cases(db, secrets.intake, secrets.recipients, now)
    pieces, reporters = Pieces(db), Reporters(db, secrets.addresses)
    media = Media(db, secrets.intake, now, timedelta(hours=settings.media_hours))
    conversations = Conversations(db, secrets.bodies, now)
    writer = CaseWriter(identifiers, cases, pieces, media, reporters)
    outbox_relay = OutboxRelay(cases, producer, settings.topic_prefix)

    def wake() -> None:
        for wake_up in wake_ups:
            wake_up.wake()

    handler = TipsHandler(conversations, writer, identifiers, secrets.bodies, wake)
    late, forget_after = timedelta(minutes=settings.late_minutes), timedelta(days=settings.forget_days)
    sweeper = Sweeper(conversations, writer, outbox_relay, wake_ups[0], now, late, forget_after, settings.sweep_seconds)
    return Service(cases, pieces, media, reporters, conversations, handler, outbox_relay, sweeper, now)
