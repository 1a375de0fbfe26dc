"""What was sent just before the word: a photo often comes first, and belongs to the tip."""

import pytest

from contracts.message import Kind
from services.tips.decide import BEFORE, MOST_PENDING, AddMessage, Decision, Open
from services.tips.state import State
from services.tips.texts import ReplyKind
from tests.services.tips.talk import SECOND, Talk, command_types, reply_kinds


@pytest.fixture
def talk() -> Talk:
    return Talk()


@pytest.fixture
def tip(talk: Talk) -> Talk:
    talk.says("#tinbao")
    return talk


@pytest.mark.parametrize("kind", [Kind.IMAGE, Kind.VIDEO, Kind.LOCATION])
def test_what_was_sent_shortly_before_belongs_to_the_tip(talk: Talk, kind: Kind) -> None:
    talk.says("", kind)
    decision = talk.says("#tinbao", after=BEFORE)
    assert command_types(decision) == [Open, AddMessage]
    assert decision.replies[0].taken == 1
    assert decision.state.pending == ()


def test_what_was_sent_long_before_does_not(talk: Talk) -> None:
    talk.says("", Kind.IMAGE)
    decision = talk.says("#tinbao", after=BEFORE + SECOND)
    assert command_types(decision) == [Open]
    assert decision.replies[0].taken == 0


@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.STICKER, Kind.AUDIO, Kind.LINK, Kind.FILE, Kind.INFO])
def test_words_and_the_rest_sent_to_the_chatbot_stay_with_it(talk: Talk, kind: Kind) -> None:
    assert talk.says("chuyện khác", kind) == Decision(State())


def test_a_photo_held_for_a_moment_is_dropped_at_the_next_word_after_it(talk: Talk) -> None:
    talk.says("", Kind.IMAGE)
    assert len(talk.state.pending) == 1
    talk.says("giờ làm việc", after=BEFORE + SECOND)
    assert talk.state == State()


def test_what_is_held_is_bounded_and_the_latest_stays(talk: Talk) -> None:
    sent = [talk.says("", Kind.IMAGE, after=seconds).state.pending[-1].piece_id for seconds in range(MOST_PENDING + 5)]
    assert [message.piece_id for message in talk.state.pending] == sent[-MOST_PENDING:]


def test_photos_before_count_as_content_so_xong_is_no_empty_tip(talk: Talk) -> None:
    talk.says("", Kind.IMAGE)
    talk.says("#tinbao", after=5)
    assert reply_kinds(talk.says("#xong", after=9)) == [ReplyKind.DONE]


def test_photos_of_one_citizen_after_a_cancelled_tip_are_not_lost_for_the_next(tip: Talk) -> None:
    tip.says("#huy", after=5)
    tip.says("", Kind.IMAGE, after=9)
    assert command_types(tip.says("#tinbao", after=12)) == [Open, AddMessage]
