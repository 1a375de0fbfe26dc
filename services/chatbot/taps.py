"""Buttons and menu items: `#verb words`, each with one meaning. An old button whose target is gone says so and shows the menu."""

from collections.abc import Mapping

from contracts.message import Asset, Part
from services.chatbot.answers import knowledge_answer, menu_answer, procedure_answer
from services.chatbot.asks import Asking
from services.chatbot.context import Context
from services.chatbot.decision import Decision, Say
from services.chatbot.flows.kit import Flow, ask_again, begin
from services.chatbot.officer import call_officer
from services.chatbot.questions import unknown
from services.chatbot.speech import parts, tap
from services.chatbot.state import Conversation
from services.chatbot.turn import Command

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def tapped(told: Command, now: Conversation, ctx: Context, flows: Mapping[str, Flow]) -> Asking[Decision]:
    run = now.run
    match told.verb:
        case "menu":
            return Decision(now, (Say("menu", menu_answer(ctx, told.first or "goc")),))
        case "hoi" if (procedure := ctx.procedure(told.first)) is not None:
            facet = told.words[1] if len(told.words) > 1 else "whole"
            after = now.model_copy(update={"topic": procedure.key, "topic_at": ctx.now, "misses": 0, "offered": ()})
            return Decision(after, (Say("answer", procedure_answer(ctx, procedure, facet)),))
        case "biet" if told.first in ctx.content.knowledge:
            return Decision(now, (Say("answer", knowledge_answer(ctx, ctx.content.knowledge[told.first])),))
        case "mau" if told.first in ctx.content.forms:
            return Decision(now, (Say("form", form_parts(ctx, told.first)),))
        case "lam" if told.first in flows:
            return (yield from begin(flows[told.first], now, ctx, told.words[1:]))
        case "canbo":
            return (yield from call_officer(now, ctx, "asked"))
        case "tieptuc" if run is not None and run.flow in flows:
            return (yield from ask_again(flows[run.flow], now, run, ctx, ()))
        case "khongphai":
            return (yield from unknown(now, ctx))
        case "khongtin":
            return Decision(
                now, (Say("menu", parts(ctx.text("tip.no_thanks"), [tap(ctx.text("button.menu"), "#menu")])),)
            )
        case _:
            return Decision(now, (Say("menu", (*parts(ctx.text("menu.old_button")), *menu_answer(ctx))),))


def form_parts(ctx: Context, form_id: str) -> tuple[Part, ...]:
    """The form as a real file. `loa:` addresses are this house's own; the room around makes them reachable for notify."""
    form = ctx.content.forms[form_id]
    name = form.file.rsplit("/", 1)[-1]
    media_type = "application/pdf" if name.endswith(".pdf") else DOCX
    asset = Asset(url=f"loa:/forms/{ctx.content.version}/{name}", name=name, media_type=media_type)
    words = ctx.text("form.sending", id=form.id, name=form.name)
    note = "" if form.official else f"\n{ctx.text('form.template')}"
    return (Part(text=words + note), Part(file=asset))
