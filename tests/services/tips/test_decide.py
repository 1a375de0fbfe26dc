"""What tips decides. Read the names; they are the specification."""

from datetime import timedelta

import pytest

from contracts.floor import IDLE, Holder
from contracts.message import Kind
from services.tips.decide import BURST, AddMessage, Close, Decision, Erase, Identify, Open
from services.tips.state import State
from services.tips.texts import ReplyKind
from tests.events import NOON
from tests.services.tips.talk import SECOND, Talk, command_types, reply_kinds


@pytest.fixture
def talk() -> Talk:
    return Talk()


@pytest.fixture
def tip(talk: Talk) -> Talk:
    talk.says("#tinbao")
    return talk


def test_what_is_the_chatbots_leaves_no_trace(talk: Talk) -> None:
    assert talk.says("làm căn cước cần giấy tờ gì") == Decision(State(), is_ours=False)


def test_tinbao_opens_a_case_and_gives_its_code(talk: Talk) -> None:
    decision = talk.says("#tinbao")
    assert command_types(decision) == [Open]
    assert reply_kinds(decision) == [ReplyKind.OPENED]
    opened = decision.commands[0]
    assert isinstance(opened, Open)
    assert decision.replies[0].code == opened.code
    assert decision.state.tip is not None
    assert decision.state.tip.case_id == opened.case_id
    assert decision.state.floor.holder is Holder.TIPS


@pytest.mark.parametrize("text", ["#tinbao có trộm ở chợ", "#tinbao: có trộm", "#tinbao:có trộm", "#Tinbáo\ncó trộm"])
def test_words_after_the_command_are_the_first_piece(talk: Talk, text: str) -> None:
    decision = talk.says(text)
    assert command_types(decision) == [Open, AddMessage]
    assert reply_kinds(decision) == [ReplyKind.OPENED]
    assert reply_kinds(talk.says("chi tiết", after=5)) == []


def test_a_photo_with_tinbao_under_it_is_a_piece(talk: Talk) -> None:
    assert command_types(talk.says("#tinbao", Kind.IMAGE)) == [Open, AddMessage]


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.INFO])
def test_whatever_a_reporter_sends_is_kept(tip: Talk, kind: Kind) -> None:
    decision = tip.says("có trộm", kind, after=5)
    assert command_types(decision) == [AddMessage]


def test_a_form_about_the_reporter_goes_to_the_store_of_reporters(tip: Talk) -> None:
    decision = tip.says("", Kind.INFO, after=5)
    assert command_types(decision) == [Identify]
    assert reply_kinds(decision) == []


def test_the_first_words_are_thanked_for_and_the_next_are_not(tip: Talk) -> None:
    assert [reply_kinds(tip.says("có trộm", after=seconds)) for seconds in range(1, 5)] == [
        [ReplyKind.GOT_WORDS],
        [],
        [],
        [],
    ]


def test_a_burst_of_photos_is_thanked_for_once(tip: Talk) -> None:
    assert [reply_kinds(tip.says("", Kind.IMAGE, after=seconds)) for seconds in range(1, 5)] == [
        [ReplyKind.GOT_MEDIA],
        [],
        [],
        [],
    ]


def test_a_burst_ends_when_nothing_came_for_a_while(tip: Talk) -> None:
    assert reply_kinds(tip.says("", Kind.IMAGE)) == [ReplyKind.GOT_MEDIA]
    assert reply_kinds(tip.says("", Kind.VIDEO, after=BURST)) == []
    assert reply_kinds(tip.says("", Kind.LOCATION, after=2 * BURST)) == []
    assert reply_kinds(tip.says("", Kind.IMAGE, after=3 * BURST + SECOND)) == [ReplyKind.GOT_MEDIA]


def test_after_photos_the_first_words_need_no_thanks_of_their_own(tip: Talk) -> None:
    tip.says("", Kind.IMAGE)
    assert reply_kinds(tip.says("ở chợ", after=3)) == []


def test_xong_closes_with_the_code(tip: Talk) -> None:
    assert tip.state.tip is not None
    code = tip.state.tip.code
    tip.says("có trộm", after=5)
    decision = tip.says("#xong", after=9)
    assert decision.commands == (Close(tip.decisions[0].commands[0].case_id, "done", NOON + timedelta(seconds=9)),)
    assert [(reply.kind, reply.code) for reply in decision.replies] == [(ReplyKind.DONE, code)]
    assert decision.state == State(openings=(NOON,))


def test_xong_with_more_words_keeps_them(tip: Talk) -> None:
    assert command_types(tip.says("#xong à còn nữa, biển số 43A", after=9)) == [AddMessage, Close]


def test_xong_without_anything_sent_says_so(tip: Talk) -> None:
    assert reply_kinds(tip.says("#xong", after=9)) == [ReplyKind.DONE_EMPTY]


def test_huy_erases_the_case(tip: Talk) -> None:
    tip.says("có trộm", after=5)
    decision = tip.says("#huy", after=9)
    assert decision.commands == (Erase(tip.decisions[0].commands[0].case_id, NOON + timedelta(seconds=9)),)
    assert reply_kinds(decision) == [ReplyKind.CANCELLED]
    assert decision.state == State(openings=(NOON,))


def test_tinbao_once_more_is_the_same_tip(tip: Talk) -> None:
    assert tip.state.tip is not None
    decision = tip.says("#tinbao", after=60)
    assert decision.commands == ()
    assert [(reply.kind, reply.code) for reply in decision.replies] == [(ReplyKind.STILL_OPEN, tip.state.tip.code)]


def test_a_new_tip_after_the_old_one_is_another_case(tip: Talk) -> None:
    tip.says("#xong", after=5)
    second = tip.says("#tinbao", after=9)
    assert second.commands[0].case_id != tip.decisions[0].commands[0].case_id


def test_half_an_hour_of_silence_closes_the_tip_and_the_chatbot_answers(tip: Talk) -> None:
    decision = tip.says("giờ làm việc", after=IDLE + SECOND)
    assert decision.commands == (Close(tip.decisions[0].commands[0].case_id, "idle", NOON + IDLE),)
    assert decision == Decision(State(openings=(NOON,)), decision.commands, (), is_ours=False)


def test_half_an_hour_to_the_second_is_not_yet_silence(tip: Talk) -> None:
    assert command_types(tip.says("còn đây", after=IDLE)) == [AddMessage]


def test_tinbao_after_silence_closes_the_old_tip_and_opens_another(tip: Talk) -> None:
    decision = tip.says("#tinbao", after=IDLE + SECOND)
    assert command_types(decision) == [Close, Open]
    assert reply_kinds(decision) == [ReplyKind.OPENED]


@pytest.mark.parametrize("text", ["#xong", "#huy"])
def test_a_late_closer_is_the_chatbots_to_answer_and_erases_nothing(tip: Talk, text: str) -> None:
    decision = tip.says(text, after=IDLE + SECOND)
    assert command_types(decision) == [Close]
    assert reply_kinds(decision) == []
