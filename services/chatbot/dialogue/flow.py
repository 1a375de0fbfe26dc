"""The flow engine, and the rules that hold in every flow: cancel, back, help, attempts, expiry.

A flow is a table of steps. Entering a step says something and usually waits; taking an answer leads on, asks again, or ends.
Both may yield effects (see effects.py).
"""

from contracts.message import MessagePart
from services.chatbot.content.flow_titles import FLOW_TITLES
from services.chatbot.dialogue.actions import Action, Decision, EndFlow, Reply
from services.chatbot.dialogue.context import Context
from services.chatbot.dialogue.effects import EffectProcess
from services.chatbot.dialogue.messages import tap
from services.chatbot.dialogue.state import Conversation, FlowState, PastStep
from services.chatbot.dialogue.steps import Ask, Finish, Flow, GoTo, Invalid, NotHandled, Opening, Retry
from services.chatbot.dialogue.turn import Turn

MAX_TRIES = 3  # Unusable answers in a row; then an officer is offered instead of a fourth try.
MAX_HISTORY = 12  # Steps that "quay lại" can go back.
MAX_STEPS = 20  # Steps entered in one turn: a flow that goes in circles is our mistake, not the citizen's.


def opening(flow: Flow, ctx: Context, words: tuple[str, ...]) -> Opening | None:
    """Returns how the flow begins with these words; None where it cannot begin with them."""
    if flow.start is None:
        return None if words else (flow.first, {})
    return flow.start(ctx, words)


def begin(flow: Flow, before: Conversation, ctx: Context, words: tuple[str, ...] = ()) -> EffectProcess[Decision]:
    """Start a flow, at its first step where its words are of no use; one that was under way is abandoned."""
    step, slots = opening(flow, ctx, words) or (flow.first, {})
    flow_state = FlowState(
        flow=flow.name, step=step, slots=dict(slots), version=ctx.content.version, began_at=ctx.now, touched_at=ctx.now
    )
    ending: tuple[Action, ...] = (EndFlow(before.run.flow, "abandoned"),) if before.run else ()
    decision = yield from _follow(flow, before.evolve(misses=0), flow_state, GoTo(step, slots), ctx)
    return Decision(decision.state, (*ending, *decision.actions))


def handle_answer(
    flow: Flow, before: Conversation, flow_state: FlowState, ctx: Context, turn: Turn
) -> EffectProcess[Decision | NotHandled | Invalid]:
    """Handle an answer to the step under way."""
    flow_state = flow_state.evolve(touched_at=ctx.now, reminded=False)
    result = yield from flow.steps[flow_state.step].handle(ctx, flow_state, turn)
    match result:
        case NotHandled():
            return result
        case Retry(message):
            return Invalid(_retry(before, flow_state, ctx, message))
        case Ask() | GoTo() | Finish():  # exhaustive
            history = (
                (*flow_state.trail, PastStep(name=flow_state.step, slots=flow_state.slots))[-MAX_HISTORY:]
                if isinstance(result, GoTo)
                else flow_state.trail
            )
            flow_state = flow_state.evolve(tries=0, trail=history)
            return (yield from _follow(flow, before, flow_state, result, ctx))


def go_back(flow: Flow, before: Conversation, flow_state: FlowState, ctx: Context) -> EffectProcess[Decision]:
    """To the step before, with what was known then; at the first step it is asked again."""
    past_step = flow_state.trail[-1] if flow_state.trail else PastStep(name=flow_state.step, slots=flow_state.slots)
    flow_state = flow_state.evolve(trail=flow_state.trail[:-1], tries=0, touched_at=ctx.now, slots=past_step.slots)
    return (yield from _follow(flow, before, flow_state, GoTo(past_step.name), ctx))


def prompt_again(
    flow: Flow, before: Conversation, flow_state: FlowState, ctx: Context, preface: tuple[MessagePart, ...] = ()
) -> EffectProcess[Decision]:
    """After a digression or a pause: `preface`, and then the step's own question."""
    flow_state = flow_state.evolve(touched_at=ctx.now)
    return (yield from _follow(flow, before, flow_state, GoTo(flow_state.step), ctx, preface=preface))


def cancel(before: Conversation, flow_state: FlowState, ctx: Context) -> Decision:
    message = ctx.say("common.cancelled", ctx.menu_button, flow=FLOW_TITLES[flow_state.flow])
    return Decision(before.evolve(run=None), (Reply("errand", message), EndFlow(flow_state.flow, "cancelled")))


def _retry(before: Conversation, flow_state: FlowState, ctx: Context, message: tuple[MessagePart, ...]) -> Decision:
    tries = flow_state.tries + 1
    if tries < MAX_TRIES:
        return Decision(
            before.evolve(run=flow_state.evolve(tries=tries)),
            (Reply("errand", message),),
        )
    buttons = [tap(ctx.text("button.officer"), "#canbo"), ctx.menu_button]
    apology = ctx.say("officer.offer", *buttons)
    return Decision(before.evolve(run=None), (Reply("errand", apology), EndFlow(flow_state.flow, "refused")))


def _follow(
    flow: Flow,
    before: Conversation,
    flow_state: FlowState,
    outcome: Ask | GoTo | Finish,
    ctx: Context,
    *,
    preface: tuple[MessagePart, ...] = (),
) -> EffectProcess[Decision]:
    """From step to step, until one asks or the flow ends. Raises RuntimeError when they go in circles."""
    for _ in range(MAX_STEPS):
        match outcome:
            case GoTo(step, slots, intro, changes):
                if changes:
                    before = before.evolve(**changes)
                    ctx = ctx.remembering(before)
                flow_state = flow_state.evolve(step=step, slots={**flow_state.slots, **slots})
                preface = (*preface, *intro)
                outcome = yield from flow.steps[step].prompt(ctx, flow_state)
            case Ask(message, slots):
                flow_state = flow_state.evolve(slots={**flow_state.slots, **slots})
                return Decision(before.evolve(run=flow_state), (Reply("errand", (*preface, *message)),))
            case Finish(message, ending, changes, actions):  # exhaustive
                after = before.evolve(run=None, **changes)
                whole = (*preface, *message)
                replies: tuple[Action, ...] = (Reply("errand", whole),) if whole else ()
                return Decision(after, (*replies, *actions, EndFlow(flow_state.flow, ending)))
    raise RuntimeError(f"the steps of {flow.name} go in circles")
