"""From words to entries: one per Zalo message, under ids that a repeat repeats."""

from datetime import timedelta

from contracts.chatbot import ReplyChosen
from contracts.message import Asset, Button, Lane, MessagePart, OutboundMessage
from services.notify.delivery import Delivery, LanePriority
from services.notify.split import HOUR_MS, deadline_ms, split, to_deliveries
from tests.doubles import NOON, reply

FILE = Asset(url="http://127.0.0.1:8001/CC01.docx", name="CC01.docx", media_type="application/msword")
PICTURE = Asset(url="http://127.0.0.1:8001/a.png", name="a.png", media_type="image/png")
BUTTON = Button(title="Lệ phí", payload="#fee")
NOON_MS = int(NOON.timestamp() * 1_000)


def planned(chosen: ReplyChosen, *messages: MessagePart) -> list[Delivery]:
    return to_deliveries(chosen, messages, order=5, accepted_ms=NOON_MS, deadline=NOON_MS + 1, arrived_ms=1, trace="")


def test_words_and_buttons_are_one_message() -> None:
    part = MessagePart(text="Mời bạn chọn", buttons=(BUTTON,))
    assert split(OutboundMessage(parts=(part,))) == (part,)


def test_a_file_with_words_is_two_messages_the_words_first() -> None:
    assert split(OutboundMessage(parts=(MessagePart(text="Mẫu đơn đây ạ", file=FILE, buttons=(BUTTON,)),))) == (
        MessagePart(text="Mẫu đơn đây ạ", buttons=(BUTTON,)),
        MessagePart(file=FILE),
    )


def test_a_picture_with_buttons_is_two_messages() -> None:
    assert split(OutboundMessage(parts=(MessagePart(text="Camera", image=PICTURE, buttons=(BUTTON,)),))) == (
        MessagePart(image=PICTURE),
        MessagePart(text="Camera", buttons=(BUTTON,)),
    )


def test_a_picture_with_words_is_one() -> None:
    part = MessagePart(text="Camera", image=PICTURE)
    assert split(OutboundMessage(parts=(part,))) == (part,)


def test_buttons_never_go_without_words() -> None:
    (only,) = split(OutboundMessage(parts=(MessagePart(buttons=(BUTTON,)),)))
    assert only.text


def test_a_card_takes_short_words_as_its_title_and_long_words_before_it() -> None:
    assert split(OutboundMessage(parts=(MessagePart(text="Xin gọi lại", ask_info="Số máy"),))) == (
        MessagePart(text="Xin gọi lại", ask_info="Số máy"),
    )
    assert split(OutboundMessage(parts=(MessagePart(text="x" * 101, ask_info="Số máy"),))) == (
        MessagePart(text="x" * 101),
        MessagePart(ask_info="Số máy"),
    )


def test_a_repeat_of_a_command_gives_the_same_deliveries() -> None:
    messages = (MessagePart(text="một"), MessagePart(text="hai"))
    first = planned(reply(name="r"), *messages)
    again = planned(reply(name="r"), *messages)
    assert [delivery.id for delivery in first] == [delivery.id for delivery in again]
    assert [(delivery.index, delivery.of, delivery.order) for delivery in first] == [(0, 2, 5), (1, 2, 6)]
    assert len({delivery.id for delivery in first}) == 2


def test_bulk_and_answers_of_one_conversation_do_not_wait_for_each_other() -> None:
    (bulk,) = planned(reply(lane=Lane.BULK), MessagePart(text="một"))
    (answer,) = planned(reply(), MessagePart(text="một"))
    (urgent,) = planned(reply(lane=Lane.URGENT), MessagePart(text="một"))
    assert answer.queue_key == urgent.queue_key != bulk.queue_key
    assert bulk.last_interaction_ms == 0, "a campaign answers nobody"
    assert answer.last_interaction_ms == NOON_MS


def test_the_deadline_is_the_speakers_or_the_lanes_whichever_is_earlier() -> None:
    assert deadline_ms(reply(), NOON_MS, 24, 72) == NOON_MS + 24 * HOUR_MS
    assert deadline_ms(reply(lane=Lane.BULK), NOON_MS, 24, 72) == NOON_MS + 72 * HOUR_MS
    soon = reply(not_after=NOON + timedelta(minutes=10))
    assert deadline_ms(soon, NOON_MS, 24, 72) == NOON_MS + 600_000


def test_lanes_are_ranked() -> None:
    assert [LanePriority.of(lane) for lane in (Lane.URGENT, Lane.REPLY, Lane.BULK)] == [0, 1, 2]
    assert LanePriority.BULK.lane is Lane.BULK
