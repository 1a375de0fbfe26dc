"""What is odd and loses nothing is met with tolerance; what would have to be guessed is refused with a reason."""

from typing import Any

import pytest

from contracts.gateway import MessageEchoed, MessageReceived
from contracts.message import InboundMessage
from services.gateway.zalo.envelope import UnreadableError, moment_ms, open_envelope
from services.gateway.zalo.message import UnclearError
from services.gateway.zalo.parse import oa_of, parse
from tests.doubles import opened_inbound
from tests.services.gateway import payloads
from tests.services.gateway.gateway_parts import EVENT_FACTORY, raw
from tests.services.gateway.payloads import NOW, OA, USER, Json
from tests.services.gateway.test_catalogue import event_of, understood

TEXT = payloads.BODIES["user_send_text"]


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("1790000000000", 1_790_000_000_000),
        (1_790_000_000_000, 1_790_000_000_000),
        (1_790_000_000, 1_790_000_000_000),
        ("1790000000", 1_790_000_000_000),
        ("1790000000.123", 1_790_000_000_000),
        ("154390853474", 1_543_908_534_740),  # Twelve digits, as in an official sample.
        ("15439085347", 1_543_908_534_700),
        ("1790000000000000", 1_790_000_000_000),
        (1_790_000_000_000_000_000, 1_790_000_000_000),
        (1.79e12, 1_790_000_000_000),
        (" 1790000000000 ", 1_790_000_000_000),
    ],
)
def test_a_timestamp_is_read_by_its_magnitude(stated: Any, expected: int) -> None:
    assert moment_ms(stated, NOW + 1_000) == expected


@pytest.mark.parametrize(
    "stated", ["", None, "soon", True, {}, [], "-5", "12", "9" * 40, 9_999_999_999_999, "١٧٩٠٠٠٠٠٠٠"]
)
def test_what_is_no_time_or_far_ahead_counts_as_now(stated: Any) -> None:
    assert moment_ms(stated, NOW) == NOW


def test_escaped_and_raw_unicode_say_the_same() -> None:
    escaped = (
        raw(TEXT).decode().encode("ascii", "backslashreplace").replace(b"\\xe", b"\\u00e").replace(b"\\xf", b"\\u00f")
    )
    assert open_envelope(escaped).body == open_envelope(raw(TEXT)).body


def test_half_an_emoji_does_not_lose_the_rest_of_the_message() -> None:
    cut = raw(TEXT | {"message": {"text": "HALF", "msg_id": "m-9"}}).replace(b"HALF", b"xin ch\\u00e0o \\ud83d")
    body = open_envelope(cut).body
    assert body["message"]["text"].startswith("xin chào ")


@pytest.mark.parametrize(
    "bad", [b"", b"{", b'{"a":1', b"nonsense", b"\xff\xfe", b'{"a":"\\ud83d"', b"[" * 5_000, b'{"\\ud83d":' * 999]
)
def test_what_is_no_json_is_malformed(bad: bytes) -> None:
    with pytest.raises(UnreadableError, match=r"^malformed$"):
        open_envelope(bad)


@pytest.mark.parametrize("bad", [b"[]", b"1", b'"x"', b"null", b"true"])
def test_what_is_no_object_is_named_so(bad: bytes) -> None:
    with pytest.raises(UnreadableError, match=r"^not_an_object$"):
        open_envelope(bad)


def test_a_missing_user_id_by_app_is_not_missed() -> None:
    assert understood({k: v for k, v in TEXT.items() if k != "user_id_by_app"}).person == USER


def test_ids_given_as_numbers_keep_every_digit() -> None:
    parsed = understood(TEXT | {"sender": {"id": int(USER)}, "recipient": {"id": int(OA)}})
    assert (parsed.person, parsed.oa_id) == (USER, OA)


def test_attachments_at_the_root_are_read() -> None:
    message = {"msg_id": "m-7"}
    body = payloads.BODIES["user_send_image"] | {
        "message": message,
        "attachments": payloads.BODIES["user_send_image"]["message"]["attachments"],
    }
    assert len(message_of(body).attachments) == 1


def test_one_attachment_without_a_list_is_one() -> None:
    attachment = payloads.BODIES["user_send_image"]["message"]["attachments"][0]
    assert (
        len(
            message_of(
                payloads.BODIES["user_send_image"] | {"message": {"msg_id": "m", "attachments": attachment}}
            ).attachments
        )
        == 1
    )


