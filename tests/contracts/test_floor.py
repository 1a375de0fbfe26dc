"""Who has the floor. Chatbot and tips compute it apart, so every sentence here is a promise both lean on."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.floor import IDLE, Floor, Holder, command, floor_after, lapsed
from tests.events import NOON

CHATBOT, TIPS = Holder.CHATBOT, Holder.TIPS
SECOND = timedelta(seconds=1)

TimedText = tuple[str, float]  # Words, and seconds after noon.


def holders(*messages: TimedText) -> list[Holder]:
    return [holder for _, holder in floors(messages)]


def floors(messages: Sequence[TimedText]) -> Iterator[tuple[Floor, Holder]]:
    floor = Floor()
    for text, seconds in messages:
        floor, holder = floor_after(floor, text, NOON + timedelta(seconds=seconds))
        yield floor, holder


@pytest.mark.parametrize(
    ("messages", "answers"),
    [
        ([("xin chào", 0)], [CHATBOT]),
        ([("tôi muốn tin báo tội phạm", 0)], [CHATBOT]),
        ([("#tinbao", 0)], [TIPS]),
        ([("#tinbao", 0), ("có trộm", 5)], [TIPS, TIPS]),
        ([("#tinbao", 0), ("#xong", 5)], [TIPS, TIPS]),
        ([("#tinbao", 0), ("#huy", 5)], [TIPS, TIPS]),
        ([("#tinbao", 0), ("#xong", 5), ("giờ làm việc", 9)], [TIPS, TIPS, CHATBOT]),
        ([("#tinbao", 0), ("#huy", 5), ("giờ làm việc", 9)], [TIPS, TIPS, CHATBOT]),
        ([("#tinbao", 0), ("#tinbao", 5), ("có trộm", 9)], [TIPS, TIPS, TIPS]),
        ([("#tinbao", 0), ("#xong", 5), ("#tinbao", 9)], [TIPS, TIPS, TIPS]),
        ([("#xong", 0)], [CHATBOT]),
        ([("#huy", 0), ("xin chào", 1)], [CHATBOT, CHATBOT]),
        ([("#tinbao", 0), ("", 1800)], [TIPS, TIPS]),
        ([("#tinbao", 0), ("", 1801)], [TIPS, CHATBOT]),
        ([("#tinbao", 0), ("", 1800), ("", 3600)], [TIPS, TIPS, TIPS]),
        ([("#tinbao", 0), ("#xong", 1801)], [TIPS, CHATBOT]),
        ([("#tinbao", 0), ("#tinbao", 1801)], [TIPS, TIPS]),
        ([("xin chào", 0), ("#tinbao", 86_400), ("có trộm", 86_401)], [CHATBOT, TIPS, TIPS]),
        ([("#tinbao", 3600), ("nhắn trễ", 0), ("nhắn tiếp", 5400)], [TIPS, TIPS, TIPS]),
    ],
)
def test_the_floor_moves_on_commands_and_silence_alone(messages: list[TimedText], answers: list[Holder]) -> None:
    assert holders(*messages) == answers


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("#tinbao", "#tinbao"),
        ("  #tinbao  ", "#tinbao"),
        ("#TinBáo", "#tinbao"),
        ("#TINBÁO", "#tinbao"),
        ("#tinba\u0301o", "#tinbao"),
        ("#tinbao: có đánh bạc", "#tinbao"),
        ("#tinbao có đánh bạc", "#tinbao"),
        ("#tinbao\ncó đánh bạc", "#tinbao"),
        ("#xong", "#xong"),
        ("#Xong nhé", "#xong"),
        ("#huy", "#huy"),
        ("#Hủy", "#huy"),
        ("#huỷ", "#huy"),
        ("#huydong", None),
        ("#tinbaogia", None),
        ("# tinbao", None),
        ("tinbao", None),
        ("tôi gõ #tinbao", None),
        ("#", None),
        ("", None),
        ("   ", None),
        ("#" + "x" * 10_000, None),
        ("\u115f#huy", "#huy"),
        ("đã #huy", None),
    ],
)
def test_a_command_is_known_however_it_is_typed_and_nothing_else_is_one(text: str, means: str | None) -> None:
    assert command(text) == means


def test_silence_is_counted_from_the_latest_message_even_if_an_older_one_came_after_it() -> None:
    late = [("#tinbao", 1_000.0), ("cũ", 0.0), ("mới", 1_000 + IDLE.total_seconds())]
    assert holders(*late) == [TIPS, TIPS, TIPS]


def test_a_floor_lapses_right_after_half_an_hour_and_only_when_tips_holds_it() -> None:
    floor = Floor(TIPS, NOON)
    assert not lapsed(floor, NOON + IDLE)
    assert lapsed(floor, NOON + IDLE + SECOND)
    assert not lapsed(Floor(CHATBOT, NOON), NOON + 2 * IDLE)


words = st.sampled_from(["#tinbao", "#TinBáo", "#xong", "#huy", "#Huỷ", "có trộm", "", "#khac", "tinbao"])
conversations = st.lists(st.tuples(words, st.floats(0, 20_000)), max_size=40)


@given(conversations)
def test_exactly_one_side_answers_each_message(messages: list[TimedText]) -> None:
    chatbot = [holder is CHATBOT for holder in holders(*messages)]
    tips = [holder is TIPS for holder in holders(*messages)]
    assert all(by_chatbot != by_tips for by_chatbot, by_tips in zip(chatbot, tips, strict=True))


@given(conversations, st.data())
def test_both_sides_agree_wherever_each_was_stopped_and_started_again(
    messages: list[TimedText], data: st.DataObject
) -> None:
    """A side that dies keeps its last floor and goes on from it; the other one never noticed."""
    cut = data.draw(st.integers(0, len(messages)))
    before = list(floors(messages[:cut]))
    floor = before[-1][0] if before else Floor()
    resumed = [holder for _, holder in before]
    for text, seconds in messages[cut:]:
        floor, holder = floor_after(floor, text, NOON + timedelta(seconds=seconds))
        resumed.append(holder)
    assert resumed == holders(*messages)


@given(conversations)
def test_a_side_may_forget_everything_while_the_chatbot_holds_the_floor(messages: list[TimedText]) -> None:
    for floor, _ in floors(messages):
        assert floor.holder is TIPS or floor == Floor()


@given(conversations, conversations)
def test_what_one_citizen_says_moves_no_other_floor(mine: list[TimedText], others: list[TimedText]) -> None:
    """Interleaved as a batch is, each with a floor of its own."""
    floor_of = {"mine": Floor(), "others": Floor()}
    holders_of: dict[str, list[Holder]] = {"mine": [], "others": []}
    longest = max(len(mine), len(others))
    for index in range(longest):
        for who, messages in (("others", others), ("mine", mine)):
            if index < len(messages):
                text, seconds = messages[index]
                floor_of[who], holder = floor_after(floor_of[who], text, NOON + timedelta(seconds=seconds))
                holders_of[who].append(holder)
    assert holders_of == {"mine": holders(*mine), "others": holders(*others)}


@given(conversations)
def test_free_text_never_moves_the_floor_to_tips(messages: list[TimedText]) -> None:
    free = [(text.replace("#", ""), seconds) for text, seconds in messages]
    assert all(holder is CHATBOT for holder in holders(*free))


def test_a_closer_before_the_opening_and_after_it_are_two_different_stories() -> None:
    assert holders(("#xong", 0), ("#tinbao", 0), ("có trộm", 0))[-1] is TIPS
    assert holders(("#tinbao", 0), ("#xong", 0), ("có trộm", 0))[-1] is CHATBOT
