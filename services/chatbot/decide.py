"""What the chatbot does next. Pure: no clock, no network, no storage, no log.

A message is decided by RULES, in order: the first that fits wins. A rule that needs to know something (what a question means,
a dossier's status) is a generator: it yields an effect and is resumed with the answer (dialogue/effects.py).
The steps of an errand are its flow (features/<errand>/flow); dialogue/flow.py walks them.
"""

from dataclasses import replace

from contracts.floor import Holder, floor_after
from services.chatbot.content.flow_titles import FLOW_TITLES
from services.chatbot.dialogue.actions import Action, Decision, EndFlow, ReleaseOfficer, Reply
from services.chatbot.dialogue.choices import with_offered_choices
from services.chatbot.dialogue.context import Context
from services.chatbot.dialogue.effects import EffectProcess, perform
from services.chatbot.dialogue.flow import prompt_again
from services.chatbot.dialogue.messages import compose, tap
from services.chatbot.dialogue.rules import Flows, Rule, Situation, first_that_fits
from services.chatbot.dialogue.state import (
    ABANDON_AFTER,
    OFFICER_SILENCE,
    REMIND_AFTER,
    Conversation,
    FlowState,
    OfficerSession,
)
from services.chatbot.dialogue.transcript import with_line
from services.chatbot.dialogue.turn import Trigger, Turn, command, global_word
from services.chatbot.features.officer.effects import LeaveQueue
from services.chatbot.features.survey.flow import with_survey
from services.chatbot.replies.flow_answers import answer_to_flow_step, danger_in_a_flow, waiting_flow
from services.chatbot.replies.free_text import (
    danger_to_life,
    level_of_a_fine,
    message_without_words,
    model_is_away,
    nothing_understood,
    number_of_a_choice,
    office_by_name,
    outright_wish,
    question_about_the_same_topic,
    several_meanings,
    tip_in_own_words,
    understood_question,
)
from services.chatbot.replies.global_words import word_that_always_works
from services.chatbot.replies.postbacks import invite_code, menu_button_as_typed, postback
from services.chatbot.replies.procedures import menu_answer


def decide(before: Conversation, turn: Turn, ctx: Context, flows: Flows) -> EffectProcess[Decision]:
    match turn.trigger:
        case Trigger.MESSAGE:
            return (yield from _on_message(before, turn, ctx, flows))
        case Trigger.TIMER:
            return (yield from _on_timer(before, ctx, flows))
        case Trigger.FOLLOWED:
            return _on_follow(before, ctx)
        case Trigger.OFFICER:  # exhaustive
            return (yield from _on_officer(before, turn, ctx))


def _on_message(before: Conversation, turn: Turn, ctx: Context, flows: Flows) -> EffectProcess[Decision]:
    floor, holder = floor_after(before.floor, turn.text, turn.at)
    talk = (
        before.talk if holder is Holder.TIPS else with_line(before.talk, turn, "citizen")
    )  # A tip is not stored here.
    now = before.evolve(floor=floor, last_at=turn.at, talk=talk)
    decision = yield from first_that_fits(RULES, Situation(now, turn, ctx, flows, holder))
    return with_offered_choices(with_survey(decision, ctx, flows))


def tips_has_the_floor(situation: Situation) -> Decision | None:
    """Tips answers this message; the chatbot only records who has the floor."""
    return Decision(situation.now) if situation.answered_by is Holder.TIPS else None


def officer_has_the_talk(situation: Situation) -> Decision | None:
    """A bot that butts in is worse than none."""
    officer, turn = situation.now.human, situation.turn
    if officer is None or turn.at >= officer.until or _calls_the_bot_back(turn):
        return None
    return Decision(situation.now)


def officer_has_left(situation: Situation) -> EffectProcess[Decision | None]:
    """The citizen called the bot back, or the officer has been silent for long: the bot answers again."""
    officer, ctx = situation.now.human, situation.ctx
    if officer is None:
        return None
    yield from perform(LeaveQueue(ctx.conversation, ctx.oa.oa_id))
    release = ReleaseOfficer("citizen" if situation.turn.at < officer.until else "idle")
    return (yield from _decide_on(situation, situation.now.evolve(human=None), release))


