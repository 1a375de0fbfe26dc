"""Errands that need content alone: offices, cameras, news and subscriptions, as chats."""

from contracts.message import Attachment, Kind
from loa.talk.player import Chat
from services.chatbot.dialogue.actions import EndFlow, ReportSubscription
from services.chatbot.features.appointments.effects import MyBookings, TakenSeats
from services.chatbot.nlu.result import Understood
from tests.services.chatbot.chat_player import meaning

THOI_AN = (10.8667, 106.6667)
FAR_AWAY = (21.0, 105.8)


def stands_at(chat: Chat, place: tuple[float, float]) -> None:
    attachment = Attachment(kind=Kind.LOCATION, latitude=place[0], longitude=place[1])
    chat.says("", kind=Kind.LOCATION, attachments=[attachment])


def test_an_office_is_found_by_the_name_of_its_ward(chat: Chat) -> None:
    chat.says("#lam f_don_vi")
    chat.says("công an phường Thới An")
    assert "Thới An" in chat.last
    assert "Giờ làm việc" in chat.last
    assert chat.actions(EndFlow) == [EndFlow("f_don_vi", "done")]


def test_an_office_is_found_without_diacritics_and_by_its_wards_old_name(chat: Chat) -> None:
    chat.says("#lam f_don_vi")
    chat.says("cong an phuong hiep thanh quan 12")
    assert chat.buttons or "Giờ làm việc" in chat.last


def test_the_nearest_offices_are_listed_with_their_distance(chat: Chat) -> None:
    chat.says("#lam f_don_vi")
    stands_at(chat, THOI_AN)
    assert "Gần ông/bà nhất" in chat.last
    chat.presses(chat.buttons[0].title)
    assert "Địa chỉ" in chat.last


def test_a_procedure_leads_to_the_offices_that_do_it_near_the_citizen(chat: Chat) -> None:
    chat.handlers |= {MyBookings: lambda _: (), TakenSeats: lambda _: {}}
    chat.says("#hoi tam_tru place")
    chat.presses("Nơi làm gần tôi")
    assert "Đăng ký tạm trú" in chat.last
    stands_at(chat, THOI_AN)
    offices = [button.title for button in chat.buttons]
    assert offices[0] == "Công an phường Thới An"
    assert all("Công an phường" in name for name in offices), "the district's police does not register residence"
    chat.presses(offices[0])
    assert "Địa chỉ" in chat.last
    chat.presses("Đặt lịch hẹn")
    assert "Cư trú tại Công an phường Thới An: ông/bà chọn ngày nào?" in chat.last


def test_a_ward_without_such_an_office_is_where_the_search_begins(chat: Chat) -> None:
    chat.says("#hoi lltp place")
    chat.presses("Nơi làm gần tôi")
    chat.says("phường Thới An")
    assert "cách" in chat.last
    assert "Phòng" in chat.buttons[0].title


def test_an_office_that_a_question_names_is_shown_without_a_flow_being_chosen(chat: Chat) -> None:
    chat.says("số điện thoại công an phường thới an", meaning("lien_he"))
    assert "028 0000 0121" in chat.last
    chat.says("ca phường hiệp thành ở đâu v", Understood("decline"))
    assert "phường Hiệp Thành" in chat.last


def test_a_ward_named_in_passing_is_no_question_for_its_offices(chat: Chat) -> None:
    chat.says("nhà tôi ở phường Thới An bán phở rất ngon", Understood("decline"))
    assert chat.outcomes == ["unknown"]


def test_a_topic_is_named_by_part_of_its_name_when_no_other_has_it(chat: Chat) -> None:
    chat.says("#lam f_tin_tuc")
    chat.presses("Việc khác")
    chat.says("lừa đảo")
    assert "Tin về Lừa đảo" in chat.last


def test_what_no_office_of_ours_does_offers_none(chat: Chat) -> None:
    chat.says("#hoi dn_lap place")
    assert "Nơi làm gần tôi" not in [button.title for button in chat.buttons]


def test_an_unknown_place_is_said_to_be_unknown(chat: Chat) -> None:
    chat.says("#lam f_don_vi")
    chat.says("xyzzy qwerty")
    assert "chưa tìm thấy" in chat.last


def test_a_camera_is_chosen_by_road_or_position_and_its_picture_sent(chat_province: Chat) -> None:
    chat_province.says("#lam f_camera")
    first = chat_province.buttons[0]
    chat_province.says(first.payload)
    assert chat_province.parts[0].image is not None
    assert first.title in chat_province.last


def test_a_camera_that_is_not_in_content_any_more_leads_back_to_the_choice(chat_province: Chat) -> None:
    chat_province.says("#lam f_camera")
    chat_province.says(chat_province.buttons[0].payload)
    assert chat_province.state.run is not None
    gone = chat_province.state.run.evolve(slots={"camera": "khong_con"})
    chat_province.state = chat_province.state.evolve(run=gone)
    chat_province.says("#tieptuc")
    assert chat_province.state.run is not None
    assert chat_province.state.run.step == "choose"


def test_from_far_away_no_camera_is_near(chat_province: Chat) -> None:
    chat_province.says("#lam f_camera")
    stands_at(chat_province, FAR_AWAY)
    assert "Không có camera nào trong vòng 20,0 km" in chat_province.last


def test_the_latest_news_can_be_read_by_number(chat: Chat) -> None:
    chat.says("#lam f_tin_tuc")
    title = chat.buttons[0].title.removeprefix("1. ")
    chat.says("1")
    assert title in chat.last


def test_news_by_topic(chat: Chat) -> None:
    chat.says("#lam f_tin_tuc")
    chat.presses(chat.buttons[3].title)
    chat.presses("Lừa đảo qua mạng")
    assert "Lừa đảo qua mạng" in chat.last


def test_a_topic_is_subscribed_to_once_and_left_again(chat: Chat) -> None:
    chat.says("#lam f_dang_ky_tin lua_dao")
    assert chat.actions(ReportSubscription) == [ReportSubscription("lua_dao", subscribed=True)]
    chat.says("#lam f_dang_ky_tin lua_dao")
    assert chat.actions(ReportSubscription) == []
    chat.says("#lam f_dang_ky_tin tat_ca")
    assert chat.state.subscriptions == ()


def test_cancel_back_and_help_work_in_the_middle(chat: Chat) -> None:
    chat.says("#lam f_don_vi")
    chat.says("trợ giúp")
    assert "Tìm đơn vị" in chat.last
    chat.says("quay lại")
    assert "Ông/bà tìm đơn vị nào" in chat.last
    chat.says("huỷ")
    assert chat.actions(EndFlow) == [EndFlow("f_don_vi", "cancelled")]


def test_three_useless_answers_end_with_the_offer_of_a_person(chat: Chat) -> None:
    chat.says("#lam f_don_vi")
    for _ in range(3):
        chat.says("xyzzy qwerty")
    assert chat.state.run is None
    assert any(button.payload == "#canbo" for button in chat.buttons)


def test_a_half_done_flow_is_recalled_once_and_resumed_at_its_step(chat: Chat) -> None:
    chat.says("#lam f_don_vi")
    assert "làm dở" in "".join(part.text for part in chat.waits(minutes=11))
    assert chat.waits(minutes=60) == ()
    chat.says("#tieptuc")
    assert "Ông/bà tìm đơn vị nào" in chat.last


def test_a_flow_is_let_go_of_after_three_days_and_not_before(chat: Chat) -> None:
    chat.says("#lam f_don_vi")
    chat.waits(minutes=11)
    chat.waits(days=3)
    assert chat.actions(EndFlow) == [EndFlow("f_don_vi", "abandoned")]
