"""Transit keys without a broker: what is published lies in a list, and everything counts as read."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp

from nacl.signing import SigningKey

from chassis.mongo import Database
from chassis.records import Clock
from chassis.rolling_ring import RollingRing
from chassis.transit_keys import TransitKeys
from contracts.chatbot import ChatbotKeyMade
from contracts.event import Event
from contracts.tips import TipsKeyMade


class PublishedKeys:
    """What a broker would say."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.read, self.named = True, frozenset[str]()

    async def publish(self, events: Sequence[Event]) -> None:
        self.events += events

    async def is_read(self, _: datetime) -> bool:
        return self.read

    async def dead_letters(self) -> frozenset[str]:
        return self.named


def memory_transit_keys(
    service: str,
    db: Database,
    signer: SigningKey,
    now: Clock,
    published: PublishedKeys | None = None,
    *,
    ring: RollingRing | None = None,
) -> TransitKeys:
    published = published or PublishedKeys()
    path = Path(mkdtemp(prefix="transit-")) / "tips.keys"
    return TransitKeys(
        service=service,
        db=db,
        ring=ring or RollingRing(path, timedelta(days=5)),
        signer=signer,
        made=TipsKeyMade if service == "tips" else ChatbotKeyMade,
        publish=published.publish,
        is_read=published.is_read,
        now=now,
        retention=timedelta(hours=24),
        named=published.dead_letters,
    )
