"""What a reporter reads: whole, polite, within Zalo's limits, and true."""

import pytest

from contracts.floor import CLOSERS, OPEN, command
from contracts.message import OutboundMessage
from services.tips.texts import Reply, ReplyKind, outbound_message

CODE = "TB-7K3M-9QX2"


def text(kind: ReplyKind, taken: int = 0) -> str:
    return outbound_message(Reply(kind, CODE, taken)).parts[0].text


@pytest.mark.parametrize("kind", ReplyKind)
def test_every_line_is_one_message_with_nothing_left_to_fill_in(kind: ReplyKind) -> None:
    message = outbound_message(Reply(kind, CODE, 3))
    assert OutboundMessage.model_validate_json(message.model_dump_json()) == message
    assert len(message.parts) == 1
    assert "{" not in message.parts[0].text
    assert len(message.parts[0].text) <= 2_000


@pytest.mark.parametrize("kind", [kind for kind in ReplyKind if kind is not ReplyKind.CANCELLED])
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
    for button in outbound_message(Reply(kind, CODE)).parts[0].buttons:
        assert command(button.payload) in {OPEN, *CLOSERS}


@pytest.mark.parametrize("kind", [ReplyKind.OPENED, ReplyKind.STILL_OPEN, ReplyKind.GOT_WORDS, ReplyKind.GOT_MEDIA])
def test_an_open_tip_can_always_be_finished_or_cancelled_with_a_tap(kind: ReplyKind) -> None:
    assert [button.payload for button in outbound_message(Reply(kind, CODE)).parts[0].buttons] == ["#xong", "#huy"]
