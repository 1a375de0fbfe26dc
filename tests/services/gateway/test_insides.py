"""What a sealed body opens to: the words, the files, the receipts, and the raw body of what is no message."""

import pytest

from contracts.gateway import (
    CitizenActed,
    MessageDelivered,
    MessageEchoed,
    MessageReceived,
    MessageSeen,
    OfficerReplied,
    PlatformNoticed,
)
from contracts.message import Address, Kind, Spoken
from contracts.receipt import Receipt
from tests.doubles import ADDRESSES, BODIES
from tests.services.gateway import payloads
from tests.services.gateway.payloads import NOW, OA, USER, Json
from tests.services.gateway.rooms import raw
from tests.services.gateway.test_catalogue import fact


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.INFO])
def test_a_message_opens_to_what_was_said(kind: Kind) -> None:
    body = payloads.BODIES[f"user_send_{kind}"]
    said = fact(body)
    assert isinstance(said, MessageReceived)
    assert said.kind is kind
    spoken = Spoken.model_validate_json(BODIES.open(said.body, OA, "body"))
    assert spoken.msg_id == body["message"]["msg_id"]
    assert [one.kind for one in spoken.attachments] == ([] if kind is Kind.TEXT else [kind])
    address = Address.model_validate_json(ADDRESSES.open(said.address, OA, "address"))
    assert address == Address(oa_id=OA, user_id=USER)


def test_attachments_keep_every_member_that_we_use() -> None:
    file = spoken_of("user_send_file").attachments[0]
    assert (file.name, file.size_bytes, file.checksum) == (
        "đơn trình báo.docx", 30_540, "d41d8cd98f00b204e9800998ecf8427e",
    )  # fmt: skip
    place = spoken_of("user_send_location").attachments[0]
    assert (place.latitude, place.longitude) == (10.8672, 106.6547)
    assert spoken_of("user_send_business_card").attachments[0].description == (
        '{"phone":"84900000000","qrCodeUrl":"https://qr.example/1"}'
    )
    assert spoken_of("user_send_sticker").attachments[0].name == "46041"


def test_a_contact_card_becomes_a_message_with_answers_under_plain_names() -> None:
    said = fact(payloads.BODIES["user_submit_info"])
    assert isinstance(said, MessageReceived)
    assert said.kind is Kind.INFO
    assert spoken_of("user_submit_info").info == {
        "name": "Người Thử Nghiệm", "phone": payloads.PHONE, "dob": "01/02/1990", "gender": "Nam",
        "city": "Thành phố Sông Lam", "ward": "Phường Thới An", "address": "5 đường Mẫu",
    }  # fmt: skip


def test_an_echo_with_an_admin_is_a_person_who_answered_without_one_it_is_our_own_voice() -> None:
    body = payloads.BODIES["oa_send_text"]
    by_person = fact(body | {"sender": {"id": OA, "admin_id": "5000000000000000005"}})
    assert type(by_person) is OfficerReplied
    assert by_person.topic == "gateway.messages"
    by_us = fact(body | {"sender": {"id": OA, "admin_id": ""}})
    assert type(by_us) is MessageEchoed
    assert by_us.topic == "gateway.receipts"
    opened = Receipt.model_validate_json(BODIES.open(by_us.body, OA, "body"))
    assert opened == Receipt(msg_ids=("oa_send_text-0b9a",), text="làm căn cước cần giấy tờ gì")


@pytest.mark.parametrize("kind", ["list", "template", "image", "sticker", "file"])
def test_a_person_may_answer_with_more_than_text(kind: str) -> None:
    said = fact(payloads.BODIES[f"oa_send_{kind}"] | {"sender": {"id": OA, "admin_id": "5"}})
    assert isinstance(said, OfficerReplied)
    assert Spoken.model_validate_json(BODIES.open(said.body, OA, "body")).attachments


def test_receipts_open_to_the_messages_they_speak_of() -> None:
    assert receipt_of(payloads.BODIES["user_received_message"]).msg_ids == ("m-1",)
    assert receipt_of(payloads.BODIES["user_seen_message"]).msg_ids == ("m-1", "m-2")


def test_a_templates_receipt_brings_our_own_id_back_and_tells_when_it_arrived() -> None:
    earlier = NOW - 60_000
    body = payloads.receipt("user_received_message", delivery_time=str(earlier), msg_id="z-1", tracking_id="loa-42")
    body["recipient"] = {"id": payloads.PHONE}
    assert receipt_of(body).tracking_id == "loa-42"
    assert int(fact(body).occurred_at.timestamp() * 1_000) == earlier


@pytest.mark.parametrize(
    "name", ["user_click_chatnow", "user_call_oa", "widget_interaction_accepted", "user_reacted_message"]
)
def test_a_citizen_who_acted_can_be_answered(name: str) -> None:
    said = fact(payloads.BODIES[name])
    assert isinstance(said, CitizenActed)
    assert said.action == name
    assert said.address is not None


@pytest.mark.parametrize("name", ["anonymous_send_text", "user_reply_consent"])
def test_who_is_known_by_a_phone_or_a_passing_id_has_no_address(name: str) -> None:
    said = fact(payloads.BODIES[name])
    assert isinstance(said, CitizenActed)
    assert said.address is None


def test_what_is_no_message_travels_as_the_raw_body_sealed() -> None:
    body = payloads.BODIES["change_template_status"]
    said = fact(body)
    assert isinstance(said, PlatformNoticed)
    assert BODIES.open(said.body, OA, "body") == raw(body)


def test_an_unknown_event_is_kept_whole() -> None:
    body = payloads.of_oa("oa_learned_to_sing", song={"verse": 3})
    said = fact(body)
    assert isinstance(said, PlatformNoticed)
    assert said.name == "unknown"
    assert BODIES.open(said.body, OA, "body") == raw(body)


def spoken_of(name: str) -> Spoken:
    said = fact(payloads.BODIES[name])
    assert isinstance(said, MessageReceived)
    return Spoken.model_validate_json(BODIES.open(said.body, OA, "body"))


def receipt_of(body: Json) -> Receipt:
    said = fact(body)
    assert isinstance(said, MessageDelivered | MessageSeen)
    return Receipt.model_validate_json(BODIES.open(said.body, OA, "body"))
