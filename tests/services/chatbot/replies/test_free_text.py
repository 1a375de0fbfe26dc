"""What is said outright: courtesies, an errand's name, a button's words; and what an errand may not take for its own."""

import pytest

from contracts.text import fold
from loa.talk.player import Chat
from services.chatbot.dialogue.actions import Decision, Reply
from services.chatbot.dialogue.choices import choice_payload, with_offered_choices
from services.chatbot.dialogue.messages import compose, tap
from services.chatbot.dialogue.state import Conversation, FlowState
from services.chatbot.nlu.result import Understood
from tests.doubles import NOON
from tests.services.chatbot.chat_player import meaning


@pytest.mark.parametrize(
    ("wish", "says"),
    [("greeting", "trợ lý"), ("thanks", "rất vui"), ("noted", "cứ nhắn"), ("goodbye", "một ngày tốt lành")],
)
def test_a_courtesy_is_answered_in_kind_and_is_no_question_that_was_missed(chat: Chat, wish: str, says: str) -> None:
    chat.says("thời tiết mai thế nào", Understood())
    chat.says("…", Understood(wish=wish))
    assert chat.outcomes == ["courtesy"]
    assert says in chat.last
    chat.says("giá vàng hôm nay", Understood())
    assert chat.outcomes == ["unknown"], "the first in a row again"


def test_a_flow_that_is_named_outright_begins(chat: Chat) -> None:
    chat.says("tin tức", Understood(wish="f_tin_tuc"))
    assert chat.state.run is not None
    assert chat.state.run.flow == "f_tin_tuc"


def test_what_stands_on_a_button_of_the_menu_can_be_typed(chat: Chat) -> None:
    chat.says("menu")
    title = next(button.title for button in chat.buttons if button.payload.startswith("#menu"))
    tapped = chat.presses(title)
    assert chat.says(f"{title.upper()}.") == tapped


def test_an_office_near_the_citizen_is_looked_for_when_that_was_asked(chat: Chat) -> None:
    chat.says("làm căn cước ở đâu gần tôi", meaning("cc_doi", "place"))
    assert chat.state.run is not None
    assert (chat.state.run.flow, chat.state.topic) == ("f_don_vi", "cc_doi")
    chat.says("huỷ")
    chat.says("làm căn cước ở đâu", meaning("cc_doi", "place"))
    assert "answer" in chat.outcomes


def test_a_flow_that_is_asked_for_with_a_place_is_no_procedure_with_offices(chat: Chat) -> None:
    chat.says("hồ sơ của tôi gần đây tới đâu rồi", meaning("f_ho_so", "place"))
    assert chat.state.run is not None
    assert chat.state.run.flow == "f_ho_so"


def test_a_clear_question_in_a_flow_is_answered_even_where_the_flow_asked_for_words(chat: Chat) -> None:
    chat.says("#lam f_don_vi")
    chat.says("zzz", Understood())
    assert "unknown" not in chat.outcomes, "of no use to the errand, which asks again"
    chat.says("phí hộ chiếu", meaning("ho_chieu", "fee"))
    assert "200.000" in chat.last
    assert chat.state.run is not None
    assert chat.state.run.flow == "f_don_vi", "and waits"


def test_danger_is_heard_in_the_middle_of_a_flow(chat: Chat) -> None:
    chat.says("#lam f_don_vi")
    chat.says("cháy nhà cứu với", Understood(danger=True))
    assert "danger" in chat.outcomes


@pytest.mark.parametrize("typed", ["2", "2.", "title", "TITLE", "bare"])
def test_a_choice_of_a_flow_can_be_typed_or_counted(chat: Chat, typed: str) -> None:
    chat.says("#lam f_phat_nguoi 99Z00101")
    title = chat.buttons[1].title
    text = {"title": title, "TITLE": title.upper(), "bare": fold(title)}.get(typed, typed)
    answer = chat.says(text, Understood())
    chat.says("huỷ")
    chat.says("#lam f_phat_nguoi 99Z00101")
    assert answer == chat.presses(title)


def test_thanks_in_a_flow_are_taken_and_the_flow_asks_on(chat: Chat) -> None:
    chat.says("#lam f_don_vi")
    chat.says("cảm ơn bạn", Understood(wish="thanks"))
    assert "rất vui" in chat.last
    assert chat.state.run is not None


def test_a_choice_that_sounds_like_another_wish_is_the_choice(chat: Chat) -> None:
    chat.says("#lam f_phat_nguoi 99Z00101")
    title = chat.buttons[1].title
    chat.says(title, Understood(wish="f_tin_tuc"))
    assert chat.state.run is not None
    assert chat.state.run.flow == "f_phat_nguoi"


def test_choices_over_several_messages_are_counted_through() -> None:
    first, second = (compose("…", [tap(f"Nơi {n}", f"#chon {n}") for n in range(row, row + 5)]) for row in (1, 6))
    flow_began = FlowState(flow="f_don_vi", step="ask", began_at=NOON, touched_at=NOON)
    flow_state = with_offered_choices(
        Decision(Conversation(run=flow_began), (Reply("errand", (*first, *second)),))
    ).state.run
    assert flow_state is not None
    assert [choice_payload(flow_state, text) for text in ("1", "7", "11", "nơi 10")] == [
        "#chon 1",
        "#chon 7",
        None,
        "#chon 10",
    ]
