"""What the chatbot decides. Read the names; they are the specification."""

from datetime import UTC, datetime

import pytest

from contracts.message import Kind
from loa.talk.player import Chat
from services.chatbot.dialogue.actions import EndFlow, ReleaseOfficer, RequestOfficer
from services.chatbot.features.officer.effects import LeaveQueue
from services.chatbot.nlu.result import Understood
from tests.services.chatbot.chat_player import meaning

SATURDAY_NIGHT = datetime(2026, 3, 7, 15, 0, tzinfo=UTC)


def test_a_question_about_papers_is_answered_with_the_papers(chat: Chat) -> None:
    chat.says("làm căn cước cần giấy tờ gì", meaning("cc_cap_tu14", "papers"))
    assert chat.outcomes == ["answer"]
    assert "CC01" in chat.last


def test_every_answer_names_its_source_and_date(chat: Chat) -> None:
    chat.says("đổi căn cước", meaning("cc_doi"))
    assert "01/07/2026" in chat.last


def test_a_missing_fact_is_said_to_be_missing(chat: Chat) -> None:
    chat.says("khai báo tạm vắng mất bao nhiêu tiền", meaning("tam_vang", "fee"))
    assert "không nêu" in chat.last


def test_a_short_question_means_the_procedure_last_spoken_of(chat: Chat) -> None:
    chat.says("đổi căn cước", meaning("cc_doi"))
    chat.says("lệ phí bao nhiêu", Understood(facet="fee"))
    assert chat.outcomes == ["answer"]
    assert chat.state.topic == "cc_doi"


def test_after_a_while_a_short_question_means_nothing_any_more(chat: Chat) -> None:
    chat.says("đổi căn cước", meaning("cc_doi"))
    chat.waits(hours=2)
    chat.says("lệ phí bao nhiêu", Understood(facet="fee"))
    assert chat.outcomes == ["unknown"]


def test_doubt_is_shown_as_buttons_and_a_number_picks_one(chat: Chat) -> None:
    chat.says("làm lại căn cước", Understood("choices", choices=("cc_cap_lai", "cc_doi", "cc_cap_tu14")))
    assert chat.outcomes == ["choices"]
    assert len(chat.buttons) == 4
    chat.says("2")
    assert chat.state.topic == "cc_doi"


def test_not_knowing_is_said_and_the_second_time_a_person_is_called(chat: Chat) -> None:
    chat.says("thời tiết mai thế nào", Understood())
    assert chat.outcomes == ["unknown"]
    chat.says("giá vàng hôm nay", Understood())
    assert chat.actions(RequestOfficer) == [RequestOfficer("no_answer")]


def test_the_bot_keeps_silent_while_an_officer_is_waited_for(chat: Chat) -> None:
    chat.says("gặp cán bộ")
    assert chat.actions(RequestOfficer) == [RequestOfficer("asked")]
    assert chat.says("tôi muốn hỏi chút") == ()


def test_the_bot_keeps_silent_while_an_officer_talks_and_returns_when_asked(chat: Chat) -> None:
    chat.officer_writes("Chào anh, tôi là cán bộ trực.")
    assert chat.says("dạ vâng") == ()
    chat.says("menu")
    assert chat.outcomes == ["menu"]
    assert chat.actions(ReleaseOfficer) == [ReleaseOfficer("citizen")]


def test_after_the_officers_silence_the_conversation_is_the_bots_again(chat: Chat) -> None:
    chat.officer_writes("Chào anh, tôi là cán bộ trực.")
    assert chat.waits(minutes=31)
    assert chat.actions(ReleaseOfficer) == [ReleaseOfficer("idle")]


def test_outside_office_hours_nobody_is_promised(chat: Chat) -> None:
    chat.now = SATURDAY_NIGHT
    chat.says("gặp cán bộ")
    assert chat.actions(RequestOfficer) == []
    assert chat.state.human is None


def test_a_tip_in_free_text_is_offered_the_tip_button_and_nothing_more(chat: Chat) -> None:
    chat.says("gần nhà em có người bán ma tuý", Understood(tip=True))
    assert any(button.payload == "#tinbao" for button in chat.buttons)


