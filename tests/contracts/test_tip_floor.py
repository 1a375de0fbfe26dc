"""What the gateway knows of a floor: a message from within a tip is the tip's, however late and however often it comes."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.floor import IDLE, SETTLING, Floor, Holder, TipFloor, answered_by, floor_after, is_certain
from tests.events import NOON

CHATBOT, TIPS = Holder.CHATBOT, Holder.TIPS
SECOND = timedelta(seconds=1)


def answers(*messages: tuple[str, float]) -> list[Holder]:
    known: TipFloor | None = None
    holders = []
    for text, seconds in messages:
        at = NOON + timedelta(seconds=seconds)
        known, holder = answered_by(known, text, at, at)
        holders.append(holder)
    return holders


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        ([("xin chào", 0)], [CHATBOT]),
        ([("#tinbao", 0), ("có trộm", 5), ("#xong", 9), ("xin chào", 10)], [TIPS, TIPS, TIPS, CHATBOT]),
        ([("#tinbao", 0), ("#xong", 9), ("nhắn trễ", 5)], [TIPS, TIPS, TIPS]),
        ([("#tinbao", 0), ("#xong", 9), ("#xong", 9)], [TIPS, TIPS, TIPS]),
        ([("#tinbao", 0), ("#xong", 9), ("gửi trước đó", -1)], [TIPS, TIPS, CHATBOT]),
        ([("#tinbao", 0), ("#xong", 9), ("#tinbao", 20), ("giữa hai tin", 15)], [TIPS, TIPS, TIPS, TIPS]),
        ([("#tinbao", 0), ("xin chào", 1801)], [TIPS, CHATBOT]),
        ([("#huy", 0)], [CHATBOT]),
    ],
)
def test_what_is_written_within_a_tip_is_the_tips(messages: list[tuple[str, float]], expected: list[Holder]) -> None:
    assert answers(*messages) == expected


def test_a_floor_that_has_just_moved_is_not_certain_for_five_seconds() -> None:
    known, _ = answered_by(None, "#tinbao", NOON, NOON)
    known, _ = answered_by(known, "#xong", NOON + SECOND, NOON + SECOND)
    assert not is_certain(known, NOON + SECOND)
    assert is_certain(known, NOON + SECOND + SETTLING)
    assert is_certain(None, NOON)


def test_messages_of_one_tip_do_not_move_the_floor_anew() -> None:
    known, _ = answered_by(None, "#tinbao", NOON, NOON)
    later, _ = answered_by(known, "có trộm", NOON + IDLE, NOON + IDLE)
    assert later is not None
    assert later.moved_at == NOON
    assert (later.since, later.until) == (NOON, NOON + IDLE)


@given(
    st.lists(
        st.tuples(st.sampled_from(["#tinbao", "#xong", "#huy", "chuyện"]), st.integers(0, 4_000)), max_size=12
    ).map(lambda messages: sorted(messages, key=lambda message: message[1]))
)
def test_in_order_the_gateway_sends_tips_at_least_all_that_is_the_tips(messages: list[tuple[str, int]]) -> None:
    floor = Floor()
    for (text, seconds), sent_to in zip(messages, answers(*messages), strict=True):
        floor, answers_it = floor_after(floor, text, NOON + timedelta(seconds=seconds))
        assert sent_to is TIPS or answers_it is CHATBOT
