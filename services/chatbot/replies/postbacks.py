"""Buttons and menu items: `#verb words`, each with one meaning. An old button whose target is gone says so and shows the menu."""

from contracts.floor import OPEN
from contracts.message import Asset, MessagePart
from services.chatbot.content.models.form import DOCX
from services.chatbot.dialogue.actions import Decision, Reply
from services.chatbot.dialogue.context import Context
from services.chatbot.dialogue.effects import EffectProcess
from services.chatbot.dialogue.flow import begin, prompt_again
from services.chatbot.dialogue.rules import Outcome, Situation
from services.chatbot.dialogue.turn import Command, command
from services.chatbot.features.authorisations.effects import read_invite
from services.chatbot.features.officer.handover import request_officer
from services.chatbot.replies.answers import unknown, with_topic
from services.chatbot.replies.procedures import knowledge_answer, menu_answer, menu_button_payload, procedure_answer


def postback(situation: Situation) -> Outcome:
    """A button that was pressed."""
    button = command(situation.turn.text)
    return handle_postback(button, situation) if button else None


def invite_code(situation: Situation) -> Outcome:
    """An invite passed on by somebody, as typed or forwarded."""
    invite = read_invite(situation.turn.text)
    return handle_postback(Command("lam", ("f_uy_quyen", invite)), situation) if invite else None


def menu_button_as_typed(situation: Situation) -> Outcome:
    """What reads like a button of the menu is that button. Tips are begun by a press alone."""
    payload = menu_button_payload(situation.turn.text, situation.ctx)
    button = command(payload) if payload and payload != OPEN else None
    return handle_postback(button, situation) if button else None


def handle_postback(button: Command, situation: Situation) -> EffectProcess[Decision]:
    now, ctx, flows, flow_state = situation.now, situation.ctx, situation.flows, situation.now.run
    match button.verb:
        case "menu":
            return Decision(now, (Reply("menu", menu_answer(ctx, button.first or "goc")),))
        case "hoi" if (procedure := ctx.procedure(button.first)) is not None:
            facet = button.words[1] if len(button.words) > 1 else "whole"
            state = with_topic(procedure.key, now, ctx)
            return Decision(state, (Reply("answer", procedure_answer(ctx, procedure, facet)),))
        case "biet" if button.first in ctx.content.knowledge:
            return Decision(now, (Reply("answer", knowledge_answer(ctx, ctx.content.knowledge[button.first])),))
        case "mau" if button.first in ctx.content.forms:
            return Decision(now, (Reply("form", form_parts(ctx, button.first)),))
        case "lam" if button.first in flows:
            return (yield from begin(flows[button.first], now, ctx, button.words[1:]))
        case "canbo":
            return (yield from request_officer(now, ctx, "asked"))
        case "tieptuc" if flow_state is not None and flow_state.flow in flows:
            return (yield from prompt_again(flows[flow_state.flow], now, flow_state, ctx, ()))
        case "khongphai":
            return (yield from unknown(situation))
        case "khongtin":
            message = ctx.say("tip.no_thanks", ctx.menu_button)
            return Decision(now, (Reply("menu", message),))
        case _:
            return Decision(now, (Reply("menu", (*ctx.say("menu.old_button"), *menu_answer(ctx))),))


def form_parts(ctx: Context, form_id: str) -> tuple[MessagePart, ...]:
    """The form as a real file. `loa:` addresses are this service's own; the event mapper makes them reachable for notify."""
    form = ctx.content.forms[form_id]
    name = form.file.rsplit("/", 1)[-1]
    media_type = "application/pdf" if name.endswith(".pdf") else DOCX
    asset = Asset(url=f"loa:/forms/{ctx.content.version}/{name}", name=name, media_type=media_type)
    text = ctx.text("form.sending", id=form.id, name=form.name)
    note = "" if form.official else f"\n{ctx.text('form.template')}"
    return (MessagePart(text=text + note), MessagePart(file=asset))
