"""What a sealed body opens to: the words, the files, the receipts, and the raw body of what is no message."""

import pytest

from chassis.crypto import Place
from contracts.gateway import (
    CitizenActed,
    MessageDelivered,
    MessageEchoed,
    MessageReceived,
    MessageSeen,
    OfficerReplied,
    PlatformNoticed,
)
from contracts.message import Address, InboundMessage, Kind
from contracts.receipt import Receipt
from tests.doubles import ADDRESSES, BODIES, opened_inbound
from tests.services.gateway import payloads
from tests.services.gateway.gateway_parts import raw
from tests.services.gateway.payloads import NOW, OA, USER, Json
from tests.services.gateway.test_catalogue import event_of


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.INFO])
def test_a_message_opens_to_what_was_written(kind: Kind) -> None:
    body = payloads.BODIES[f"user_send_{kind}"]
    event = event_of(body)
    assert isinstance(event, MessageReceived)
    assert event.kind is kind
    message = opened_inbound(event)
    assert message.msg_id == body["message"]["msg_id"]
    assert [attachment.kind for attachment in message.attachments] == ([] if kind is Kind.TEXT else [kind])
    address = Address.model_validate_json(ADDRESSES.open(event.address, Place.address(OA, event.conversation)))
    assert address == Address(oa_id=OA, user_id=USER)


def test_attachments_keep_every_member_that_we_use() -> None:
    file = message_of("user_send_file").attachments[0]
    assert (file.name, file.size_bytes, file.checksum) == (
        "đơn trình báo.docx", 30_540, "d41d8cd98f00b204e9800998ecf8427e",
    )  # fmt: skip
    location = message_of("user_send_location").attachments[0]
    assert (location.latitude, location.longitude) == (10.8672, 106.6547)
    assert message_of("user_send_business_card").attachments[0].description == (
        '{"phone":"84900000000","qrCodeUrl":"https://qr.example/1"}'
    )
    assert message_of("user_send_sticker").attachments[0].name == "46041"


def test_a_contact_card_becomes_a_message_with_answers_under_plain_names() -> None:
    event = event_of(payloads.BODIES["user_submit_info"])
    assert isinstance(event, MessageReceived)
    assert event.kind is Kind.INFO
    assert message_of("user_submit_info").info == {
        "name": "Người Thử Nghiệm", "phone": payloads.PHONE, "dob": "01/02/1990", "gender": "Nam",
        "city": "Thành phố Sông Lam", "ward": "Phường Thới An", "address": "5 đường Mẫu",
    }  # fmt: skip


def test_an_echo_with_an_admin_is_an_officers_reply_and_without_one_it_is_our_own_message() -> None:
    body = payloads.BODIES["oa_send_text"]
    by_person = event_of(body | {"sender": {"id": OA, "admin_id": "5000000000000000005"}})
    assert type(by_person) is OfficerReplied
    assert by_person.topic == "gateway.messages"
    by_us = event_of(body | {"sender": {"id": OA, "admin_id": ""}})
    assert type(by_us) is MessageEchoed
    assert by_us.topic == "gateway.receipts"
    opened = Receipt.model_validate_json(BODIES.open(by_us.body, Place.body_of(by_us)))
    assert opened == Receipt(msg_ids=("oa_send_text-0b9a",), text="làm căn cước cần giấy tờ gì")


@pytest.mark.parametrize("kind", ["list", "template", "image", "sticker", "file"])
def test_a_person_may_answer_with_more_than_text(kind: str) -> None:
    event = event_of(payloads.BODIES[f"oa_send_{kind}"] | {"sender": {"id": OA, "admin_id": "5"}})
    assert isinstance(event, OfficerReplied)
    assert InboundMessage.model_validate_json(BODIES.open(event.body, Place.body_of(event))).attachments


def test_receipts_open_to_the_messages_they_speak_of() -> None:
    assert receipt_of(payloads.BODIES["user_received_message"]).msg_ids == ("m-1",)
    assert receipt_of(payloads.BODIES["user_seen_message"]).msg_ids == ("m-1", "m-2")


def test_a_templates_receipt_brings_our_own_id_back_and_tells_when_it_arrived() -> None:
    earlier = NOW - 60_000
    body = payloads.receipt("user_received_message", delivery_time=str(earlier), msg_id="z-1", tracking_id="loa-42")
    body["recipient"] = {"id": payloads.PHONE}
    assert receipt_of(body).tracking_id == "loa-42"
    assert int(event_of(body).occurred_at.timestamp() * 1_000) == earlier


@pytest.mark.parametrize(
    "name", ["user_click_chatnow", "user_call_oa", "widget_interaction_accepted", "user_reacted_message"]
)
def test_a_citizen_who_acted_can_be_answered(name: str) -> None:
    event = event_of(payloads.BODIES[name])
    assert isinstance(event, CitizenActed)
    assert event.action == name
    assert event.address is not None


@pytest.mark.parametrize("name", ["anonymous_send_text", "user_reply_consent"])
def test_who_is_known_by_a_phone_or_a_passing_id_has_no_address(name: str) -> None:
    event = event_of(payloads.BODIES[name])
    assert isinstance(event, CitizenActed)
    assert event.address is None


def test_what_is_no_message_travels_as_the_raw_body_sealed() -> None:
    body = payloads.BODIES["change_template_status"]
    event = event_of(body)
    assert isinstance(event, PlatformNoticed)
    assert BODIES.open(event.body, Place.body_of(event)) == raw(body)


def test_an_unknown_event_is_kept_whole() -> None:
    body = payloads.of_oa("oa_learned_to_sing", song={"verse": 3})
    event = event_of(body)
    assert isinstance(event, PlatformNoticed)
    assert event.name == "unknown"
    assert BODIES.open(event.body, Place.body_of(event)) == raw(body)


def message_of(name: str) -> InboundMessage:
    event = event_of(payloads.BODIES[name])
    assert isinstance(event, MessageReceived)
    return opened_inbound(event)


def receipt_of(body: Json) -> Receipt:
    event = event_of(body)
    assert isinstance(event, MessageDelivered | MessageSeen)
    return Receipt.model_validate_json(BODIES.open(event.body, Place.body_of(event)))
