"""One kept paper: send it to its owner, or delete it for good."""

from uuid import UUID

from contracts.message import Asset, Button, MessagePart
from contracts.text import fold
from services.chatbot.dialogue.context import Context
from services.chatbot.dialogue.effects import EffectProcess, Unavailable, perform
from services.chatbot.dialogue.messages import compose, tap
from services.chatbot.dialogue.parsing import yes_or_no
from services.chatbot.dialogue.state import FlowState
from services.chatbot.dialogue.steps import (
    Ask,
    Finish,
    GoTo,
    HandleResult,
    NotHandled,
    PromptResult,
    Retry,
    picked,
    unavailable,
    yes_no_buttons,
)
from services.chatbot.dialogue.turn import Turn
from services.chatbot.features.papers.effects import JPEG, PNG, DropPaper, LinkPaper

SEND_CHOICE, DELETE_CHOICE = "gui", "xoa"
_CHOICE_BY_WORDS = {
    "gui": SEND_CHOICE,
    "gui cho toi": SEND_CHOICE,
    "xem": SEND_CHOICE,
    "tai ve": SEND_CHOICE,
    "xoa": DELETE_CHOICE,
    "xoa han": DELETE_CHOICE,
}


def prompt_action(ctx: Context, flow_state: FlowState) -> PromptResult:
    buttons = [
        tap(ctx.text("button.send"), f"#chon {SEND_CHOICE}"),
        tap(ctx.text("button.delete"), f"#chon {DELETE_CHOICE}"),
    ]
    return Ask(ctx.say("papers.what", *buttons, name=flow_state.slots["name"]))


def handle_action(ctx: Context, flow_state: FlowState, turn: Turn) -> EffectProcess[HandleResult]:
    match picked(turn) or _CHOICE_BY_WORDS.get(fold(turn.text)):
        case "gui":
            return (yield from _send(ctx, flow_state))
        case "xoa":
            return GoTo("sure")
        case _:
            return NotHandled()


def _send(ctx: Context, flow_state: FlowState) -> EffectProcess[HandleResult]:
    link = yield from perform(LinkPaper(UUID(flow_state.slots["paper"]), ctx.conversation))
    if isinstance(link, Unavailable):
        return unavailable(ctx)
    if link is None:
        return Finish(ctx.say("papers.gone", *_next_buttons(ctx)), "refused")
    asset = Asset(url=link.url, name=link.name, media_type=link.media_type)
    text = ctx.text("papers.sent", name=flow_state.slots["name"])
    if link.media_type in {JPEG, PNG}:
        return Finish((MessagePart(text=text, image=asset), *ctx.say("common.done", *_next_buttons(ctx))))
    return Finish((MessagePart(text=text), MessagePart(file=asset), *ctx.say("common.done", *_next_buttons(ctx))))


def prompt_delete(ctx: Context, flow_state: FlowState) -> PromptResult:
    buttons = yes_no_buttons(ctx)
    return Ask(ctx.say("papers.ask_delete", *buttons, name=flow_state.slots["name"]))


def handle_delete(ctx: Context, flow_state: FlowState, turn: Turn) -> EffectProcess[HandleResult]:
    answer = yes_or_no(picked(turn) or turn.text)
    if answer is None:
        return Retry(ctx.say("common.yes_or_no"))
    if not answer:
        return GoTo("list")
    is_deleted = yield from perform(DropPaper(UUID(flow_state.slots["paper"]), ctx.conversation))
    if isinstance(is_deleted, Unavailable):
        return unavailable(ctx)
    key = "papers.deleted" if is_deleted else "papers.gone"
    text = ctx.text(key, name=flow_state.slots["name"]) if is_deleted else ctx.text(key)
    return Finish(compose(text, _next_buttons(ctx)))


def _next_buttons(ctx: Context) -> list[Button]:
    return [tap(ctx.text("button.kept_papers"), "#lam f_giay_to"), ctx.menu_button]