def test_coordinates_may_be_numbers_or_have_a_comma_or_stand_outside() -> None:
    for payload in ({"coordinates": {"latitude": 10.5, "longitude": 106}}, {"latitude": "10,5", "longitude": "106"}):
        body = with_payload("user_send_location", payload)
        attachment = message_of(body).attachments[0]
        assert (attachment.latitude, attachment.longitude) == (10.5, 106.0)


def test_the_older_contact_card_with_numbers_is_understood() -> None:
    info = {
        "name": "Người Thử",
        "phone": 84_900_000_000,
        "address": "5 đường Mẫu",
        "city": 1,
        "district": 2,
        "ward": "3",
    }
    assert message_of(payloads.BODIES["user_submit_info"] | {"info": info}).info == {
        "name": "Người Thử", "phone": "84900000000", "address": "5 đường Mẫu", "city": "1", "district": "2", "ward": "3",
    }  # fmt: skip


def test_a_receipt_with_reversed_fields_is_ours_when_only_one_of_them_is_our_oa() -> None:
    body = payloads.receipt("user_seen_message", msg_ids=["m-1"]) | {"sender": {"id": USER}, "recipient": {"id": OA}}
    parsed = understood(body)
    assert (parsed.oa_id, parsed.person) == (OA, USER)


def test_the_oas_own_words_are_never_a_citizens_question() -> None:
    event = event_of(TEXT | {"sender": {"id": OA}, "recipient": {"id": OA}})
    assert type(event) is MessageEchoed


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({k: v for k, v in TEXT.items() if k != "sender"}, "no_person"),
        (TEXT | {"sender": {"id": ""}}, "no_person"),
        (TEXT | {"sender": {"id": {"$gt": 1}}}, "no_person"),
        (TEXT | {"sender": {"id": "x" * 200}}, "no_person"),
        (TEXT | {"message": {"text": {"a": 1}, "msg_id": "m"}}, "odd_text"),
        (TEXT | {"message": {"text": "à" * 20_001, "msg_id": "m"}}, "out_of_bounds"),
        (TEXT | {"message": {"msg_id": "m", "attachments": ["x"]}}, "odd_attachment"),
        (TEXT | {"message": {"msg_id": "m", "attachments": [{"type": "image", "payload": {}}] * 51}}, "out_of_bounds"),
        (payloads.BODIES["user_submit_info"] | {"info": "no"}, "no_info"),
        (payloads.BODIES["user_submit_info"] | {"info": {f"a{n}": "b" for n in range(60)}}, "too_many_answers"),
        (payloads.BODIES["user_submit_info"] | {"info": {"note": "b" * 1_001}}, "answer_too_long"),
    ],
)
def test_what_cannot_be_understood_says_why_and_quotes_nothing(body: Json, reason: str) -> None:
    with pytest.raises(UnclearError, match=f"^{reason}$"):
        understood(body)


def test_what_is_nested_too_deeply_to_be_identified_is_kept_instead() -> None:
    deep = raw(payloads.of_oa("brand_new"))[:-1] + b',"d":' + b"[" * 900 + b"]" * 900 + b"}"
    envelope = open_envelope(deep)
    with pytest.raises(UnclearError, match=r"^too_deep$"):
        parse(envelope, OA, lambda _: True, NOW)


def test_a_place_is_not_guessed() -> None:
    for coordinates in ({"latitude": "north", "longitude": "1"}, {"latitude": "1"}, {"latitude": [1], "longitude": 2}):
        with pytest.raises(UnclearError, match=r"^odd_coordinates$"):
            understood(with_payload("user_send_location", {"coordinates": coordinates}))
    with pytest.raises(UnclearError, match=r"^out_of_bounds$"):
        understood(with_payload("user_send_location", {"coordinates": {"latitude": "91", "longitude": "181"}}))


def test_an_oa_that_is_known_wins_over_the_first_field() -> None:
    other = "4999999999999999999"
    envelope = open_envelope(raw(payloads.BODIES["user_received_message"] | {"sender": {"id": other}, "oa_id": OA}))
    assert oa_of(envelope, lambda oa_id: oa_id == OA) == OA
    assert oa_of(envelope, lambda _: False) == other


def with_payload(name: str, payload: Json) -> Json:
    body = payloads.BODIES[name]
    return body | {"message": {"msg_id": "m", "attachments": [{"type": "location", "payload": payload}]}}


def message_of(body: Json) -> InboundMessage:
    envelope = open_envelope(raw(body))
    event = EVENT_FACTORY.build(parse(envelope, OA, lambda oa_id: oa_id == OA, NOW), raw(body))
    assert isinstance(event, MessageReceived)
    return opened_inbound(event)
