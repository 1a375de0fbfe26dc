"""What the chatbot does next: the first rule that fits wins. Pure: no clock, no network, no storage, no log.

It is a generator: where it needs to know something (what a question means, a dossier's status) it yields the question and is
resumed with the answer. See asks.py.
"""

from collections.abc import Mapping
from dataclasses import replace

from contracts.floor import OPEN, Holder, floor_after
from contracts.message import Button
from services.chatbot.content.flow_titles import FLOW_TITLES
from services.chatbot.dialogue.actions import Action, Decision, EndFlow, ReleaseOfficer, Reply
from services.chatbot.dialogue.choices import choice_payload, with_offered_choices
from services.chatbot.dialogue.context import Context
from services.chatbot.dialogue.effects import EffectProcess, perform
from services.chatbot.dialogue.flow import cancel, go_back, handle_answer, prompt_again
from services.chatbot.dialogue.messages import compose, tap
from services.chatbot.dialogue.state import (
    ABANDON_AFTER,
    OFFICER_SILENCE,
    REMIND_AFTER,
    Conversation,
    FlowState,
    OfficerSession,
    TranscriptLine,
)
from services.chatbot.dialogue.steps import Flow, Invalid
from services.chatbot.dialogue.turn import Command, Trigger, Turn, command, global_word
from services.chatbot.features.authorisations.effects import read_invite
from services.chatbot.features.officer.effects import LeaveQueue
from services.chatbot.features.survey.flow import with_survey
from services.chatbot.replies.emergency import emergency_reply
from services.chatbot.replies.free_text import free_text
from services.chatbot.replies.interruptions import interruption_in, is_clearly_other
from services.chatbot.replies.postbacks import handle_postback
from services.chatbot.replies.procedures import menu_answer, menu_button_payload

MAX_TRANSCRIPT_LINES = 8  # Of the talk so far, kept for the officer who may take over.
MAX_LINE_CHARACTERS = 160

Flows = Mapping[str, Flow]


def decide(before: Conversation, turn: Turn, ctx: Context, flows: Flows) -> EffectProcess[Decision]:
    match turn.trigger:
        case Trigger.TIMER:
            return (yield from _on_timer(before, ctx))
        case Trigger.FOLLOWED:
            return _on_follow(before, ctx)
        case Trigger.OFFICER:
            return (yield from _on_officer(before, turn, ctx))
        case Trigger.MESSAGE:
            return (yield from _on_message(before, turn, ctx, flows))


def _on_message(before: Conversation, turn: Turn, ctx: Context, flows: Flows) -> EffectProcess[Decision]:
    floor, holder = floor_after(before.floor, turn.text, turn.at)
    if holder is Holder.TIPS:
        # Tips answers this one; we only keep count of who has the floor.
        return Decision(before.model_copy(update={"floor": floor, "last_at": turn.at}))
    now = before.model_copy(update={"floor": floor, "last_at": turn.at, "talk": _with_citizen_line(before.talk, turn)})
    actions: tuple[Action, ...] = ()
    if now.human is not None:
        if turn.at < now.human.until and _waits_for_officer(turn):
            return Decision(now)  # An officer has the talk; a bot that butts in is worse than none.
        yield from perform(LeaveQueue(ctx.conversation, ctx.oa.oa_id))
        actions = (ReleaseOfficer("citizen" if turn.at < now.human.until else "idle"),)
        now = now.model_copy(update={"human": None})
    decision = with_offered_choices(with_survey((yield from _answer(now, turn, ctx, flows)), ctx))
    return Decision(decision.state, (*actions, *decision.actions))


