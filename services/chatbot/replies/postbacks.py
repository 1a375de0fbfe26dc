"""Buttons and menu items: `#verb words`, each with one meaning. An old button whose target is gone says so and shows the menu."""

from collections.abc import Mapping

from contracts.message import Asset, MessagePart
from services.chatbot.content.forms.docx import DOCX
from services.chatbot.dialogue.actions import Decision, Reply
from services.chatbot.dialogue.context import Context
from services.chatbot.dialogue.effects import EffectProcess
from services.chatbot.dialogue.flow import begin, prompt_again
from services.chatbot.dialogue.messages import compose, tap
from services.chatbot.dialogue.state import Conversation
from services.chatbot.dialogue.steps import Flow
from services.chatbot.dialogue.turn import Command
from services.chatbot.features.officer.handover import request_officer
from services.chatbot.replies.free_text import unknown
from services.chatbot.replies.procedures import knowledge_answer, menu_answer, procedure_answer


def handle_postback(
    command: Command, now: Conversation, ctx: Context, flows: Mapping[str, Flow]
) -> EffectProcess[Decision]:
    flow_state = now.run
    match command.verb:
        case "menu":
            return Decision(now, (Reply("menu", menu_answer(ctx, command.first or "goc")),))
        case "hoi" if (procedure := ctx.procedure(command.first)) is not None:
            facet = command.words[1] if len(command.words) > 1 else "whole"
            state = now.model_copy(update={"topic": procedure.key, "topic_at": ctx.now, "misses": 0, "offered": ()})
            return Decision(state, (Reply("answer", procedure_answer(ctx, procedure, facet)),))
        case "biet" if command.first in ctx.content.knowledge:
            return Decision(now, (Reply("answer", knowledge_answer(ctx, ctx.content.knowledge[command.first])),))
        case "mau" if command.first in ctx.content.forms:
            return Decision(now, (Reply("form", form_parts(ctx, command.first)),))
        case "lam" if command.first in flows:
            return (yield from begin(flows[command.first], now, ctx, command.words[1:]))
        case "canbo":
            return (yield from request_officer(now, ctx, "asked"))
        case "tieptuc" if flow_state is not None and flow_state.flow in flows:
            return (yield from prompt_again(flows[flow_state.flow], now, flow_state, ctx, ()))
        case "khongphai":
            return (yield from unknown(now, ctx))
        case "khongtin":
            return Decision(
                now, (Reply("menu", compose(ctx.text("tip.no_thanks"), [tap(ctx.text("button.menu"), "#menu")])),)
            )
        case _:
            return Decision(now, (Reply("menu", (*compose(ctx.text("menu.old_button")), *menu_answer(ctx))),))


def form_parts(ctx: Context, form_id: str) -> tuple[MessagePart, ...]:
    """The form as a real file. `loa:` addresses are this house's own; the room around makes them reachable for notify."""
    form = ctx.content.forms[form_id]
    name = form.file.rsplit("/", 1)[-1]
    media_type = "application/pdf" if name.endswith(".pdf") else DOCX
    asset = Asset(url=f"loa:/forms/{ctx.content.version}/{name}", name=name, media_type=media_type)
    text = ctx.text("form.sending", id=form.id, name=form.name)
    note = "" if form.official else f"\n{ctx.text('form.template')}"
    return (MessagePart(text=text + note), MessagePart(file=asset))
