"""The parts of the house joined, apart from what reaches the outside: the process and the tests join them alike."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from chassis.crypto import KeyRing, Pepper
from chassis.mongo import Database
from chassis.publisher import Publisher
from chassis.records import Clock
from chassis.wake_up import WakeUp
from services.tips.case_key import Recipients
from services.tips.handle import TipsHandler
from services.tips.identifiers import Identifiers
from services.tips.jobs import Sweeper
from services.tips.outbox import OutboxRelay
from services.tips.persist import CaseWriter
from services.tips.settings import TipsSettings
from services.tips.store.cases import Cases
from services.tips.store.conversations import Conversations
from services.tips.store.media import Media
from services.tips.store.pieces import Pieces
from services.tips.store.reporters import Reporters


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
    publisher: Publisher,
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
    outbox_relay = OutboxRelay(cases, publisher)

    def wake() -> None:
        for wake_up in wake_ups:
            wake_up.wake()

    handler = TipsHandler(conversations, writer, identifiers, secrets.bodies, wake)
    late, forget_after = timedelta(minutes=settings.late_minutes), timedelta(days=settings.forget_days)
    sweeper = Sweeper(conversations, writer, outbox_relay, wake_ups[0], now, late, forget_after, settings.sweep_seconds)
    return Service(cases, pieces, media, reporters, conversations, handler, outbox_relay, sweeper, now)