def _answer(now: Conversation, turn: Turn, ctx: Context, flows: Flows) -> EffectProcess[Decision]:
    button_command = command(turn.text)
    keyword = global_word(turn.text)
    if now.run is not None and (expired := _expired(now, now.run, ctx)):
        decision = yield from _answer(expired.state, turn, ctx, flows)
        return Decision(decision.state, (*expired.actions, *decision.actions))
    if keyword is not None and not (button_command and button_command.words):
        return (yield from _global(keyword, now, ctx, flows))
    if now.run is not None and now.run.flow in flows and (button_command is None or button_command.verb == "chon"):
        return (yield from _in_flow(now, now.run, turn, ctx, flows))
    if button_command is not None:
        return (yield from handle_postback(button_command, now, ctx, flows))
    if (invite := read_invite(turn.text)) is not None:  # Passed on by somebody, as typed or forwarded.
        return (yield from handle_postback(Command("lam", ("f_uy_quyen", invite)), now, ctx, flows))
    return (yield from _own_words(now, turn, ctx, flows))


def _in_flow(
    now: Conversation, flow_state: FlowState, turn: Turn, ctx: Context, flows: Flows
) -> EffectProcess[Decision]:
    """The errand's own answer, however it is given; unless the words plainly are about something else."""
    flow = flows[flow_state.flow]
    interruption, payload = (yield from interruption_in(flow_state, turn, ctx)), choice_payload(flow_state, turn.text)
    if interruption == "danger":
        return emergency_reply(now, ctx)  # Whatever was asked for: a life comes first.
    if interruption == "wish" and payload is None:
        return (yield from _digress(now, flow_state, turn, ctx, flows))
    result = yield from handle_answer(flow, now, flow_state, ctx, turn)
    if not isinstance(result, Decision) and payload is not None:
        result = yield from handle_answer(flow, now, flow_state, ctx, replace(turn, text=payload))
    if isinstance(result, Invalid) and not (yield from is_clearly_other(turn, ctx)):
        return result.decision
    if isinstance(result, Decision):
        return result
    return (yield from _digress(now, flow_state, turn, ctx, flows))


def _own_words(now: Conversation, turn: Turn, ctx: Context, flows: Flows) -> EffectProcess[Decision]:
    """Free text. What reads like a button of the menu is that button."""
    payload = menu_button_payload(turn.text, ctx)
    button_command = command(payload) if payload else None
    if button_command is not None and payload != OPEN:
        return (yield from handle_postback(button_command, now, ctx, flows))
    return (yield from free_text(now, turn, ctx, flows))


def _digress(
    now: Conversation, flow_state: FlowState, turn: Turn, ctx: Context, flows: Flows
) -> EffectProcess[Decision]:
    """Another question in the middle of an errand: answered, and the errand's own question asked once more."""
    aside = yield from _own_words(now, turn, ctx, flows)
    if aside.state.run is not flow_state:
        return aside  # It began another errand, or left this one.
    message = tuple(part for action in aside.actions if isinstance(action, Reply) for part in action.parts)
    other_actions = tuple(action for action in aside.actions if not isinstance(action, Reply))
    decision = yield from prompt_again(flows[flow_state.flow], aside.state, flow_state, ctx, message)
    return Decision(decision.state, (*decision.actions, *other_actions))


def _global(keyword: str, now: Conversation, ctx: Context, flows: Flows) -> EffectProcess[Decision]:
    flow_state = now.run
    match keyword:
        case "cancel":
            if flow_state is not None:
                return cancel(now, flow_state, ctx)
            return Decision(now, (Reply("menu", compose(ctx.text("common.nothing_to_cancel"), [_menu(ctx)])),))
        case "back" if flow_state is not None and flow_state.flow in flows:
            return (yield from go_back(flows[flow_state.flow], now, flow_state, ctx))
        case "back":
            return Decision(now, (Reply("menu", compose(ctx.text("common.no_back"), [_menu(ctx)])),))
        case "help" if flow_state is not None and flow_state.flow in flows:
            message = compose(ctx.text("common.help_in_flow", flow=FLOW_TITLES[flow_state.flow], hint=""))
            return (yield from prompt_again(flows[flow_state.flow], now, flow_state, ctx, message))
        case "help":
            return Decision(now, (Reply("menu", (*compose(ctx.text("common.help")), *menu_answer(ctx))),))
        case "officer":
            return (yield from handle_postback(Command("canbo"), now, ctx, flows))
        case _:
            ending: tuple[Action, ...] = (EndFlow(flow_state.flow, "abandoned"),) if flow_state else ()
            return Decision(now.model_copy(update={"run": None}), (Reply("menu", menu_answer(ctx)), *ending))


