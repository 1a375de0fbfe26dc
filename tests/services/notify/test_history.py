"""Finding a message of ours in a conversation as Zalo tells it."""

from typing import Any

from contracts.message import Asset, Part
from services.notify.zalo.history import is_it, read

LINE = {"message_id": "m-1", "src": 0, "time": 1_000, "type": "text", "message": "Đã nhận hồ sơ"}


def found(part: Part, since: int = 0, **more: Any) -> bool:
    (line,) = read([LINE | more])
    return is_it(line, part, since)


def test_our_words_are_recognised_however_they_are_composed() -> None:
    assert found(Part(text="Đã nhận hồ sơ"))
    assert found(Part(text="Đã nhận hồ so\u031b "))


def test_a_citizens_words_are_not_ours() -> None:
    assert not found(Part(text="Đã nhận hồ sơ"), src=1)


def test_old_words_are_not_these() -> None:
    assert not found(Part(text="Đã nhận hồ sơ"), since=1_001)


def test_other_words_are_not_these() -> None:
    assert not found(Part(text="Đã trả hồ sơ"))


def test_a_picture_is_recognised_by_being_no_words() -> None:
    picture = Part(image=Asset(url="http://127.0.0.1:1/a.png", name="a.png", media_type="image/png"))
    assert found(picture, type="photo", message="")
    assert not found(picture)


def test_what_is_no_line_is_passed_over() -> None:
    assert read(None) == []
    assert read([7, {}, {"message_id": ""}]) == []
    assert read([{"message_id": "m", "time": "5", "src": "0"}])[0].at_ms == 5
