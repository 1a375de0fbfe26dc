"""Every event of Zalo's catalogue becomes the right fact: one line each."""

import pytest

from contracts.event import Event
from contracts.gateway import (
    CitizenActed,
    CitizenFollowed,
    CitizenUnfollowed,
    CitizenWithdrew,
    MessageDelivered,
    MessageEchoed,
    MessageReceived,
    MessageSeen,
    PlatformNoticed,
)
from services.gateway.zalo.catalogue import CATALOGUE, Shape
from services.gateway.zalo.envelope import open_envelope
from services.gateway.zalo.parse import Parsed, oa_of, parse
from tests.doubles import PEPPER
from tests.services.gateway import payloads
from tests.services.gateway.gateway_parts import EVENT_FACTORY, raw
from tests.services.gateway.payloads import NOW, OA, USER, Json

EVENT_TYPE_OF: dict[Shape, type[Event]] = {
    Shape.MESSAGE: MessageReceived,
    Shape.INFO: MessageReceived,
    Shape.ECHO: MessageEchoed,
    Shape.DELIVERED: MessageDelivered,
    Shape.SEEN: MessageSeen,
    Shape.FOLLOW: CitizenFollowed,
    Shape.UNFOLLOW: CitizenUnfollowed,
    Shape.ACT: CitizenActed,
    Shape.WITHDRAW: CitizenWithdrew,
    Shape.PLATFORM: PlatformNoticed,
}
# Written out, so that a row of the catalogue that is changed by mistake is noticed here.
ACTS = {
    "user_reacted_message", "user_click_chatnow", "widget_interaction_accepted", "user_reply_consent",
    "user_call_oa", "oa_call_user",
    *(f"anonymous_send_{kind}" for kind in ("text", "image", "sticker", "file")),
}  # fmt: skip
ALONE: dict[str, type[Event]] = {
    "user_submit_info": MessageReceived, "user_received_message": MessageDelivered, "user_seen_message": MessageSeen,
    "follow": CitizenFollowed, "unfollow": CitizenUnfollowed, "user_withdraw": CitizenWithdrew,
}  # fmt: skip


def expected(name: str) -> type[Event]:
    if name in ALONE:
        return ALONE[name]
    if name in ACTS:
        return CitizenActed
    if name.startswith("user_send_") and "group" not in name:
        return MessageReceived
    if name.startswith("oa_send_") and "group" not in name and name != "oa_send_consent":
        return MessageEchoed
    return PlatformNoticed


def knows(oa_id: str) -> bool:
    return oa_id == OA


def understood(body: Json) -> Parsed:
    envelope = open_envelope(raw(body))
    oa_id = oa_of(envelope, knows)
    assert oa_id is not None
    return parse(envelope, oa_id, knows, NOW)


def event_of(body: Json) -> Event:
    return EVENT_FACTORY.build(understood(body), raw(body))


def test_there_is_a_body_for_every_row() -> None:
    assert set(payloads.BODIES) == set(CATALOGUE)


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_each_row_becomes_its_event_about_our_oa_at_its_own_time(name: str) -> None:
    event = event_of(payloads.BODIES[name])
    assert type(event) is expected(name)
    assert event.oa_id == OA
    assert int(event.occurred_at.timestamp() * 1_000) == NOW


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_each_event_reads_back_from_its_bytes_and_shows_no_id_of_a_person(name: str) -> None:
    event = event_of(payloads.BODIES[name])
    value = event.model_dump_json()
    assert type(event).model_validate_json(value) == event
    for personal in (USER, "3112345678901234567", "anon-77", payloads.PHONE, "căn cước", "Người Thử"):
        assert personal not in value


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_what_concerns_one_citizen_is_in_that_citizens_conversation(name: str) -> None:
    event = event_of(payloads.BODIES[name])
    citizen, oa = PEPPER.pseudonym(OA, USER), PEPPER.pseudonym(OA)
    anonymous, by_phone = PEPPER.pseudonym(OA, "anon-77"), PEPPER.pseudonym(OA, payloads.PHONE)
    if "anonymous" in name:
        assert event.conversation == anonymous
    elif name == "user_reply_consent":
        assert event.conversation == by_phone
    elif isinstance(event, PlatformNoticed) and name != "oa_reacted_message":
        assert event.conversation == oa
    else:
        assert event.conversation == citizen
