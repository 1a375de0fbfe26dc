"""Offices that free text names: the understanding knows what people want, the directory what places are called."""

import re

from services.chatbot.asks import Asking
from services.chatbot.content.directory import OfficeHit
from services.chatbot.context import Context
from services.chatbot.decision import Decision, Say
from services.chatbot.flows.kit import Flow, begin
from services.chatbot.speech import BUTTONS, parts, tap
from services.chatbot.state import Conversation
from services.chatbot.turn import plain

_NEAR = re.compile(r"\bgan (toi|day|nha|minh|em|chau|tui|nhat|cho)\b")


def near(text: str, key: str, ctx: Context) -> bool:
    """Whether the office that does this is wanted near the citizen, and we know of any."""
    if ctx.procedure(key) is None or "f_don_vi" not in ctx.pack.flows:
        return False
    return bool(ctx.content.offices_doing(key)) and _NEAR.search(plain(text)) is not None


def offices_named(text: str, outcome: str, key: str | None, ctx: Context) -> list[OfficeHit]:
    """Where a question is about offices, or about nothing that was understood; elsewhere a place is beside the point."""
    if "f_don_vi" not in ctx.pack.flows:
        return []
    if outcome == "answer" and key == "lien_he":
        return ctx.content.directory.named(text, BUTTONS)
    return ctx.content.directory.asked_for(text, BUTTONS) if outcome in {"decline", "choices"} else []


def show_offices(hits: list[OfficeHit], now: Conversation, ctx: Context, flow: Flow) -> Asking[Decision]:
    """One is shown; among several the citizen chooses."""
    if len(hits) == 1:
        return (yield from begin(flow, now, ctx, (hits[0].office.id,)))
    buttons = [tap(hit.office.name, f"#lam f_don_vi {hit.office.id}") for hit in hits]
    return Decision(now.model_copy(update={"misses": 0}), (Say("choices", parts(ctx.text("office.which"), buttons)),))
