"""A service's transit keys: made ahead, published signed, and destroyed once what they seal was read."""

from base64 import b64decode
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from nacl.public import PublicKey

from chassis.crypto import DecryptionError, Place
from chassis.mongo import Database, database
from chassis.transit import last_resort, seal_to
from chassis.transit_keys import TransitKeys
from contracts.tips import TipsKeyMade
from tests.doubles import TIPS_SIGNER
from tests.events import NOON
from tests.transit import PublishedKeys, memory_transit_keys

pytestmark = pytest.mark.live

HOUR = timedelta(hours=1)
PLACE = Place.body("oa", "conversation", UUID(int=1))


class Replicas:
    def __init__(self, db: Database) -> None:
        self.at = NOON
        self.published = PublishedKeys()
        self.db = db
        self.keys = memory_transit_keys("tips", db, TIPS_SIGNER, lambda: self.at, self.published)

    def another(self) -> TransitKeys:
        keys = memory_transit_keys("tips", self.db, TIPS_SIGNER, lambda: self.at, self.published)
        keys.ring = self.keys.ring
        return keys

    def key(self, at: datetime) -> TipsKeyMade:
        (key,) = [key for key in self.published.events if isinstance(key, TipsKeyMade) and key.starts <= at < key.ends]
        return key

    def sealed(self, at: datetime) -> str:
        key = self.key(at)
        return seal_to(b"words", {key.conversation: PublicKey(b64decode(key.public))}, PLACE)

    async def opens(self, sealed: str) -> bool:
        keys = self.another()
        await keys.load([sealed])
        try:
            return keys.open(sealed, PLACE) == b"words"
        except DecryptionError:
            return False


@pytest.fixture
async def replicas(mongo_url: str) -> AsyncIterator[Replicas]:
    async with database(mongo_url, f"transit_{uuid4().hex[:8]}") as db:
        yield Replicas(db)


async def test_a_pair_for_each_hour_is_there_a_day_ahead_published_once_and_signed(replicas: Replicas) -> None:
    await replicas.keys.roll()
    await replicas.another().roll()
    assert len(replicas.published.events) == 25
    key = replicas.key(NOON + 24 * HOUR)
    TIPS_SIGNER.verify_key.verify(key.signed_bytes(), b64decode(key.signature))
    assert await replicas.opens(replicas.sealed(NOON + 5 * HOUR))


async def test_the_private_halves_are_nothing_without_the_ring(replicas: Replicas, tmp_path: Path) -> None:
    await replicas.keys.roll()
    sealed = replicas.sealed(NOON)
    replicas.keys.ring = type(replicas.keys.ring)(tmp_path / "another.keys", timedelta(days=5))
    replicas.keys.ring.roll(NOON.date())
    with pytest.raises(DecryptionError):
        await replicas.another().load([sealed])


async def test_a_key_dies_when_its_time_is_past_and_all_is_read(replicas: Replicas) -> None:
    await replicas.keys.roll()
    sealed = replicas.sealed(NOON)
    replicas.at = NOON + 25 * HOUR
    await replicas.keys.roll()
    assert await replicas.opens(sealed)  # Within the topic's retention it may have to be read again.
    replicas.at += timedelta(minutes=1)
    await replicas.keys.roll()
    assert not await replicas.opens(sealed)


@pytest.mark.parametrize("why", ["unread", "dead letter"])
async def test_what_is_not_read_keeps_its_key_alive_for_three_days_at_the_most(replicas: Replicas, why: str) -> None:
    await replicas.keys.roll()
    sealed = replicas.sealed(NOON)
    replicas.published.read = why != "unread"
    replicas.published.named = frozenset({replicas.key(NOON).conversation} if why == "dead letter" else set())
    replicas.at = NOON + 72 * HOUR
    await replicas.keys.roll()
    assert await replicas.opens(sealed)
    replicas.at = NOON + 74 * HOUR
    await replicas.keys.roll()
    assert not await replicas.opens(sealed)


async def test_what_a_sender_without_keys_sealed_opens_too(replicas: Replicas) -> None:
    public = TIPS_SIGNER.verify_key.to_curve25519_public_key()
    assert await replicas.opens(seal_to(b"words", {last_resort("tips"): public}, PLACE))
