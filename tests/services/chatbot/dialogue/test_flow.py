"""What holds in every flow, whatever its steps."""

import pytest

from loa.talk.player import Chat
from services.chatbot.dialogue.context import Context
from services.chatbot.dialogue.state import FlowState
from services.chatbot.dialogue.steps import Ask, Flow, GoTo, HandleResult, NotHandled, PromptResult, Step, pure
from services.chatbot.dialogue.turn import Turn


def onward(_ctx: Context, _flow_state: FlowState) -> PromptResult:
    return GoTo("again")


def ask(ctx: Context, _flow_state: FlowState) -> PromptResult:
    return Ask(ctx.say("common.done"))


def answer(_ctx: Context, _flow_state: FlowState, _turn: Turn) -> HandleResult:
    return NotHandled()


def test_steps_that_go_in_circles_are_a_mistake_of_ours(chat: Chat) -> None:
    circle = Flow("f_vong", {"again": Step(pure(onward), pure(answer))}, "again")
    chat.flows = {"f_vong": circle}
    with pytest.raises(RuntimeError, match="circles"):
        chat.says("#lam f_vong")


def test_a_flow_without_a_start_of_its_own_begins_at_its_first_step(chat: Chat) -> None:
    chat.flows = {"f_mot": Flow("f_mot", {"only": Step(pure(ask), pure(answer))}, "only")}
    chat.says("#lam f_mot whatever stood here")
    assert chat.state.run is None, "no button of ours has these words"
    chat.says("#lam f_mot")
    assert chat.state.run is not None
    assert chat.state.run.step == "only"
