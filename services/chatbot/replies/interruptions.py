"""What a flow must know before it takes a citizen's words for an answer to its question."""

from typing import Literal

from contracts.message import Kind
from services.chatbot.dialogue.context import Context
from services.chatbot.dialogue.effects import EffectProcess, Unavailable, perform
from services.chatbot.dialogue.state import FlowState
from services.chatbot.dialogue.turn import Turn
from services.chatbot.nlu.effects import Understand
from services.chatbot.replies.procedures import menu_button_payload

MIN_WORDS = 2  # Words that can tell of something else.
FREE_WORDED_FLOWS = {"f_khao_sat"}  # "Cảm ơn" may be just what a citizen wants to have said.


def interruption_in(flow_state: FlowState, turn: Turn, ctx: Context) -> EffectProcess[Literal["danger", "wish"] | None]:
    """Whether words in an errand tell of a danger to life, or outright of another wish. A code, a date, a tap does not."""
    if turn.kind is not Kind.TEXT or len(turn.text.split()) < MIN_WORDS or turn.text.startswith("#"):
        return None
    understood = yield from perform(Understand(turn.text, ctx.content.version))
    if isinstance(understood, Unavailable):
        return None
    if understood.danger:
        return "danger"
    return (
        "wish"
        if understood.wish is not None and understood.wish != "noted" and flow_state.flow not in FREE_WORDED_FLOWS
        else None
    )


def is_clearly_other(turn: Turn, ctx: Context) -> EffectProcess[bool]:
    """Whether a text that an errand could not use is plainly a question, a wish or a danger of its own."""
    if turn.kind is not Kind.TEXT or menu_button_payload(turn.text, ctx) is not None:
        return turn.kind is Kind.TEXT
    understood = yield from perform(Understand(turn.text, ctx.content.version))
    if isinstance(understood, Unavailable):
        return False
    return understood.danger or understood.wish is not None or understood.outcome in {"answer", "flow"}
