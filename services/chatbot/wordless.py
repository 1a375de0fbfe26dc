"""Pictures, voices, places and stickers without a word: what they could be meant for, offered."""

from contracts.floor import OPEN
from contracts.message import Kind
from services.chatbot.answers import menu_answer
from services.chatbot.content.flows import FLOWS
from services.chatbot.context import Context
from services.chatbot.decision import Decision, Do, Say
from services.chatbot.speech import parts, tap
from services.chatbot.state import Conversation
from services.chatbot.turn import Turn


def no_words(now: Conversation, turn: Turn, ctx: Context) -> Decision:
    match turn.kind:
        case Kind.STICKER:
            said = menu_answer(ctx)
        case Kind.IMAGE | Kind.VIDEO | Kind.GIF | Kind.FILE:
            said = parts(
                ctx.text("understand.photo"),
                [tap(ctx.text("button.tip"), OPEN), tap(ctx.text("button.officer"), "#canbo")],
            )
        case Kind.AUDIO:
            said = parts(ctx.text("understand.voice"), [tap(ctx.text("button.officer"), "#canbo")])
        case Kind.LOCATION:
            said = parts(
                ctx.text("understand.place"),
                [tap(FLOWS["f_don_vi"], "#lam f_don_vi"), tap(ctx.text("button.tip"), OPEN)],
            )
        case _:
            said = parts(ctx.text("understand.only_text"), [tap(ctx.text("button.menu"), "#menu")])
    do: tuple[Do, ...] = (Say("no_words", said),)
    return Decision(now, do)
