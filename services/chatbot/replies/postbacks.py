"""Buttons and menu items: `#verb words`, each with one meaning. An old button whose target is gone says so and shows the menu."""

from collections.abc import Sequence

from contracts.floor import OPEN
from contracts.message import Asset, MessagePart
from services.chatbot.content.models.form import DOCX
from services.chatbot.dialogue.actions import Decision, Reply
from services.chatbot.dialogue.context import Context
from services.chatbot.dialogue.effects import EffectProcess
from services.chatbot.dialogue.flow import begin, opening, prompt_again
from services.chatbot.dialogue.rules import Outcome, Situation
from services.chatbot.dialogue.state import Conversation
from services.chatbot.dialogue.turn import Command, command
from services.chatbot.features.authorisations.effects import read_invite
from services.chatbot.features.officer.handover import request_officer
from services.chatbot.replies.answers import unknown, with_topic
from services.chatbot.replies.procedures import (
    FACETS,
    knowledge_answer,
    menu_answer,
    menu_button_payload,
    procedure_answer,
)


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
    """A verb or words that are not, or not any more, of a button of ours: an old button."""
    now, ctx, flows, flow_state = situation.now, situation.ctx, situation.flows, situation.now.run
    match button.verb, button.words:
        case "lam", (name, *words) if name in flows and opening(flows[name], ctx, tuple(words)) is not None:
            return (yield from begin(flows[name], now, ctx, tuple(words)))
        case "canbo", ():
            return (yield from request_officer(now, ctx, "asked"))
        case "tieptuc", () if flow_state is not None and flow_state.flow in flows:
            return (yield from prompt_again(flows[flow_state.flow], now, flow_state, ctx, ()))
        case "khongphai", ():
            return (yield from unknown(situation))
        case _:
            old_button = (*ctx.say("menu.old_button"), *menu_answer(ctx))
            return _content_shown(button, now, ctx) or Decision(now, (Reply("menu", old_button),))


def _content_shown(button: Command, now: Conversation, ctx: Context) -> Decision | None:
    """What a button shows without beginning anything."""
    match button.verb, button.words:
        case "menu", (name,) if ctx.menu(name) is not None:
            return Decision(now, (Reply("menu", menu_answer(ctx, name)),))
        case "hoi", (key, *facets) if (procedure := ctx.procedure(key)) is not None and _is_facet(facets):
            answer = procedure_answer(ctx, procedure, *facets)
            return Decision(with_topic(procedure.key, now, ctx), (Reply("answer", answer),))
        case "biet", (key,) if key in ctx.content.knowledge:
            return Decision(now, (Reply("answer", knowledge_answer(ctx, ctx.content.knowledge[key])),))
        case "mau", (form,) if form in ctx.content.forms:
            return Decision(now, (Reply("form", form_parts(ctx, form)),))
        case "khongtin", ():
            return Decision(now, (Reply("menu", ctx.say("tip.no_thanks", ctx.menu_button)),))
        case _:
            return None


def _is_facet(words: Sequence[str]) -> bool:
    return not words or (len(words) == 1 and words[0] in FACETS)


def form_parts(ctx: Context, form_id: str) -> tuple[MessagePart, ...]:
    """The form as a real file. `loa:` addresses are this service's own; the event mapper makes them reachable for notify."""
    form = ctx.content.forms[form_id]
    name = form.file.rsplit("/", 1)[-1]
    media_type = "application/pdf" if name.endswith(".pdf") else DOCX
    asset = Asset(url=f"loa:/forms/{ctx.content.version}/{name}", name=name, media_type=media_type)
    text = ctx.text("form.sending", id=form.id, name=form.name)
    note = "" if form.official else f"\n{ctx.text('form.template')}"
    return (MessagePart(text=text + note), MessagePart(file=asset))
