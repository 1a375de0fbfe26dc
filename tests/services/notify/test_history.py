"""Finding a message of ours in a conversation as Zalo tells it."""

from typing import Any

from contracts.message import Asset, MessagePart
from services.notify.zalo.history import is_same_message, read

CHAT_MESSAGE = {"message_id": "m-1", "src": 0, "time": 1_000, "type": "text", "message": "Đã nhận hồ sơ"}


def is_recognised(part: MessagePart, since: int = 0, **more: Any) -> bool:
    (message,) = read([CHAT_MESSAGE | more])
    return is_same_message(message, part, since)


def test_our_words_are_recognised_however_they_are_composed() -> None:
    assert is_recognised(MessagePart(text="Đã nhận hồ sơ"))
    assert is_recognised(MessagePart(text="Đã nhận hồ so\u031b "))


def test_a_citizens_words_are_not_ours() -> None:
    assert not is_recognised(MessagePart(text="Đã nhận hồ sơ"), src=1)


def test_old_words_are_not_these() -> None:
    assert not is_recognised(MessagePart(text="Đã nhận hồ sơ"), since=1_001)


def test_other_words_are_not_these() -> None:
    assert not is_recognised(MessagePart(text="Đã trả hồ sơ"))


def test_a_picture_is_recognised_by_being_no_words() -> None:
    picture = MessagePart(image=Asset(url="http://127.0.0.1:1/a.png", name="a.png", media_type="image/png"))
    assert is_recognised(picture, type="photo", message="")
    assert not is_recognised(picture)


def test_what_is_no_message_is_passed_over() -> None:
    assert read(None) == []
    assert read([7, {}, {"message_id": ""}]) == []
    assert read([{"message_id": "m", "time": "5", "src": "0"}])[0].at_ms == 5