def _on_follow(before: Conversation, ctx: Context) -> Decision:
    after = before.model_copy(update={"welcomed": True, "last_at": ctx.now})
    key = "welcome.again" if before.welcomed else "welcome.followed"
    message = compose(ctx.text(key, oa=ctx.oa.name) if key == "welcome.followed" else ctx.text(key))
    return Decision(after, (Reply("welcome", (*message, *menu_answer(ctx))),))


def _on_officer(before: Conversation, turn: Turn, ctx: Context) -> EffectProcess[Decision]:
    """Nobody waits any more: the officer is here."""
    if before.human is not None and not before.human.answered:
        yield from perform(LeaveQueue(ctx.conversation, ctx.oa.oa_id))
    human = before.human or OfficerSession(since=turn.at, until=turn.at)
    human = human.model_copy(update={"until": turn.at + OFFICER_SILENCE, "answered": True})
    transcript_line = TranscriptLine(at=turn.at, who="officer", text=turn.text[:MAX_LINE_CHARACTERS])
    talk = (*before.talk, transcript_line)[-MAX_TRANSCRIPT_LINES:]
    return Decision(before.model_copy(update={"human": human, "talk": talk, "last_at": turn.at}))


def _on_timer(before: Conversation, ctx: Context) -> EffectProcess[Decision]:
    """Something is due: an officer's silence ends, a half-done errand is recalled once, or let go of."""
    if before.human is not None and ctx.now >= before.human.until:
        yield from perform(LeaveQueue(ctx.conversation, ctx.oa.oa_id))
        message = compose(ctx.text("officer.returned"), [_menu(ctx)])
        return Decision(before.model_copy(update={"human": None}), (Reply("handover", message), ReleaseOfficer("idle")))
    flow_state = before.run
    if flow_state is None:
        return Decision(before)
    if (expired := _expired(before, flow_state, ctx)) is not None:
        return expired
    if flow_state.reminded or ctx.now < flow_state.touched_at + REMIND_AFTER:
        return Decision(before)
    buttons = [tap(ctx.text("button.resume"), "#tieptuc"), tap(ctx.text("button.cancel"), "#huy")]
    message = compose(ctx.text("common.reminder", flow=FLOW_TITLES[flow_state.flow]), buttons)
    return Decision(
        before.model_copy(update={"run": flow_state.model_copy(update={"reminded": True})}),
        (Reply("reminder", message),),
    )


def _expired(now: Conversation, flow_state: FlowState, ctx: Context) -> Decision | None:
    if ctx.now < flow_state.touched_at + ABANDON_AFTER:
        return None
    return Decision(now.model_copy(update={"run": None}), (EndFlow(flow_state.flow, "abandoned"),))


def _waits_for_officer(turn: Turn) -> bool:
    """Anything but a clear wish to have the bot back."""
    return global_word(turn.text) not in {"menu", "cancel"} and command(turn.text) is None


def _with_citizen_line(talk: tuple[TranscriptLine, ...], turn: Turn) -> tuple[TranscriptLine, ...]:
    text = turn.text if not turn.text.startswith("#") else ""
    shown_text = text or f"({turn.kind})" if turn.kind != "text" or text else ""
    return (
        (*talk, TranscriptLine(at=turn.at, who="citizen", text=shown_text[:MAX_LINE_CHARACTERS]))[
            -MAX_TRANSCRIPT_LINES:
        ]
        if shown_text
        else talk
    )


def _menu(ctx: Context) -> Button:
    return tap(ctx.text("button.menu"), "#menu")
