"""Tips that one citizen opens in a day are bounded; whoever goes on is told to call, and nothing is kept silently."""

from datetime import timedelta

from services.tips.decide import DAY, MOST_OPENINGS, Open
from services.tips.texts import ReplyKind
from tests.services.tips.talk import Talk, command_types, reply_kinds


def opened_often(times: int) -> Talk:
    talk = Talk()
    for number in range(times):
        assert reply_kinds(talk.says("#tinbao", after=number * 60)) == [ReplyKind.OPENED]
        talk.says("#huy" if number % 2 else "#xong", after=number * 60 + 30)
    return talk


def test_beyond_the_bound_no_tip_is_opened_and_every_message_is_told_to_call() -> None:
    talk = opened_often(MOST_OPENINGS)
    for text in ("#tinbao", "có trộm", "#xong"):
        decision = talk.says(text, after=3_000)
        assert (command_types(decision), reply_kinds(decision)) == ([], [ReplyKind.ENOUGH])
    assert reply_kinds(talk.says("giờ làm việc", after=3_010)) == []


def test_a_day_after_the_first_one_there_is_room_again() -> None:
    talk = opened_often(MOST_OPENINGS)
    decision = talk.says("#tinbao", after=DAY)
    assert (command_types(decision), reply_kinds(decision)) == ([Open], [ReplyKind.OPENED])
    talk.says("#xong", after=DAY + timedelta(seconds=5))
    assert reply_kinds(talk.says("#tinbao", after=DAY + timedelta(seconds=10))) == [ReplyKind.ENOUGH]


def test_messages_in_an_open_tip_are_never_too_many() -> None:
    talk = opened_often(MOST_OPENINGS - 1)
    talk.says("#tinbao", after=3_000)
    assert reply_kinds(talk.says("#tinbao", after=3_010)) == [ReplyKind.STILL_OPEN]
    assert reply_kinds(talk.says("có trộm", after=3_020)) == [ReplyKind.GOT_WORDS]
