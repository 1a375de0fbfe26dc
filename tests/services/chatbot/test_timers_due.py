"""What the clock leads to: a half-done flow is recalled once, then let go of."""

from contracts.message import Kind
from loa.talk.player import SEALED, Chat
from services.chatbot.dialogue.actions import EndFlow
from services.chatbot.dialogue.state import ABANDON_AFTER, REMIND_AFTER
from services.chatbot.dialogue.turn import Trigger, Turn
from tests.events import message_received


def rings(chat: Chat) -> None:
    """The clock, whether or not anything is due."""
    event = message_received(SEALED, oa_id=chat.oa_id, at=chat.now)
    chat.play(Turn(Trigger.TIMER, event, chat.now, Kind.TEXT))


def test_a_half_done_flow_is_recalled_once_and_then_let_go_of(chat: Chat) -> None:
    chat.says("#lam f_don_vi")
    assert chat.waits(seconds=REMIND_AFTER.total_seconds())
    assert chat.outcomes == ["reminder"]
    rings(chat)
    assert chat.parts == (), "once is enough"
    chat.waits(seconds=ABANDON_AFTER.total_seconds())
    assert chat.actions(EndFlow) == [EndFlow("f_don_vi", "abandoned")]
    assert chat.state.run is None


def test_a_clock_that_rings_when_nothing_is_due_changes_nothing(chat: Chat) -> None:
    before = chat.state
    rings(chat)
    assert chat.parts == ()
    assert chat.state.evolve(address="") == before
    chat.says("#lam f_don_vi")
    rings(chat)
    assert chat.parts == ()
