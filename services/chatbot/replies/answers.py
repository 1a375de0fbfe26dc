"""What a key stands for: a procedure, knowledge, a flow, a name from the national catalogue; and the honest "I do not know"."""

from services.chatbot.content.flow_titles import FLOW_TITLES
from services.chatbot.dialogue.actions import Decision, Reply
from services.chatbot.dialogue.context import Context
from services.chatbot.dialogue.effects import EffectProcess
from services.chatbot.dialogue.flow import begin
from services.chatbot.dialogue.messages import compose, link, tap
from services.chatbot.dialogue.rules import Situation
from services.chatbot.dialogue.state import Conversation
from services.chatbot.features.officer.handover import request_officer
from services.chatbot.nlu.result import CATALOGUE
from services.chatbot.replies.emergency import how_to_tip
from services.chatbot.replies.procedures import flow_payload, knowledge_answer, procedure_answer

PORTAL = "https://dichvucong.gov.vn"
MAX_MISSES = 2  # Questions in a row that were not understood, before an officer is offered.


def answer_key(
    situation: Situation, key: str, facet: str = "whole", arguments: tuple[str, ...] = ()
) -> EffectProcess[Decision]:
    """Returns the answer to `key`; a flow begins with `arguments`."""
    ctx, flows = situation.ctx, situation.flows
    state = situation.now.evolve(misses=0, offered=())
    if key == "f_tin_bao":
        return how_to_tip(state, ctx)
    if key == "f_can_bo":
        return (yield from request_officer(state, ctx, "asked"))
    if key in flows and key in ctx.pack.flows:
        return (yield from begin(flows[key], state, ctx, arguments))
    if (procedure := ctx.procedure(key)) is not None:
        return Decision(with_topic(key, state, ctx), (Reply("answer", procedure_answer(ctx, procedure, facet)),))
    if key in ctx.content.knowledge:
        return Decision(state, (Reply("answer", knowledge_answer(ctx, ctx.content.knowledge[key])),))
    if key.startswith(CATALOGUE):
        return (yield from _name_in_catalogue(situation, key.removeprefix(CATALOGUE)))
    if key in FLOW_TITLES or key in ctx.content.procedures:
        message = ctx.say("common.not_here", ctx.menu_button, oa=ctx.oa.name)
        return Decision(state, (Reply("unknown", message),))
    return (yield from unknown(situation))


def with_topic(key: str, now: Conversation, ctx: Context) -> Conversation:
    """The conversation, in which a short question from now on is about the procedure `key`."""
    return now.evolve(misses=0, offered=(), topic=key, topic_at=ctx.now)


def unknown(situation: Situation) -> EffectProcess[Decision]:
    """Reply honestly that the bot does not know. The second time in a row an officer is requested."""
    ctx, misses = situation.ctx, situation.now.misses + 1
    state = situation.now.evolve(misses=misses, offered=())
    if misses >= MAX_MISSES:
        message = ctx.say("understand.unknown_again")
        decision = yield from request_officer(state.evolve(misses=0), ctx, "no_answer")
        return Decision(decision.state, (Reply("unknown", message), *decision.actions))
    buttons = [tap(ctx.text("button.officer"), "#canbo"), ctx.menu_button]
    return Decision(state, (Reply("unknown", ctx.say("understand.unknown", *buttons)),))


def _name_in_catalogue(situation: Situation, code: str) -> EffectProcess[Decision]:
    """We know its name and who does it, and say no more than that."""
    ctx, entry = situation.ctx, situation.ctx.content.catalogue.get(code)
    if entry is None:
        return (yield from unknown(situation))
    text = ctx.text("understand.catalogue", name=entry.name, agency=entry.agency, code=entry.code, url=PORTAL)
    buttons = [link(ctx.text("button.online"), PORTAL), tap(ctx.text("button.officer"), "#canbo")]
    state = situation.now.evolve(misses=0, offered=())
    return Decision(state, (Reply("answer", compose(text, buttons)),))


def offer_of(key: str, ctx: Context) -> tuple[str, str] | None:
    """The payload and title of a button that leads to `key`; None where this OA does not answer it."""
    if key in ctx.content.knowledge:
        return f"#biet {key}", ctx.content.knowledge[key].short
    if key in FLOW_TITLES:
        return flow_payload(key), FLOW_TITLES[key]
    procedure = ctx.procedure(key)
    return (f"#hoi {key}", procedure.short) if procedure else None
