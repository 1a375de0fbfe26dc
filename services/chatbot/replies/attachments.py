"""Pictures, voices, places and stickers without a word: what they could be meant for, offered."""

from contracts.floor import OPEN
from contracts.message import Kind
from services.chatbot.content.flow_titles import FLOW_TITLES
from services.chatbot.dialogue.actions import Action, Decision, Reply
from services.chatbot.dialogue.context import Context
from services.chatbot.dialogue.messages import tap
from services.chatbot.dialogue.state import Conversation
from services.chatbot.dialogue.turn import Turn
from services.chatbot.replies.procedures import menu_answer


def attachment_reply(now: Conversation, turn: Turn, ctx: Context) -> Decision:
    match turn.kind:
        case Kind.STICKER:
            message = menu_answer(ctx)
        case Kind.IMAGE | Kind.VIDEO | Kind.GIF | Kind.FILE:
            message = ctx.say(
                "understand.photo", tap(ctx.text("button.tip"), OPEN), tap(ctx.text("button.officer"), "#canbo")
            )
        case Kind.AUDIO:
            message = ctx.say("understand.voice", tap(ctx.text("button.officer"), "#canbo"))
        case Kind.LOCATION:
            message = ctx.say(
                "understand.place", tap(FLOW_TITLES["f_don_vi"], "#lam f_don_vi"), tap(ctx.text("button.tip"), OPEN)
            )
        case _:
            message = ctx.say("understand.only_text", ctx.menu_button)
    actions: tuple[Action, ...] = (Reply("no_words", message),)
    return Decision(now, actions)
