"""The parts of the house joined, apart from what reaches the outside: the process and the tests join them alike."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from chassis.mongo import Database
from chassis.sealing import Pepper, Ring
from chassis.types import Clock, Mouth
from services.tips.bell import Bell
from services.tips.casekey import Recipients
from services.tips.handle import Tips
from services.tips.keep import Keeper
from services.tips.names import Names
from services.tips.relay import Relay
from services.tips.settings import TipsSettings
from services.tips.store import Cases, Conversations, Media, Pieces, Reporters
from services.tips.sweep import Sweeper


@dataclass(frozen=True, slots=True)
class Secrets:
    bodies: Ring
    addresses: Ring
    intake: Ring
    pepper: Pepper
    recipients: Recipients

    @classmethod
    def load(cls, folder: Path) -> "Secrets":
        """Raises OSError or ValueError naming the file."""
        bodies, addresses, intake = (Ring.load(folder / f"{name}.keys") for name in ("bodies", "addresses", "intake"))
        pepper, recipients = Pepper.load(folder / "pepper"), Recipients.load(folder / "tips-recipients")
        return cls(bodies, addresses, intake, pepper, recipients)


@dataclass(frozen=True, slots=True)
class House:
    cases: Cases
    pieces: Pieces
    media: Media
    reporters: Reporters
    conversations: Conversations
    tips: Tips
    relay: Relay
    sweeper: Sweeper
    now: Clock

    async def prepare(self) -> None:
        for room in (self.cases, self.pieces, self.media, self.reporters, self.conversations):
            await room.prepare()


def build(
    settings: TipsSettings, secrets: Secrets, db: Database, mouth: Mouth, *, bells: tuple[Bell, Bell], now: Clock
) -> House:
    """`bells` wake the sweeper and the fetchers."""
    names = Names(secrets.pepper)
    cases = Cases(db, secrets.intake, secrets.recipients, now)
    pieces, reporters = Pieces(db), Reporters(db, secrets.addresses)
    media = Media(db, secrets.intake, now, timedelta(hours=settings.media_hours))
    conversations = Conversations(db, secrets.bodies, now)
    keeper = Keeper(names, cases, pieces, media, reporters)
    relay = Relay(cases, mouth, settings.topic_prefix)

    def nudge() -> None:
        for bell in bells:
            bell.ring()

    tips = Tips(conversations, keeper, names, secrets.bodies, nudge)
    late, forget = timedelta(minutes=settings.late_minutes), timedelta(days=settings.forget_days)
    sweeper = Sweeper(conversations, keeper, relay, bells[0], now, late, forget, settings.sweep_seconds)
    return House(cases, pieces, media, reporters, conversations, tips, relay, sweeper, now)
