"""Pictures, voices, places and stickers without a word: what they could be meant for, offered."""

from contracts.floor import OPEN
from contracts.message import Kind
from services.chatbot.content.flow_titles import FLOW_TITLES
from services.chatbot.dialogue.actions import Action, Decision, Reply
from services.chatbot.dialogue.context import Context
from services.chatbot.dialogue.messages import compose, tap
from services.chatbot.dialogue.state import Conversation
from services.chatbot.dialogue.turn import Turn
from services.chatbot.replies.procedures import menu_answer


def attachment_reply(now: Conversation, turn: Turn, ctx: Context) -> Decision:
    match turn.kind:
        case Kind.STICKER:
            message = menu_answer(ctx)
        case Kind.IMAGE | Kind.VIDEO | Kind.GIF | Kind.FILE:
            message = compose(
                ctx.text("understand.photo"),
                [tap(ctx.text("button.tip"), OPEN), tap(ctx.text("button.officer"), "#canbo")],
            )
        case Kind.AUDIO:
            message = compose(ctx.text("understand.voice"), [tap(ctx.text("button.officer"), "#canbo")])
        case Kind.LOCATION:
            message = compose(
                ctx.text("understand.place"),
                [tap(FLOW_TITLES["f_don_vi"], "#lam f_don_vi"), tap(ctx.text("button.tip"), OPEN)],
            )
        case _:
            message = compose(ctx.text("understand.only_text"), [tap(ctx.text("button.menu"), "#menu")])
    actions: tuple[Action, ...] = (Reply("no_words", message),)
    return Decision(now, actions)
