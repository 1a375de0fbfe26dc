"""The buttons under a flow's last message: typing a button's title, or its number, presses it."""

from dataclasses import replace

from contracts.text import fold, read_number
from services.chatbot.dialogue.actions import Decision, Reply
from services.chatbot.dialogue.state import FlowState, OfferedChoice

CHOICE = "chon"  # The verb of a button that a flow offers: `#chon value`.
MAX_DIGITS = 2  # Digits of a place: no row is longer, and a longer number is a number.
_AROUND = " .!?)"  # What people type around a choice.


def with_offered_choices(decision: Decision) -> Decision:
    """Returns the state in which the flow keeps the choices that were shown last."""
    flow_state = decision.state.run
    replies = [action for action in decision.actions if isinstance(action, Reply)]
    if flow_state is None or not replies:
        return decision
    buttons = (button for reply in replies for part in reply.parts for button in part.buttons)
    choices = tuple(
        OfferedChoice(title=button.title, payload=button.payload)
        for button in buttons
        if button.payload.startswith(f"#{CHOICE} ")
    )
    if choices == flow_state.shown:
        return decision
    after = decision.state.evolve(run=flow_state.evolve(shown=choices))
    return replace(decision, state=after)


def choice_payload(flow_state: FlowState, text: str) -> str | None:
    """Returns the payload of the button that `text` names, or counts from 1."""
    place = read_number(text.strip(_AROUND), MAX_DIGITS)
    if place is not None and 1 <= place <= len(flow_state.shown):
        return flow_state.shown[place - 1].payload
    typed = fold(text).strip(_AROUND)
    return next((choice.payload for choice in flow_state.shown if fold(choice.title) == typed), None)
