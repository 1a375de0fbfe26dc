"""Who has the floor. Chatbot and tips compute it apart, so every sentence here is a promise both lean on."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.floor import IDLE, Floor, Holder, command, hear, lapsed
from tests.facts import NOON

CHATBOT, TIPS = Holder.CHATBOT, Holder.TIPS
SECOND = timedelta(seconds=1)

Said = tuple[str, float]  # Words, and seconds after noon.


def holders(*said: Said) -> list[Holder]:
    return [holder for _, holder in floors(said)]


def floors(said: Sequence[Said]) -> Iterator[tuple[Floor, Holder]]:
    floor = Floor()
    for text, seconds in said:
        floor, holder = hear(floor, text, NOON + timedelta(seconds=seconds))
        yield floor, holder


@pytest.mark.parametrize(
    ("said", "answers"),
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
def test_the_floor_moves_on_commands_and_silence_alone(said: list[Said], answers: list[Holder]) -> None:
    assert holders(*said) == answers


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
    ],
)
def test_a_command_is_known_however_it_is_typed_and_nothing_else_is_one(text: str, means: str | None) -> None:
    assert command(text) == means


def test_silence_is_counted_from_the_latest_message_even_if_an_older_one_came_after_it() -> None:
    late = [("#tinbao", 1_000.0), ("cũ", 0.0), ("mới", 1_000 + IDLE.total_seconds())]
    assert holders(*late) == [TIPS, TIPS, TIPS]


def test_a_floor_lapses_right_after_half_an_hour_and_only_when_tips_holds_it() -> None:
    held = Floor(TIPS, NOON)
    assert not lapsed(held, NOON + IDLE)
    assert lapsed(held, NOON + IDLE + SECOND)
    assert not lapsed(Floor(CHATBOT, NOON), NOON + 2 * IDLE)


words = st.sampled_from(["#tinbao", "#TinBáo", "#xong", "#huy", "#Huỷ", "có trộm", "", "#khac", "tinbao"])
conversations = st.lists(st.tuples(words, st.floats(0, 20_000)), max_size=40)


@given(conversations)
def test_exactly_one_side_answers_each_message(said: list[Said]) -> None:
    chatbot = [holder is CHATBOT for holder in holders(*said)]
    tips = [holder is TIPS for holder in holders(*said)]
    assert all(one != other for one, other in zip(chatbot, tips, strict=True))


@given(conversations, st.data())
def test_both_sides_agree_wherever_each_was_stopped_and_started_again(said: list[Said], data: st.DataObject) -> None:
    """A side that dies keeps its last floor and goes on from it; the other one never noticed."""
    cut = data.draw(st.integers(0, len(said)))
    before = list(floors(said[:cut]))
    floor = before[-1][0] if before else Floor()
    resumed = [holder for _, holder in before]
    for text, seconds in said[cut:]:
        floor, holder = hear(floor, text, NOON + timedelta(seconds=seconds))
        resumed.append(holder)
    assert resumed == holders(*said)


@given(conversations)
def test_a_side_may_forget_everything_while_the_chatbot_holds_the_floor(said: list[Said]) -> None:
    for floor, _ in floors(said):
        assert floor.holder is TIPS or floor == Floor()


@given(conversations, conversations)
def test_what_one_citizen_says_moves_no_other_floor(mine: list[Said], others: list[Said]) -> None:
    """Interleaved as a batch is, each with a floor of its own."""
    kept = {"mine": Floor(), "others": Floor()}
    found: dict[str, list[Holder]] = {"mine": [], "others": []}
    longest = max(len(mine), len(others))
    for nth in range(longest):
        for who, said in (("others", others), ("mine", mine)):
            if nth < len(said):
                text, seconds = said[nth]
                kept[who], holder = hear(kept[who], text, NOON + timedelta(seconds=seconds))
                found[who].append(holder)
    assert found == {"mine": holders(*mine), "others": holders(*others)}


@given(conversations)
def test_free_text_never_moves_the_floor_to_tips(said: list[Said]) -> None:
    free = [(text.replace("#", ""), seconds) for text, seconds in said]
    assert all(holder is CHATBOT for holder in holders(*free))


def test_a_closer_before_the_opening_and_after_it_are_two_different_stories() -> None:
    assert holders(("#xong", 0), ("#tinbao", 0), ("có trộm", 0))[-1] is TIPS
    assert holders(("#tinbao", 0), ("#xong", 0), ("có trộm", 0))[-1] is CHATBOT