def test_danger_gives_the_emergency_numbers_first(chat: Chat) -> None:
    chat.says("cháy nhà rồi cứu với", Understood(danger=True))
    assert {"113", "114", "115"} <= {button.payload for button in chat.parts[0].buttons}


def test_while_tips_has_the_floor_the_chatbot_says_nothing(chat: Chat) -> None:
    assert chat.says("#tinbao") == ()
    assert chat.says("có trộm ở đầu ngõ", meaning("cc_doi")) == ()
    assert chat.says("#xong") == ()
    assert chat.says("menu")


def test_a_bare_photo_is_asked_about_and_never_guessed(chat: Chat) -> None:
    chat.says("", kind=Kind.IMAGE)
    assert chat.outcomes == ["no_words"]


def test_a_new_follower_is_welcomed_with_the_menu(chat: Chat) -> None:
    chat.follows()
    assert "Quận 12" in chat.last
    assert chat.buttons


@pytest.mark.parametrize("text", ["menu", "MENU", "bắt đầu", "#menu"])
def test_the_menu_is_always_one_word_away(chat: Chat, text: str) -> None:
    chat.says(text)
    assert chat.outcomes == ["menu"]


def test_every_menu_button_leads_somewhere(chat: Chat, chat_province: Chat, chat_portal: Chat) -> None:
    for each_chat in (chat, chat_province, chat_portal):
        each_chat.says("menu")
        for button in each_chat.buttons:
            if button.payload.startswith("#") and button.payload != "#tinbao":
                each_chat.state = each_chat.state.evolve(run=None, human=None)
                each_chat.says(button.payload)
                assert "không còn" not in each_chat.last, button.title


def test_an_old_button_says_so_and_shows_the_menu(chat: Chat) -> None:
    chat.says("#hoi khong_con_nua")
    assert chat.outcomes == ["menu"]


def test_the_second_question_of_a_message_is_a_tap_away(chat: Chat) -> None:
    chat.says("làm căn cước cần gì và đăng ký tạm trú ở đâu", meaning("cc_cap_tu14", "papers", "tam_tru"))
    assert any(button.payload == "#hoi tam_tru" for button in chat.buttons)


def test_a_procedure_known_by_name_only_is_told_with_its_agency_and_link(chat: Chat) -> None:
    code = next(iter(chat.content.catalogue))
    chat.says("thủ tục gì đó", meaning(f"tthc:{code}"))
    assert chat.content.catalogue[code].name in chat.last
    assert "dichvucong.gov.vn" in chat.last


def test_a_fine_is_told_with_its_amount_and_its_basis(chat: Chat) -> None:
    chat.says("xe máy vượt đèn đỏ phạt bao nhiêu", meaning("muc_phat"))
    assert "đồng" in chat.last
    assert "168/2024" in chat.last


def test_who_got_an_officer_or_gave_up_waiting_leaves_the_queue(chat: Chat) -> None:
    left: list[str] = []

    def leave(effect: LeaveQueue) -> bool:
        left.append(effect.conversation)
        return True

    chat.handlers[LeaveQueue] = leave
    chat.says("gặp cán bộ")
    chat.officer_writes("Chào anh, tôi là cán bộ trực.")
    chat.officer_writes("Anh cần gì ạ?")
    assert len(left) == 1
    chat.waits(minutes=40)
    assert len(left) == 2


def test_a_flow_that_is_there_no_longer_is_let_go_of_at_the_next_message(chat: Chat) -> None:
    chat.says("#lam f_don_vi")
    chat.flows = {name: flow for name, flow in chat.flows.items() if name != "f_don_vi"}
    chat.says("đổi căn cước", meaning("cc_doi"))
    assert chat.actions(EndFlow) == [EndFlow("f_don_vi", "abandoned")]
    assert chat.outcomes == ["answer"]


def test_a_flow_that_is_there_no_longer_is_not_recalled(chat: Chat) -> None:
    chat.says("#lam f_don_vi")
    chat.flows = {}
    assert chat.waits(minutes=11) == ()
    assert chat.actions(EndFlow) == [EndFlow("f_don_vi", "abandoned")]