def flow_is_over(situation: Situation) -> EffectProcess[Decision | None]:
    flow_state = situation.now.run
    if flow_state is None or not _is_over(flow_state, situation.ctx, situation.flows):
        return None
    after = situation.now.evolve(run=None)
    return (yield from _decide_on(situation, after, EndFlow(flow_state.flow, "abandoned")))


def digression(situation: Situation) -> EffectProcess[Decision | None]:
    """Another question in the middle of a flow: answered, and the flow's own question asked once more."""
    waiting = waiting_flow(situation)
    if waiting is None:
        return None
    flow, flow_state = waiting
    aside = yield from first_that_fits(OUTSIDE_FLOWS, situation)
    if aside.state.run is not flow_state:
        return aside  # It began another flow, or left this one.
    resumed = yield from prompt_again(flow, aside.state, flow_state, situation.ctx)
    return Decision(resumed.state, (*aside.actions, *resumed.actions))


OUTSIDE_FLOWS: tuple[Rule, ...] = (
    postback,
    invite_code,
    menu_button_as_typed,
    message_without_words,
    number_of_a_choice,
    model_is_away,
    danger_to_life,
    outright_wish,
    tip_in_own_words,
    office_by_name,
    level_of_a_fine,
    understood_question,
    question_about_the_same_topic,
    several_meanings,
    nothing_understood,
)
RULES: tuple[Rule, ...] = (
    tips_has_the_floor,
    officer_has_the_talk,
    officer_has_left,
    flow_is_over,
    word_that_always_works,
    danger_in_a_flow,
    answer_to_flow_step,
    digression,
    *OUTSIDE_FLOWS,
)


def _decide_on(situation: Situation, now: Conversation, action: Action) -> EffectProcess[Decision]:
    """The same message once more, in a conversation in which something has just ended."""
    decision = yield from first_that_fits(RULES, replace(situation, now=now))
    return Decision(decision.state, (action, *decision.actions))


def _calls_the_bot_back(turn: Turn) -> bool:
    return global_word(turn.text) in {"menu", "cancel"} or command(turn.text) is not None


def _is_over(flow_state: FlowState, ctx: Context, flows: Flows) -> bool:
    """Left for too long, or begun in a release that still had this flow."""
    return ctx.now >= flow_state.touched_at + ABANDON_AFTER or flow_state.flow not in flows


def _on_follow(before: Conversation, ctx: Context) -> Decision:
    after = before.evolve(welcomed=True, last_at=ctx.now)
    text = ctx.text("welcome.again") if before.welcomed else ctx.text("welcome.followed", oa=ctx.oa.name)
    return Decision(after, (Reply("welcome", (*compose(text), *menu_answer(ctx))),))


def _on_officer(before: Conversation, turn: Turn, ctx: Context) -> EffectProcess[Decision]:
    """Nobody waits any more: the officer is here."""
    if before.human is not None and not before.human.answered:
        yield from perform(LeaveQueue(ctx.conversation, ctx.oa.oa_id))
    officer = before.human or OfficerSession(since=turn.at, until=turn.at)
    officer = officer.evolve(until=turn.at + OFFICER_SILENCE, answered=True)
    talk = with_line(before.talk, turn, "officer")
    return Decision(before.evolve(talk=talk, human=officer, last_at=turn.at))


def _on_timer(before: Conversation, ctx: Context, flows: Flows) -> EffectProcess[Decision]:
    """Something is due: an officer's silence ends, a half-done flow is mentioned once, or dropped."""
    if before.human is not None and ctx.now >= before.human.until:
        yield from perform(LeaveQueue(ctx.conversation, ctx.oa.oa_id))
        message = ctx.say("officer.returned", ctx.menu_button)
        return Decision(before.evolve(human=None), (Reply("handover", message), ReleaseOfficer("idle")))
    flow_state = before.run
    if flow_state is None:
        return Decision(before)
    if _is_over(flow_state, ctx, flows):
        return Decision(before.evolve(run=None), (EndFlow(flow_state.flow, "abandoned"),))
    if flow_state.reminded or ctx.now < flow_state.touched_at + REMIND_AFTER:
        return Decision(before)
    buttons = [tap(ctx.text("button.resume"), "#tieptuc"), tap(ctx.text("button.cancel"), "#huy")]
    message = ctx.say("common.reminder", *buttons, flow=FLOW_TITLES[flow_state.flow])
    after = before.evolve(run=flow_state.evolve(reminded=True))
    return Decision(after, (Reply("reminder", message),))
