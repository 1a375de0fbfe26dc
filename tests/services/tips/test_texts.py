"""What a reporter reads: whole, polite, within Zalo's limits, and true."""

import pytest

from contracts.floor import CLOSERS, OPEN, command
from contracts.message import OutboundMessage
from services.tips.media.missing import Missing
from services.tips.texts import Limits, Reply, ReplyKind, missing_message, outbound_message

CODE = "TB-7K3M-9QX2"
LIMITS = Limits(100 * 1024 * 1024, 100)


def text(kind: ReplyKind, taken: int = 0) -> str:
    return outbound_message(Reply(kind, CODE, taken), LIMITS).parts[0].text


@pytest.mark.parametrize("kind", ReplyKind)
def test_every_line_is_one_message_with_nothing_left_to_fill_in(kind: ReplyKind) -> None:
    message = outbound_message(Reply(kind, CODE, 3), LIMITS)
    assert OutboundMessage.model_validate_json(message.model_dump_json()) == message
    assert len(message.parts) == 1
    assert "{" not in message.parts[0].text
    assert len(message.parts[0].text) <= 2_000


NOT_OF_A_LIVING_TIP = {ReplyKind.CANCELLED, ReplyKind.ENOUGH, ReplyKind.FAILED}


@pytest.mark.parametrize("kind", [kind for kind in ReplyKind if kind not in NOT_OF_A_LIVING_TIP])
def test_every_line_of_a_living_tip_names_its_code(kind: ReplyKind) -> None:
    assert CODE in text(kind)


def test_the_greeting_says_what_must_be_said_before_anything_is_told() -> None:
    greeting = text(ReplyKind.OPENED)
    for phrase in ("113", "114", "115", "bí mật", "mã hoá", "không phải là đơn tố cáo", "Ở đâu", "Khi nào", "30 phút"):
        assert phrase in greeting


def test_the_greeting_tells_how_much_from_before_was_taken_in() -> None:
    assert "3 tư liệu" in text(ReplyKind.OPENED, taken=3)
    assert "tư liệu quý vị gửi ngay trước đó" not in text(ReplyKind.OPENED)


@pytest.mark.parametrize("kind", ReplyKind)
def test_every_button_moves_the_floor_and_nothing_else(kind: ReplyKind) -> None:
    for button in outbound_message(Reply(kind, CODE), LIMITS).parts[0].buttons:
        assert command(button.payload) in {OPEN, *CLOSERS}


@pytest.mark.parametrize("kind", [ReplyKind.OPENED, ReplyKind.STILL_OPEN, ReplyKind.GOT_WORDS, ReplyKind.GOT_MEDIA])
def test_an_open_tip_can_always_be_finished_or_cancelled_with_a_tap(kind: ReplyKind) -> None:
    assert [button.payload for button in outbound_message(Reply(kind, CODE), LIMITS).parts[0].buttons] == [
        "#xong",
        "#huy",
    ]


def test_the_greeting_names_the_largest_file_that_is_taken() -> None:
    assert "mỗi tệp tối đa 100 MB" in text(ReplyKind.OPENED)


@pytest.mark.parametrize("kind", [ReplyKind.OPENED, ReplyKind.GOT_MEDIA])
def test_what_is_still_to_be_fetched_is_not_called_received(kind: ReplyKind) -> None:
    assert "Đang nhận" in text(kind, taken=2)
    assert "Đã nhận" not in text(kind, taken=2)


@pytest.mark.parametrize("why", Missing)
def test_what_could_not_be_taken_is_one_calm_line_with_its_reason_and_no_word_of_the_tip(why: Missing) -> None:
    (part,) = missing_message({why: 2}, LIMITS).parts
    assert "2 tệp" in part.text
    assert "\n" not in part.text
    assert "{" not in part.text
    assert not part.buttons
    for word in ("tố", "công an", "TB-", "!", "⚠"):
        assert word not in part.text


def test_several_reasons_are_one_line_and_the_size_is_named() -> None:
    text = missing_message({Missing.SIZE: 1, Missing.LATER: 3}, LIMITS).parts[0].text
    assert "1 tệp lớn hơn 100 MB" in text
    assert "3 tệp chưa tải về được" in text


def test_no_line_promises_more_than_is_kept() -> None:
    """While a tip is open its process holds the key; Zalo keeps what it was sent; what is on the way dies within days."""
    assert "tin báo khép lại rồi thì chỉ cán bộ tiếp nhận" in text(ReplyKind.OPENED)
    assert "Zalo vẫn lưu" in text(ReplyKind.OPENED)
    cancelled = text(ReplyKind.CANCELLED)
    assert "trong vài ngày tới" in cancelled
    assert "vẫn còn trong cuộc trò chuyện Zalo" in cancelled
