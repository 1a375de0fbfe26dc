"""Another question in the middle of a flow: what it is stays what it is, and the flow waits."""

import pytest

from contracts.message import Kind, Lane
from loa.talk.player import Chat
from services.chatbot.dialogue.actions import Reply, RequestOfficer
from services.chatbot.dialogue.state import REMIND_AFTER
from services.chatbot.nlu.effects import Understand
from services.chatbot.nlu.result import Understood
from tests.services.chatbot.chat_player import meaning


@pytest.fixture
def in_flow(chat: Chat) -> Chat:
    """A citizen who was asked for a ward or an address."""
    chat.says("#lam f_don_vi")
    assert chat.state.run is not None
    return chat


def flow_of(chat: Chat) -> str | None:
    return chat.state.run.flow if chat.state.run else None


@pytest.mark.parametrize(
    "text", ["phí hộ chiếu", "zzz", "51F 12 làm căn cước cần giấy tờ gì", "gần nhà em có người bán"]
)
@pytest.mark.parametrize(
    "understood",
    [
        meaning("ho_chieu", "fee"),
        Understood(),
        Understood(danger=True),
        Understood(tip=True),
        Understood(wish="thanks"),
        None,
    ],
)
def test_the_language_model_is_asked_once_about_a_text_in_a_flow(
    in_flow: Chat, text: str, understood: Understood | None
) -> None:
    in_flow.says(text, understood)
    assert len([effect for effect, _ in in_flow.performed if isinstance(effect, Understand)]) == 1


def test_a_tip_told_in_a_flow_is_offered_as_urgently_as_anywhere(in_flow: Chat) -> None:
    in_flow.says("gần nhà em có người bán ma tuý", Understood(tip=True))
    replies = in_flow.actions(Reply)
    assert [(reply.outcome, reply.lane) for reply in replies] == [("tip_offer", Lane.URGENT), ("errand", Lane.REPLY)]
    assert flow_of(in_flow) == "f_don_vi"


def test_a_question_in_a_flow_counts_as_a_question_that_was_answered(in_flow: Chat) -> None:
    in_flow.says("phí hộ chiếu", meaning("ho_chieu", "fee"))
    assert in_flow.outcomes == ["answer", "errand"]


def test_a_question_in_a_flow_that_is_not_understood_is_counted_as_missed(chat_portal: Chat) -> None:
    chat_portal.says("#lam f_ho_so")
    chat_portal.says("giá vàng hôm nay", Understood())
    assert chat_portal.outcomes == ["unknown", "errand"]
    assert chat_portal.state.misses == 1


def test_danger_in_a_flow_is_answered_alone_and_the_flow_waits(in_flow: Chat) -> None:
    in_flow.says("cháy nhà cứu với", Understood(danger=True))
    assert in_flow.outcomes == ["danger"]
    assert flow_of(in_flow) == "f_don_vi"


def test_another_flow_that_is_named_outright_takes_over(in_flow: Chat) -> None:
    in_flow.says("tin tức mới", Understood(wish="f_tin_tuc"))
    assert flow_of(in_flow) == "f_tin_tuc"


def test_who_asks_for_an_officer_outright_leaves_the_flow(in_flow: Chat) -> None:
    in_flow.says("cho tôi gặp người", Understood(wish="f_can_bo"))
    assert in_flow.actions(RequestOfficer) == [RequestOfficer("asked")]
    assert in_flow.state.run is None


def test_an_invite_that_is_pasted_in_another_flow_is_an_invite(in_flow: Chat) -> None:
    in_flow.says("bạn tôi gửi UQ-7K3M-9QX2-ABCD", Understood())
    assert flow_of(in_flow) != "f_don_vi"


def test_a_button_of_a_step_that_is_past_says_that_it_is_old(chat: Chat) -> None:
    chat.says("#lam f_lich_hen")
    chat.says("#chon khong_con_nua", Understood())
    assert "unknown" not in chat.outcomes


def test_the_survey_is_not_asked_while_a_flow_waits(in_flow: Chat) -> None:
    in_flow.state = in_flow.state.evolve(answers=99)
    in_flow.says("phí hộ chiếu", meaning("ho_chieu", "fee"))
    assert not any("f_khao_sat" in button.payload for button in in_flow.buttons)
    in_flow.says("huỷ")
    in_flow.says("phí hộ chiếu", meaning("ho_chieu", "fee"))
    assert any("f_khao_sat" in button.payload for button in in_flow.buttons)


def test_a_picture_in_a_flow_that_wants_words_is_asked_about(in_flow: Chat) -> None:
    in_flow.says("", kind=Kind.IMAGE)
    assert flow_of(in_flow) == "f_don_vi"


def test_a_message_that_nobody_answers_leaves_the_choices_as_they_were_shown(chat: Chat) -> None:
    chat.says("#lam f_phat_nguoi 99Z00101")
    assert chat.state.run is not None
    shown = chat.state.run.shown
    assert shown
    chat.officer_writes("Chào anh, tôi là cán bộ trực.")
    assert chat.says("dạ vâng") == ()
    assert chat.state.run is not None
    assert chat.state.run.shown == shown


def test_a_flow_that_was_left_for_days_does_not_take_the_next_words_for_its_answer(in_flow: Chat) -> None:
    in_flow.now += REMIND_AFTER * 1_000
    in_flow.says("phí hộ chiếu", meaning("ho_chieu", "fee"))
    assert in_flow.outcomes == ["answer"]
    assert in_flow.state.run is None
