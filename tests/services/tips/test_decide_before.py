"""What was sent just before the word: a photo often comes first, and belongs to the tip."""

import pytest

from contracts.message import EVIDENCE, Kind
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


@pytest.mark.parametrize("kind", sorted(EVIDENCE))
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


@pytest.mark.parametrize("kind", sorted(set(Kind) - EVIDENCE))
def test_words_and_the_rest_sent_to_the_chatbot_stay_with_it(talk: Talk, kind: Kind) -> None:
    assert talk.says("chuyện khác", kind) == Decision(State(), is_ours=False)


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


def late(talk: Talk, kind: Kind, after: float) -> Decision:
    """A message that the chatbot answers, and that comes to tips after what it was sent before."""
    return talk.overhears(kind, after=after)


def test_a_photo_sent_before_the_tip_that_comes_after_it_belongs_to_it_without_a_reply(tip: Talk) -> None:
    decision = late(tip, Kind.IMAGE, after=-5)
    assert (command_types(decision), decision.replies, decision.is_ours) == ([AddMessage], (), False)
    assert reply_kinds(tip.says("#xong", after=9)) == [ReplyKind.DONE]


@pytest.mark.parametrize(("kind", "after"), [(Kind.IMAGE, -601), (Kind.STICKER, -5)])
def test_what_was_sent_long_before_or_is_no_evidence_stays_with_the_chatbot(
    tip: Talk, kind: Kind, after: float
) -> None:
    assert late(tip, kind, after) == Decision(tip.state, is_ours=False)


def test_a_photo_of_the_chatbots_is_kept_for_a_tip_to_come(talk: Talk) -> None:
    assert not late(talk, Kind.IMAGE, after=0).is_ours
    assert command_types(talk.says("#tinbao", after=5)) == [Open, AddMessage]


def test_after_thirty_silent_minutes_a_photo_is_no_longer_the_old_tips(tip: Talk) -> None:
    assert late(tip, Kind.IMAGE, after=1_801).commands == ()
    assert len(tip.state.pending) == 1
