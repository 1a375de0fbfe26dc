"""A citizen's own words, answered: understood, or honestly not. Free text never acts by itself; it answers, offers, or begins."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from contracts.message import Kind
from services.chatbot.answers import (
    DOES,
    choices_answer,
    flow_payload,
    knowledge_answer,
    procedure_answer,
)
from services.chatbot.asks import Asking, Unavailable, ask
from services.chatbot.content.flows import FLOWS
from services.chatbot.context import Context
from services.chatbot.courtesy import courtesy
from services.chatbot.danger import how_to_tip, in_danger, offer_tip
from services.chatbot.decision import Decision, Say
from services.chatbot.flows.kit import Flow, begin
from services.chatbot.officer import call_officer
from services.chatbot.penalties import penalty_answer
from services.chatbot.reading import Understand, Understood
from services.chatbot.scores import number_in
from services.chatbot.speech import link, parts, tap
from services.chatbot.state import Conversation
from services.chatbot.turn import Turn
from services.chatbot.understand.understood import CATALOGUE
from services.chatbot.understand.wishes import COURTESIES
from services.chatbot.whereabouts import near, offices_named, show_offices
from services.chatbot.wordless import no_words

PORTAL = "https://dichvucong.gov.vn"
SAME_TOPIC = timedelta(minutes=15)  # How long "phí bao nhiêu?" still means the procedure last spoken of.
PATIENCE = 2  # Questions in a row that were not understood, before a person is offered.


def free_text(now: Conversation, turn: Turn, ctx: Context, flows: Mapping[str, Flow]) -> Asking[Decision]:
    if turn.kind is not Kind.TEXT and not turn.text:
        return no_words(now, turn, ctx)
    picked = _picked(now, turn.text)
    if picked is not None:
        return (yield from show(picked, "whole", now, ctx, flows))
    read = yield from ask(Understand(turn.text, ctx.content.version))
    if isinstance(read, Unavailable):
        return Decision(now, (Say("unknown", parts(ctx.text("common.unavailable"))),))
    if read.danger:
        return in_danger(now, ctx)
    if read.wish is not None:
        return (yield from _wished(read.wish, now, ctx, flows))
    if read.tip:
        return offer_tip(now, ctx)
    if (offices := offices_named(turn.text, read.outcome, read.key, ctx)) and "f_don_vi" in flows:
        return (yield from show_offices(offices, now, ctx, flows["f_don_vi"]))
    return (yield from _understood(read, turn, now, ctx, flows))


def _wished(wish: str, now: Conversation, ctx: Context, flows: Mapping[str, Flow]) -> Asking[Decision]:
    if wish in COURTESIES:
        return courtesy(wish, now, ctx)
    return (yield from show(wish, "whole", now, ctx, flows))


def _understood(
    read: Understood, turn: Turn, now: Conversation, ctx: Context, flows: Mapping[str, Flow]
) -> Asking[Decision]:
    if read.outcome == "answer" and read.key == "muc_phat":
        return Decision(now.model_copy(update={"misses": 0}), (Say("answer", penalty_answer(ctx, turn.text)),))
    if read.outcome in {"answer", "flow"} and read.key:
        if read.facet == "place" and near(turn.text, read.key, ctx):
            return (yield from begin(flows["f_don_vi"], _about(read.key, now, ctx), ctx, (DOES, read.key)))
        decision = yield from show(read.key, read.facet or "whole", now, ctx, flows, words=_code_for(read, turn.text))
        return _with_others(decision, read, ctx)
    if (topic := _same_topic(now, read.facet, ctx)) is not None:
        if read.facet == "place" and near(turn.text, topic, ctx):
            return (yield from begin(flows["f_don_vi"], _about(topic, now, ctx), ctx, (DOES, topic)))
        return (yield from show(topic, read.facet or "whole", now, ctx, flows))
    named = [
        (payload, title) for key in read.choices if (payload := payload_of(key, ctx)) and (title := title_of(key, ctx))
    ]
    if read.outcome == "choices" and named:
        return Decision(_offering(now, read.choices), (Say("choices", choices_answer(ctx, named)),))
    return (yield from unknown(now, ctx))


def show(
    key: str, facet: str, now: Conversation, ctx: Context, flows: Mapping[str, Flow], *, words: tuple[str, ...] = ()
) -> Asking[Decision]:
    """The answer that a key stands for: a procedure, knowledge, an errand, or a name from the national catalogue."""
    after = now.model_copy(update={"misses": 0, "offered": ()})
    if key == "f_tin_bao":
        return how_to_tip(after, ctx)
    if key == "f_can_bo":
        return (yield from call_officer(after, ctx, "asked"))
    if key in flows and key in ctx.pack.flows:
        return (yield from begin(flows[key], after, ctx, words))
    procedure = ctx.procedure(key)
    if procedure is not None:
        return Decision(_about(key, now, ctx), (Say("answer", procedure_answer(ctx, procedure, facet)),))
    if key in ctx.content.knowledge:
        return Decision(after, (Say("answer", knowledge_answer(ctx, ctx.content.knowledge[key])),))
    if key.startswith(CATALOGUE):
        return (yield from _by_name(key.removeprefix(CATALOGUE), after, ctx))
    if key in FLOWS or key in ctx.content.procedures:
        said = parts(ctx.text("common.not_here", oa=ctx.oa.name), [tap(ctx.text("button.menu"), "#menu")])
        return Decision(after, (Say("unknown", said),))
    return (yield from unknown(now, ctx))


def _about(key: str, now: Conversation, ctx: Context) -> Conversation:
    return now.model_copy(update={"misses": 0, "offered": (), "topic": key, "topic_at": ctx.now})


def unknown(now: Conversation, ctx: Context) -> Asking[Decision]:
    """Honest: the bot does not know. The second time in a row a person is called."""
    misses = now.misses + 1
    after = now.model_copy(update={"misses": misses, "offered": ()})
    if misses >= PATIENCE:
        said = parts(ctx.text("understand.unknown_again"))
        decision = yield from call_officer(after.model_copy(update={"misses": 0}), ctx, "no_answer")
        return Decision(decision.after, (Say("unknown", said), *decision.do))
    buttons = [tap(ctx.text("button.officer"), "#canbo"), tap(ctx.text("button.menu"), "#menu")]
    return Decision(after, (Say("unknown", parts(ctx.text("understand.unknown"), buttons)),))


def _code_for(read: Understood, text: str) -> tuple[str, ...]:
    """The number that came with the question, where its errand begins with one."""
    candidate = read.codes.candidate or number_in(text)
    codes = {"f_ho_so": read.codes.dossier, "f_phat_nguoi": read.codes.plate, "f_diem_thi": candidate}
    code = codes.get(read.key or "")
    return (code,) if code else ()


def _by_name(code: str, after: Conversation, ctx: Context) -> Asking[Decision]:
    """We know its name and who does it, and say no more than that."""
    entry = ctx.content.catalogue.get(code)
    if entry is None:
        return (yield from unknown(after, ctx))
    text = ctx.text("understand.catalogue", name=entry.name, agency=entry.agency, code=entry.code, url=PORTAL)
    buttons = [link(ctx.text("button.online"), PORTAL), tap(ctx.text("button.officer"), "#canbo")]
    return Decision(after, (Say("answer", parts(text, buttons)),))


def payload_of(key: str, ctx: Context) -> str | None:
    if key in ctx.content.knowledge:
        return f"#biet {key}"
    if key in FLOWS:
        return flow_payload(key)
    return f"#hoi {key}" if ctx.procedure(key) else None


def title_of(key: str, ctx: Context) -> str | None:
    if key in ctx.content.knowledge:
        return ctx.content.knowledge[key].short
    procedure = ctx.procedure(key)
    return FLOWS.get(key) or (procedure.short if procedure else None)


def _with_others(decision: Decision, read: Understood, ctx: Context) -> Decision:
    """Two questions in one message: the first is answered, the second a tap away."""
    named = [
        tap(title, payload)
        for key in read.others[:2]
        if (payload := payload_of(key, ctx)) and (title := title_of(key, ctx))
    ]
    said = next((do for do in decision.do if isinstance(do, Say) and do.outcome == "answer"), None)
    if not named or said is None:
        return decision
    more = replace(said, parts=(*said.parts, *parts(ctx.text("understand.several"), named)))
    return replace(decision, do=tuple(more if do is said else do for do in decision.do))


def _picked(now: Conversation, text: str) -> str | None:
    """A bare number after choices were shown."""
    bare = text.strip(" .)")
    return (
        now.offered[int(bare) - 1] if bare.isdigit() and len(bare) == 1 and 1 <= int(bare) <= len(now.offered) else None
    )


def _offering(now: Conversation, choices: tuple[str, ...]) -> Conversation:
    return now.model_copy(update={"misses": 0, "offered": choices[:3]})


def _same_topic(now: Conversation, facet: str | None, ctx: Context) -> str | None:
    fresh = now.topic_at is not None and ctx.now - now.topic_at <= SAME_TOPIC
    return now.topic if fresh and facet not in {None, "whole"} else None
