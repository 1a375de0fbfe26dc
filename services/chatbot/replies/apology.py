"""What a citizen hears whose message could not be handled: one sentence, unless somebody else answers them."""

from datetime import datetime

from contracts.floor import Holder, floor_after
from services.chatbot.dialogue.actions import Decision, Reply
from services.chatbot.dialogue.context import Context
from services.chatbot.dialogue.messages import tap
from services.chatbot.dialogue.state import Conversation


def apology(before: Conversation, text: str, at: datetime, ctx: Context) -> Decision | None:
    """Returns the reply; None where tips or an officer answers this message. `text` is empty where it could not be read."""
    _, holder = floor_after(before.floor, text, at)
    is_officers = before.human is not None and at < before.human.until
    if holder is Holder.TIPS or is_officers:
        return None
    buttons = [tap(ctx.text("button.officer"), "#canbo"), ctx.menu_button]
    return Decision(before, (Reply("failed", ctx.say("common.failed", *buttons)),))
