"""Who tries to read a closed tip without its officer: with broker, database and journal, others' secrets, old backups.

Each attack has everything that is named, and the cipher's own code. What stays open is what an officer holds.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import pytest
from bson import encode
from nacl.public import PrivateKey, PublicKey

from chassis.crypto import DecryptionError, KeyRing, Place, UnknownKeyError
from chassis.transit import key_ids, last_resort, open_sealed, seal_to
from contracts import gateway
from contracts.gateway import TipReceived
from contracts.message import Attachment, Kind
from contracts.tips import EVENTS, MESSAGES
from tests.doubles import (
    ADDRESSES,
    BODIES,
    CHATBOT_SIGNER,
    NOON,
    TIPS_SIGNER,
    message_received,
    opened_inbound,
    to_tips,
)
from tests.services.tips.officer import officer_keys
from tests.services.tips.tips_app import DESK, TipsApp

pytestmark = pytest.mark.live

WORDS = "ông Trần Văn Giả tổ chức đánh bạc ở nhà 12 ngõ Bịa"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SEALED = re.compile(rb"k[0-9]{1,6}\.[A-Za-z0-9_-]{40,}={0,2}")


@dataclass(frozen=True, slots=True)
class FiledTip:
    """A tip as it lies on the log and in the database, sealed to the key of its hour."""

    app: TipsApp
    bodies: tuple[TipReceived, ...]

    async def journal(self) -> bytes:
        """Whatever MongoDB's journal still holds of this database."""
        oplog = self.app.db.client["local"]["oplog.rs"]
        entries = [encode(entry) for entry in await oplog.find({}).to_list(None)]
        return b"".join(entry for entry in entries if self.app.db.name.encode() in entry)

    def log(self) -> bytes:
        topics = (gateway.TIPS, gateway.MESSAGES, EVENTS, MESSAGES, "tips.dead")
        records = [record for topic in topics for record in self.app.log.records(topic)]
        return b"".join(b"".join((record.key, record.value, *record.headers.values())) for record in records)


def to_the_hours_key(event: TipReceived, keys: Mapping[str, PublicKey]) -> TipReceived:
    body = seal_to(opened_inbound(event).model_dump_json().encode(), keys, Place.body_of(event))
    return event.model_copy(update={"body": body})


@pytest.fixture
async def filed(tips_app: TipsApp) -> FiledTip:
    await tips_app.transit.roll()
    key = await tips_app.db["transit_keys"].find_one({"starts": {"$lte": NOON}, "ends": {"$gt": NOON}})
    assert key is not None
    public = {key["_id"]: PublicKey(b64decode(key["public"]))}
    photo = Attachment(kind=Kind.IMAGE, url="https://photo.zdn.vn/bang-chung.jpg")
    story = [
        message_received("#tinbao"),
        message_received(WORDS, at=NOON + timedelta(seconds=1)),
        message_received("", kind=Kind.IMAGE, attachments=[photo], at=NOON + timedelta(seconds=2)),
        message_received("#xong", at=NOON + timedelta(seconds=3)),
    ]
    bodies = tuple(to_the_hours_key(to_tips(event), public) for event in story)
    tips_app.log.publish(*bodies)
    await tips_app.drain()
    return FiledTip(tips_app, bodies)


def opens(event: TipReceived, keys: Mapping[str, PrivateKey]) -> bool:
    with suppress(DecryptionError):
        return bool(open_sealed(event.body, keys, Place.body_of(event)))
    return False


def ring_opens(ring: KeyRing, sealed: str, places: Iterator[Place]) -> bool:
    for place in places:
        with suppress(DecryptionError, UnknownKeyError):
            ring.open(sealed, place)
            return True
    return False


async def test_with_the_broker_and_all_secrets_of_chatbot_gateway_and_notify_no_word_opens(filed: FiledTip) -> None:
    chatbot = CHATBOT_SIGNER.to_curve25519_private_key()
    for event in filed.bodies:
        assert not opens(event, dict.fromkeys((*key_ids(event.body), last_resort("chatbot")), chatbot))
        for ring in (BODIES, ADDRESSES):
            assert not ring_opens(ring, event.body, iter([Place.body_of(event)]))
    assert WORDS.encode() not in filed.log()
    assert opens(filed.bodies[1], filed.app.transit._private)  # The attack is one: tips itself still can.


async def test_when_its_key_is_dead_even_tips_with_all_its_secrets_opens_nothing_on_the_log(filed: FiledTip) -> None:
    filed.app.clock.advance(hours=26)
    await filed.app.transit.roll()
    restarted = await filed.app.restart()
    await restarted.transit.load([event.body for event in filed.bodies])
    signer = TIPS_SIGNER.to_curve25519_private_key()
    everything = {**restarted.transit._private, **dict.fromkeys(key_ids(filed.bodies[1].body), signer)}
    assert not any(opens(event, everything) for event in filed.bodies)


async def test_the_database_and_its_journal_hold_no_key_of_a_case_in_any_spelling(filed: FiledTip) -> None:
    case = await filed.app.case()
    dump = await filed.app.dump() + await filed.journal()
    assert case["_id"].encode() in dump  # The journal was really read.
    for key in officer_keys(case, DESK).values():
        for spelling in (key.secret, b64encode(key.secret), key.secret.hex().encode()):
            assert spelling not in dump
    assert WORDS.encode() not in dump


async def test_a_month_of_backups_opens_with_no_secret_that_is_left(filed: FiledTip) -> None:
    """Whatever was sealed on the way, in former states of the database: its lines are gone from the rolling ring."""
    backup = await filed.app.dump() + await filed.journal()
    sealed = {match.decode() for match in SEALED.findall(backup)}
    day_of_the_tip = set(filed.app.transit.ring.current().keys)
    under_the_ring = {text for text in sealed if text.partition(".")[0] in day_of_the_tip}
    assert under_the_ring, "nothing was looked at"
    filed.app.clock.advance(days=6)
    filed.app.transit.ring.roll(filed.app.clock().date())
    left = filed.app.transit.ring.current()
    assert not day_of_the_tip & set(left.keys)
    places = [
        Place.stored(f"{filed.app.db.name}.transit_keys", key_id)
        for key_id in {key_id for event in filed.bodies for key_id in key_ids(event.body)}
    ]
    assert not any(
        ring_opens(ring, text, iter(places)) for text in under_the_ring for ring in (left, BODIES, ADDRESSES)
    )


async def test_a_cancelled_tip_leaves_nothing_that_its_officer_could_open(filed: FiledTip) -> None:
    start = NOON + timedelta(minutes=1)
    await filed.app.handle(
        message_received("#tinbao", at=start),
        message_received(WORDS, at=start + timedelta(seconds=1)),
        message_received("#huy", at=start + timedelta(seconds=2)),
    )
    cancelled = next(case for case in await filed.app.cases() if case["state"] == "cancelled")
    assert "keys" not in cancelled
    assert await filed.app.db["pieces"].count_documents({"case": cancelled["_id"]}) == 0
