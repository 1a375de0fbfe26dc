"""A citizen's own words, answered: understood, or honestly not. Free text never acts by itself; it answers, offers, or begins."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from contracts.message import Kind
from services.chatbot.content.flow_titles import FLOW_TITLES
from services.chatbot.dialogue.actions import Decision, Reply
from services.chatbot.dialogue.context import Context
from services.chatbot.dialogue.effects import EffectProcess, Unavailable, perform
from services.chatbot.dialogue.flow import begin
from services.chatbot.dialogue.messages import compose, link, tap
from services.chatbot.dialogue.state import Conversation
from services.chatbot.dialogue.steps import Flow
from services.chatbot.dialogue.turn import OFFICE_FOR, Turn
from services.chatbot.features.officer.handover import request_officer
from services.chatbot.nlu.codes import number_in
from services.chatbot.nlu.effects import Understand
from services.chatbot.nlu.result import CATALOGUE, Understood
from services.chatbot.nlu.smalltalk import SMALLTALK
from services.chatbot.replies.attachments import attachment_reply
from services.chatbot.replies.emergency import emergency_reply, how_to_tip, offer_tip
from services.chatbot.replies.fine_levels import fine_levels_answer
from services.chatbot.replies.offices import offices_named, show_offices, wants_nearby
from services.chatbot.replies.procedures import choices_answer, flow_payload, knowledge_answer, procedure_answer
from services.chatbot.replies.smalltalk import smalltalk_reply

PORTAL = "https://dichvucong.gov.vn"
TOPIC_LIFETIME = timedelta(minutes=15)  # How long "phí bao nhiêu?" still means the procedure last spoken of.
MAX_MISSES = 2  # Questions in a row that were not understood, before a person is offered.


def free_text(now: Conversation, turn: Turn, ctx: Context, flows: Mapping[str, Flow]) -> EffectProcess[Decision]:
    if turn.kind is not Kind.TEXT and not turn.text:
        return attachment_reply(now, turn, ctx)
    choice = _picked(now, turn.text)
    if choice is not None:
        return (yield from answer_key(choice, "whole", now, ctx, flows))
    understood = yield from perform(Understand(turn.text, ctx.content.version))
    if isinstance(understood, Unavailable):
        return Decision(now, (Reply("unknown", compose(ctx.text("common.unavailable"))),))
    if understood.danger:
        return emergency_reply(now, ctx)
    if understood.wish is not None:
        return (yield from answer_outright_wish(understood.wish, now, ctx, flows))
    if understood.tip:
        return offer_tip(now, ctx)
    if (offices := offices_named(turn.text, understood.outcome, understood.key, ctx)) and "f_don_vi" in flows:
        return (yield from show_offices(offices, now, ctx, flows["f_don_vi"]))
    return (yield from _answer_understood(understood, turn, now, ctx, flows))


def answer_outright_wish(
    wish: str, now: Conversation, ctx: Context, flows: Mapping[str, Flow]
) -> EffectProcess[Decision]:
    if wish in SMALLTALK:
        return smalltalk_reply(wish, now, ctx)
    return (yield from answer_key(wish, "whole", now, ctx, flows))


def _answer_understood(
    understood: Understood, turn: Turn, now: Conversation, ctx: Context, flows: Mapping[str, Flow]
) -> EffectProcess[Decision]:
    if understood.outcome == "answer" and understood.key == "muc_phat":
        return Decision(now.model_copy(update={"misses": 0}), (Reply("answer", fine_levels_answer(ctx, turn.text)),))
    if understood.outcome in {"answer", "flow"} and understood.key:
        if understood.facet == "place" and wants_nearby(turn.text, understood.key, ctx):
            return (
                yield from begin(
                    flows["f_don_vi"], _with_topic(understood.key, now, ctx), ctx, (OFFICE_FOR, understood.key)
                )
            )
        decision = yield from answer_key(
            understood.key, understood.facet or "whole", now, ctx, flows, arguments=_code_for(understood, turn.text)
        )
        return _with_other_questions(decision, understood, ctx)
    if (topic := _same_topic(now, understood.facet, ctx)) is not None:
        if understood.facet == "place" and wants_nearby(turn.text, topic, ctx):
            return (yield from begin(flows["f_don_vi"], _with_topic(topic, now, ctx), ctx, (OFFICE_FOR, topic)))
        return (yield from answer_key(topic, understood.facet or "whole", now, ctx, flows))
    choices = [
        (payload, title)
        for key in understood.choices
        if (payload := payload_of(key, ctx)) and (title := title_of(key, ctx))
    ]
    if understood.outcome == "choices" and choices:
        return Decision(_with_offered(now, understood.choices), (Reply("choices", choices_answer(ctx, choices)),))
    return (yield from unknown(now, ctx))


def answer_key(
    key: str, facet: str, now: Conversation, ctx: Context, flows: Mapping[str, Flow], *, arguments: tuple[str, ...] = ()
) -> EffectProcess[Decision]:
    """The answer that a key stands for: a procedure, knowledge, an errand, or a name from the national catalogue."""
    state = now.model_copy(update={"misses": 0, "offered": ()})
    if key == "f_tin_bao":
        return how_to_tip(state, ctx)
    if key == "f_can_bo":
        return (yield from request_officer(state, ctx, "asked"))
    if key in flows and key in ctx.pack.flows:
        return (yield from begin(flows[key], state, ctx, arguments))
    procedure = ctx.procedure(key)
    if procedure is not None:
        return Decision(_with_topic(key, now, ctx), (Reply("answer", procedure_answer(ctx, procedure, facet)),))
    if key in ctx.content.knowledge:
        return Decision(state, (Reply("answer", knowledge_answer(ctx, ctx.content.knowledge[key])),))
    if key.startswith(CATALOGUE):
        return (yield from _by_name(key.removeprefix(CATALOGUE), state, ctx))
    if key in FLOW_TITLES or key in ctx.content.procedures:
        message = compose(ctx.text("common.not_here", oa=ctx.oa.name), [tap(ctx.text("button.menu"), "#menu")])
        return Decision(state, (Reply("unknown", message),))
    return (yield from unknown(now, ctx))


def _with_topic(key: str, now: Conversation, ctx: Context) -> Conversation:
    return now.model_copy(update={"misses": 0, "offered": (), "topic": key, "topic_at": ctx.now})


def unknown(now: Conversation, ctx: Context) -> EffectProcess[Decision]:
    """Honest: the bot does not know. The second time in a row a person is called."""
    misses = now.misses + 1
    state = now.model_copy(update={"misses": misses, "offered": ()})
    if misses >= MAX_MISSES:
        message = compose(ctx.text("understand.unknown_again"))
        decision = yield from request_officer(state.model_copy(update={"misses": 0}), ctx, "no_answer")
        return Decision(decision.state, (Reply("unknown", message), *decision.actions))
    buttons = [tap(ctx.text("button.officer"), "#canbo"), tap(ctx.text("button.menu"), "#menu")]
    return Decision(state, (Reply("unknown", compose(ctx.text("understand.unknown"), buttons)),))


def _code_for(understood: Understood, text: str) -> tuple[str, ...]:
    """The number that came with the question, where its errand begins with one."""
    candidate = understood.codes.candidate or number_in(text)
    codes = {"f_ho_so": understood.codes.dossier, "f_phat_nguoi": understood.codes.plate, "f_diem_thi": candidate}
    code = codes.get(understood.key or "")
    return (code,) if code else ()


def _by_name(code: str, state: Conversation, ctx: Context) -> EffectProcess[Decision]:
    """We know its name and who does it, and say no more than that."""
    entry = ctx.content.catalogue.get(code)
    if entry is None:
        return (yield from unknown(state, ctx))
    text = ctx.text("understand.catalogue", name=entry.name, agency=entry.agency, code=entry.code, url=PORTAL)
    buttons = [link(ctx.text("button.online"), PORTAL), tap(ctx.text("button.officer"), "#canbo")]
    return Decision(state, (Reply("answer", compose(text, buttons)),))


def payload_of(key: str, ctx: Context) -> str | None:
    if key in ctx.content.knowledge:
        return f"#biet {key}"
    if key in FLOW_TITLES:
        return flow_payload(key)
    return f"#hoi {key}" if ctx.procedure(key) else None


def title_of(key: str, ctx: Context) -> str | None:
    if key in ctx.content.knowledge:
        return ctx.content.knowledge[key].short
    procedure = ctx.procedure(key)
    return FLOW_TITLES.get(key) or (procedure.short if procedure else None)


def _with_other_questions(decision: Decision, understood: Understood, ctx: Context) -> Decision:
    """Two questions in one message: the first is answered, the second a tap away."""
    buttons = [
        tap(title, payload)
        for key in understood.others[:2]
        if (payload := payload_of(key, ctx)) and (title := title_of(key, ctx))
    ]
    answer = next(
        (action for action in decision.actions if isinstance(action, Reply) and action.outcome == "answer"), None
    )
    if not buttons or answer is None:
        return decision
    extended = replace(answer, parts=(*answer.parts, *compose(ctx.text("understand.several"), buttons)))
    return replace(decision, actions=tuple(extended if action is answer else action for action in decision.actions))


def _picked(now: Conversation, text: str) -> str | None:
    """A bare number after choices were shown."""
    digits = text.strip(" .)")
    return (
        now.offered[int(digits) - 1]
        if digits.isdigit() and len(digits) == 1 and 1 <= int(digits) <= len(now.offered)
        else None
    )


def _with_offered(now: Conversation, choices: tuple[str, ...]) -> Conversation:
    return now.model_copy(update={"misses": 0, "offered": choices[:3]})


def _same_topic(now: Conversation, facet: str | None, ctx: Context) -> str | None:
    fresh = now.topic_at is not None and ctx.now - now.topic_at <= TOPIC_LIFETIME
    return now.topic if fresh and facet not in {None, "whole"} else None
