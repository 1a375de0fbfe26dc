"""Rules while a flow waits for an answer: a life comes first, then the flow, unless the words plainly mean something else."""

from dataclasses import replace

from contracts.message import Kind
from services.chatbot.dialogue.actions import Decision
from services.chatbot.dialogue.choices import CHOICE, choice_payload
from services.chatbot.dialogue.effects import EffectProcess
from services.chatbot.dialogue.flow import handle_answer
from services.chatbot.dialogue.rules import Situation
from services.chatbot.dialogue.state import FlowState
from services.chatbot.dialogue.steps import Flow, Invalid
from services.chatbot.dialogue.turn import Turn, command
from services.chatbot.features.authorisations.effects import read_invite
from services.chatbot.replies.emergency import emergency_reply
from services.chatbot.replies.free_text import understood_in
from services.chatbot.replies.procedures import menu_button_payload

MIN_WORDS = 2  # Fewer words cannot be about something else: a code, a date, a tap.


def waiting_flow(situation: Situation) -> tuple[Flow, FlowState] | None:
    """The flow whose answer this message may be: own words, or a button of the flow's own."""
    flow_state = situation.now.run
    if flow_state is None or flow_state.flow not in situation.flows:
        return None
    button = command(situation.turn.text)
    return None if button and button.verb != CHOICE else (situation.flows[flow_state.flow], flow_state)


def danger_in_a_flow(situation: Situation) -> EffectProcess[Decision | None]:
    """Whatever was asked for: a life comes first."""
    if waiting_flow(situation) is None or not _is_sentence(situation.turn):
        return None
    understood = yield from understood_in(situation)
    return emergency_reply(situation.now, situation.ctx) if understood and understood.danger else None


def answer_to_flow_step(situation: Situation) -> EffectProcess[Decision | None]:
    """The flow's own answer, however it is given: a button, its title or place in the row, or words."""
    waiting, turn = waiting_flow(situation), situation.turn
    if waiting is None:
        return None
    flow, flow_state = waiting
    choice = choice_payload(flow_state, turn.text)
    if choice is None and (yield from _is_another_wish(situation, flow)):
        return None
    result = yield from handle_answer(flow, situation.now, flow_state, situation.ctx, turn)
    if choice is not None and not isinstance(result, Decision):
        chosen = replace(turn, text=choice)
        result = yield from handle_answer(flow, situation.now, flow_state, situation.ctx, chosen)
    if isinstance(result, Invalid):
        return None if (yield from _is_clearly_other(situation)) else result.decision
    if not isinstance(result, Decision):
        return None
    return Decision(result.state.evolve(misses=0), result.actions)  # Understood: misses are counted in a row.


def _is_sentence(turn: Turn) -> bool:
    return turn.kind is Kind.TEXT and len(turn.text.split()) >= MIN_WORDS and not turn.text.startswith("#")


def _is_another_wish(situation: Situation, flow: Flow) -> EffectProcess[bool]:
    """Whether the words name another wish outright."""
    if not _is_sentence(situation.turn) or flow.free_worded:
        return False
    understood = yield from understood_in(situation)
    return understood is not None and understood.wish not in {None, "noted"}


def _is_clearly_other(situation: Situation) -> EffectProcess[bool]:
    """Whether a text that the flow could not use is plainly a question, a wish, a tip or a danger of its own."""
    text = situation.turn.text
    if situation.turn.kind is not Kind.TEXT:
        return False
    if menu_button_payload(text, situation.ctx) is not None or read_invite(text) is not None:
        return True
    understood = yield from understood_in(situation)
    if understood is None:
        return False
    is_wish = understood.wish is not None or understood.outcome in {"answer", "flow"}
    return is_wish or understood.danger or understood.tip
