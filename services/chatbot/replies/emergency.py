"""Danger and tips in free text: first the numbers to call, then a calm offer. Nothing is passed on by itself."""

from contracts.floor import OPEN
from contracts.message import Lane
from services.chatbot.dialogue.actions import Decision, Reply
from services.chatbot.dialogue.context import Context
from services.chatbot.dialogue.messages import call, tap
from services.chatbot.dialogue.state import Conversation


def emergency_reply(now: Conversation, ctx: Context) -> Decision:
    buttons = [call(ctx.text(f"button.call_{number}"), number) for number in ("113", "114", "115")]
    numbers = ctx.say("danger.emergency", *buttons)
    tip_offer = ctx.say("danger.then_tip", tap(ctx.text("button.tip"), OPEN))
    return Decision(now.evolve(misses=0), (Reply("danger", (*numbers, *tip_offer), Lane.URGENT),))


def offer_tip(now: Conversation, ctx: Context) -> Decision:
    """The text sounds like a tip: it becomes one only by the button."""
    buttons = [tap(ctx.text("button.tip"), OPEN), tap(ctx.text("button.no_tip"), "#khongtin")]
    return Decision(now, (Reply("tip_offer", ctx.say("tip.offer", *buttons), Lane.URGENT),))


def how_to_tip(now: Conversation, ctx: Context) -> Decision:
    """Asked for by name."""
    message = ctx.say("tip.how", tap(ctx.text("button.tip"), OPEN))
    return Decision(now, (Reply("tip_offer", message, Lane.URGENT),))
