"""Who gets a message at the door: the chatbot, or tips, sealed so that nobody else can open it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from chassis.crypto import DecryptionError, Place
from chassis.transit import key_ids, last_resort, open_sealed
from contracts.event import Event
from contracts.floor import SETTLING, Holder
from contracts.gateway import CitizenWithdrew, FloorMoved, MessageReceived, ReporterWithdrew, TipReceived
from services.gateway.floors import TO_CHATBOT, Floors, moved_event
from tests.doubles import BODIES, CHATBOT_SIGNER, TIPS_SIGNER
from tests.events import NOON, make_event
from tests.services.gateway.gateway_parts import GatewayParts, gateway_parts
from tests.services.gateway.payloads import APP, OA, USER, Json

SECOND = timedelta(seconds=1)
TIPS_KEYS = {last_resort("tips"): TIPS_SIGNER.to_curve25519_private_key()}
CHATBOT_KEYS = {last_resort("chatbot"): CHATBOT_SIGNER.to_curve25519_private_key()}


PICTURE: Json = {"attachments": [{"type": "image", "payload": {"url": "https://f.zdn.vn/a.jpg", "thumbnail": ""}}]}


class ManualFloors:
    """Two replicas, and what each of them knows."""

    def __init__(self) -> None:
        self.at, self.current, self.tips_ready = NOON, True, True
        self.floors = self.replica()

    def replica(self) -> Floors:
        return Floors(lambda: self.at, lambda: self.current, lambda: self.tips_ready)

    def route(self, text: str, floors: Floors | None = None) -> Holder:
        return (floors or self.floors).route("c", text, self.at).holder

    def later(self, by: timedelta) -> None:
        self.at += by


@pytest.fixture
def scene() -> ManualFloors:
    return ManualFloors()


def test_a_conversation_without_a_tip_is_the_chatbots_and_nothing_is_remembered(scene: ManualFloors) -> None:
    assert scene.floors.route("c", "xin chào", NOON) is TO_CHATBOT


def test_for_five_seconds_after_a_tip_tips_looks_at_what_comes(scene: ManualFloors) -> None:
    assert scene.route("#tinbao") is Holder.TIPS
    scene.later(SECOND)
    assert scene.route("#xong") is Holder.TIPS
    scene.later(SECOND)
    routing = scene.floors.route("c", "xin chào", scene.at)
    assert (routing.holder, routing.known) == (Holder.TIPS, None)
    scene.later(SETTLING)
    assert scene.route("xin chào") is Holder.CHATBOT


@pytest.mark.parametrize(("tips_ready", "gets_it"), [(True, Holder.TIPS), (False, Holder.CHATBOT)])
def test_a_replica_that_is_not_current_errs_to_secrecy_as_long_as_tips_reads(
    scene: ManualFloors, tips_ready: bool, gets_it: Holder
) -> None:
    scene.current, scene.tips_ready = False, tips_ready
    assert scene.route("xin chào") is gets_it
    assert scene.route("#tinbao") is Holder.TIPS
    assert scene.route("có trộm") is Holder.TIPS


def test_a_replica_knows_the_floor_as_soon_as_it_has_read_what_another_published(scene: ManualFloors) -> None:
    other = scene.replica()
    routing = other.route("c", "#tinbao", scene.at)
    assert routing.known is not None
    cause = make_event(MessageReceived, kind="text", body="x", address="x").model_copy(update={"conversation": "c"})
    assert scene.route("có trộm") is Holder.CHATBOT  # The race: until it has read, it cannot know.
    scene.floors.learn(moved_event(cause, routing.known))
    assert scene.route("có trộm") is Holder.TIPS
    scene.later(SECOND)
    closed = other.route("c", "#xong", scene.at)
    assert closed.known is not None
    scene.floors.learn(moved_event(cause, closed.known))
    scene.later(SETTLING)
    assert scene.route("xin chào") is Holder.CHATBOT


def moved(holder: Holder, at: datetime) -> FloorMoved:
    return make_event(FloorMoved, at=at, holder=holder, since=at).model_copy(update={"conversation": "c"})


def test_of_two_moves_the_later_holds_in_whatever_order_they_come(scene: ManualFloors) -> None:
    scene.floors.learn(moved(Holder.CHATBOT, NOON + SECOND))
    scene.floors.learn(moved(Holder.TIPS, NOON))
    scene.later(SECOND + SETTLING)
    assert scene.route("xin chào") is Holder.CHATBOT


async def test_a_floor_is_forgotten_once_zalo_delivers_nothing_of_it_again(scene: ManualFloors) -> None:
    scene.route("#tinbao")
    scene.later(timedelta(hours=4))
    await scene.floors.prune()
    assert not scene.floors._known
    scene.floors.learn(moved(Holder.TIPS, NOON))
    assert not scene.floors._known


@pytest.fixture
async def parts() -> AsyncIterator[GatewayParts]:
    async with gateway_parts() as running:
        yield running


def text(words: str, seconds: float = 0, name: str = "user_send_text", message: Json | None = None) -> Json:
    stamp = str(int((datetime.now(UTC).timestamp() + seconds) * 1_000))
    content = {"text": words, "msg_id": uuid4().hex, **(message or {})}
    return {
        "event_name": name, "app_id": APP, "sender": {"id": USER}, "recipient": {"id": OA}, "message": content,
        "timestamp": stamp,
    }  # fmt: skip


async def sent(parts: GatewayParts, *bodies: Json) -> list[Event]:
    before = len(parts.broker.sent)
    for body in bodies:
        assert await parts.send(body) == 200
    return parts.broker.events()[before:]


async def test_a_tip_is_announced_first_and_sealed_to_tips_alone(parts: GatewayParts) -> None:
    moved_first, tip = await sent(parts, text("#tinbao có trộm ở 12 ngõ Bịa"))
    assert isinstance(moved_first, FloorMoved)
    assert moved_first.holder is Holder.TIPS
    assert isinstance(tip, TipReceived)
    assert key_ids(tip.body) == (last_resort("tips"),)
    assert "12 ngõ Bịa" in open_sealed(tip.body, TIPS_KEYS, Place.body_of(tip)).decode()
    with pytest.raises(DecryptionError):
        open_sealed(tip.body, CHATBOT_KEYS, Place.body_of(tip))
    with pytest.raises(DecryptionError):
        BODIES.open(tip.body, Place.body_of(tip))


async def test_the_announcement_is_on_the_log_before_the_message_that_causes_it(parts: GatewayParts) -> None:
    calls = parts.broker.calls
    await sent(parts, text("#tinbao"))
    assert parts.broker.calls == calls + 2
    await sent(parts, text("xin chào", seconds=3_600))
    assert parts.broker.calls == calls + 3


async def test_words_outside_a_tip_are_the_chatbots_and_a_picture_is_sealed_to_both(parts: GatewayParts) -> None:
    words, photo = await sent(parts, text("xin chào"), text("", name="user_send_image", message=PICTURE))
    assert isinstance(words, MessageReceived)
    assert BODIES.open(words.body, Place.body_of(words))
    assert isinstance(photo, MessageReceived)
    for keys in (TIPS_KEYS, CHATBOT_KEYS):
        assert b"a.jpg" in open_sealed(photo.body, keys, Place.body_of(photo))


async def test_a_picture_within_a_tip_is_sealed_to_tips_alone(parts: GatewayParts) -> None:
    *_, photo = await sent(parts, text("#tinbao"), text("", 1, name="user_send_image", message=PICTURE))
    assert isinstance(photo, TipReceived)
    assert key_ids(photo.body) == (last_resort("tips"),)


async def test_who_withdraws_has_no_floor_any_more_on_any_replica(parts: GatewayParts) -> None:
    stamp = str(int((datetime.now(UTC).timestamp() + 1) * 1_000))
    withdrawal = {"event_name": "user_withdraw", "app_id": APP, "oa_id": OA, "user_id": USER, "timestamp": stamp}
    *_, closing, withdrew, to_tips = await sent(parts, text("#tinbao"), withdrawal)
    assert isinstance(closing, FloorMoved)
    assert closing.holder is Holder.CHATBOT
    assert isinstance(withdrew, CitizenWithdrew)
    assert isinstance(to_tips, ReporterWithdrew)
    parts.broker.unavailable = parts.spool.unavailable = True
    assert await parts.send(withdrawal | {"user_id": "9000000000000000777"}) == 503


async def test_a_process_that_has_just_started_has_zalo_send_it_again(parts: GatewayParts) -> None:
    parts.ingest.floors.is_starting = lambda: True
    assert await parts.send(text("xin chào")) == 503
    parts.ingest.floors.is_starting = lambda: False
    assert await parts.send(text("xin chào")) == 200
