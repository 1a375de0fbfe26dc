"""The words that always work, however they are typed: cancel, back, help, menu, an officer."""

from services.chatbot.content.flow_titles import FLOW_TITLES
from services.chatbot.dialogue.actions import Action, Decision, EndFlow, Reply
from services.chatbot.dialogue.effects import EffectProcess
from services.chatbot.dialogue.flow import cancel, go_back, prompt_again
from services.chatbot.dialogue.rules import Situation
from services.chatbot.dialogue.turn import global_word
from services.chatbot.features.officer.handover import request_officer
from services.chatbot.replies.procedures import menu_answer


def word_that_always_works(situation: Situation) -> EffectProcess[Decision | None]:
    now, ctx = situation.now, situation.ctx
    match global_word(situation.turn.text):
        case None:
            return None
        case "cancel":
            return cancel(now, now.run, ctx) if now.run else _menu_reply(situation, "common.nothing_to_cancel")
        case "back":
            return (yield from _back(situation))
        case "help":
            return (yield from _help(situation))
        case "officer":
            return (yield from request_officer(now, ctx, "asked"))
        case _:
            ending: tuple[Action, ...] = (EndFlow(now.run.flow, "abandoned"),) if now.run else ()
            return Decision(now.evolve(run=None), (Reply("menu", menu_answer(ctx)), *ending))


def _back(situation: Situation) -> EffectProcess[Decision]:
    flow_state = situation.now.run
    if flow_state is None or flow_state.flow not in situation.flows:
        return _menu_reply(situation, "common.no_back")
    return (yield from go_back(situation.flows[flow_state.flow], situation.now, flow_state, situation.ctx))


def _help(situation: Situation) -> EffectProcess[Decision]:
    now, ctx, flow_state = situation.now, situation.ctx, situation.now.run
    if flow_state is None or flow_state.flow not in situation.flows:
        return Decision(now, (Reply("menu", (*ctx.say("common.help"), *menu_answer(ctx))),))
    message = ctx.say("common.help_in_flow", flow=FLOW_TITLES[flow_state.flow], hint="")
    return (yield from prompt_again(situation.flows[flow_state.flow], now, flow_state, ctx, message))


def _menu_reply(situation: Situation, key: str) -> Decision:
    message = situation.ctx.say(key, situation.ctx.menu_button)
    return Decision(situation.now, (Reply("menu", message),))
