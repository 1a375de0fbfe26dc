"""Offices that free text names: the understanding knows what people want, the directory what places are called."""

import re

from contracts.text import fold
from services.chatbot.content.search.offices import OfficeMatch
from services.chatbot.dialogue.actions import Decision, Reply
from services.chatbot.dialogue.context import Context
from services.chatbot.dialogue.effects import EffectProcess
from services.chatbot.dialogue.flow import begin
from services.chatbot.dialogue.messages import MAX_BUTTONS, tap
from services.chatbot.dialogue.state import Conversation
from services.chatbot.dialogue.steps import Flow

_NEARBY = re.compile(r"\bgan (toi|day|nha|minh|em|chau|tui|nhat|cho)\b")


def wants_nearby(text: str, key: str, ctx: Context) -> bool:
    """Whether the office that does this is wanted near the citizen, and we know of any."""
    if ctx.procedure(key) is None or "f_don_vi" not in ctx.pack.flows:
        return False
    return bool(ctx.content.offices_doing(key)) and _NEARBY.search(fold(text)) is not None


def offices_named(text: str, outcome: str, key: str | None, ctx: Context) -> list[OfficeMatch]:
    """Where a question is about offices, or about nothing that was understood; elsewhere a place is beside the point."""
    if "f_don_vi" not in ctx.pack.flows:
        return []
    if outcome == "answer" and key == "lien_he":
        return ctx.content.office_index.search(text, MAX_BUTTONS)
    return ctx.content.office_index.search_explicit(text, MAX_BUTTONS) if outcome in {"decline", "choices"} else []


def show_offices(hits: list[OfficeMatch], now: Conversation, ctx: Context, flow: Flow) -> EffectProcess[Decision]:
    """One is shown; among several the citizen chooses."""
    if len(hits) == 1:
        return (yield from begin(flow, now, ctx, (hits[0].office.id,)))
    buttons = [tap(hit.office.name, f"#lam f_don_vi {hit.office.id}") for hit in hits]
    return Decision(now.evolve(misses=0), (Reply("choices", ctx.say("office.which", *buttons)),))
