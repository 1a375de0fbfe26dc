"""Rules for a citizen's own words: understood, or honestly not. Free text never acts by itself; it answers, offers, or begins."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from contracts.message import Kind
from contracts.text import read_number
from services.chatbot.dialogue.actions import Decision, Reply
from services.chatbot.dialogue.effects import EffectProcess, Unavailable, perform
from services.chatbot.dialogue.flow import begin
from services.chatbot.dialogue.messages import compose, tap
from services.chatbot.dialogue.rules import Outcome, Rule, Situation
from services.chatbot.dialogue.turn import OFFICE_FOR
from services.chatbot.nlu.codes import number_in
from services.chatbot.nlu.effects import Understand
from services.chatbot.nlu.result import Understood
from services.chatbot.nlu.smalltalk import SMALLTALK
from services.chatbot.replies.answers import answer_key, offer_of, unknown, with_topic
from services.chatbot.replies.attachments import attachment_reply
from services.chatbot.replies.emergency import emergency_reply, offer_tip
from services.chatbot.replies.fine_levels import fine_levels_answer
from services.chatbot.replies.offices import offices_named, show_offices, wants_nearby
from services.chatbot.replies.procedures import choices_answer
from services.chatbot.replies.smalltalk import smalltalk_reply

TOPIC_LIFETIME = timedelta(minutes=15)  # How long "phí bao nhiêu?" still means the procedure last answered.
MAX_OFFERED = 3  # Choices that are shown, and that a number picks from.
FINE_LEVELS = "muc_phat"  # The key of the question what an offence costs.


def understood_in(situation: Situation) -> EffectProcess[Understood | None]:
    """Returns what the language model makes of the text, which is asked once; None when it does not answer."""
    answers = situation.answers
    if Understand not in answers:
        answers[Understand] = yield from perform(Understand(situation.turn.text, situation.ctx.content.version))
    understood = answers[Understand]
    return None if isinstance(understood, Unavailable) else understood


def by_meaning(rule: Callable[[Situation, Understood], Outcome]) -> Rule:
    """A rule that looks at what the text means. It stands behind `model_is_away`, which has asked the model."""

    def looking(situation: Situation) -> Outcome:
        return rule(situation, situation.answers[Understand])

    return looking


def message_without_words(situation: Situation) -> Decision | None:
    turn = situation.turn
    if turn.kind is Kind.TEXT or turn.text:
        return None
    return attachment_reply(situation.now, turn, situation.ctx)


def number_of_a_choice(situation: Situation) -> Outcome:
    """A bare number after choices were shown."""
    offered, place = situation.now.offered, read_number(situation.turn.text.strip(" .)"), 1)
    if place is None or not 1 <= place <= len(offered):
        return None
    return answer_key(situation, offered[place - 1])


def model_is_away(situation: Situation) -> EffectProcess[Decision | None]:
    """Asks what the text means, for all rules behind this one; and says so when the model does not answer."""
    if (yield from understood_in(situation)) is not None:
        return None
    return Decision(situation.now, (Reply("unknown", compose(situation.ctx.text("common.unavailable"))),))


@by_meaning
def danger_to_life(situation: Situation, understood: Understood) -> Decision | None:
    return emergency_reply(situation.now, situation.ctx) if understood.danger else None


@by_meaning
def outright_wish(situation: Situation, understood: Understood) -> Outcome:
    """A courtesy, or the name of a flow and nothing else."""
    if understood.wish is None:
        return None
    if understood.wish in SMALLTALK:
        return smalltalk_reply(understood.wish, situation.now, situation.ctx)
    return answer_key(situation, understood.wish)


@by_meaning
def tip_in_own_words(situation: Situation, understood: Understood) -> Decision | None:
    return offer_tip(situation.now, situation.ctx) if understood.tip else None


@by_meaning
def office_by_name(situation: Situation, understood: Understood) -> Outcome:
    offices = offices_named(situation.turn.text, understood.outcome, understood.key, situation.ctx)
    if not offices:
        return None
    return show_offices(offices, situation.now, situation.ctx, situation.flows["f_don_vi"])


@by_meaning
def level_of_a_fine(situation: Situation, understood: Understood) -> Decision | None:
    if understood.outcome != "answer" or understood.key != FINE_LEVELS:
        return None
    state = situation.now.evolve(misses=0)
    return Decision(state, (Reply("answer", fine_levels_answer(situation.ctx, situation.turn.text)),))


@by_meaning
def understood_question(situation: Situation, understood: Understood) -> EffectProcess[Decision | None]:
    if understood.outcome not in {"answer", "flow"} or not understood.key:
        return None
    code = _code_for(understood, situation)
    decision = yield from _about(situation, understood.key, understood.facet, code)
    return _with_other_questions(decision, understood, situation)


@by_meaning
def question_about_the_same_topic(situation: Situation, understood: Understood) -> Outcome:
    now = situation.now
    is_fresh = now.topic_at is not None and situation.ctx.now - now.topic_at <= TOPIC_LIFETIME
    if now.topic is None or not is_fresh or understood.facet == "whole":
        return None
    return _about(situation, now.topic, understood.facet)


@by_meaning
def several_meanings(situation: Situation, understood: Understood) -> Decision | None:
    """Doubt is shown, not hidden."""
    offers = [offer for key in understood.choices if (offer := offer_of(key, situation.ctx))]
    if understood.outcome != "choices" or not offers:
        return None
    state = situation.now.evolve(misses=0, offered=understood.choices[:MAX_OFFERED])
    return Decision(state, (Reply("choices", choices_answer(situation.ctx, offers)),))


def nothing_understood(situation: Situation) -> Outcome:
    return unknown(situation)


def _about(situation: Situation, key: str, facet: str, arguments: tuple[str, ...] = ()) -> EffectProcess[Decision]:
    """The answer to `key`, or the offices that do it near the citizen when that was asked."""
    ctx = situation.ctx
    if facet == "place" and wants_nearby(situation.turn.text, key, ctx):
        offices = situation.flows["f_don_vi"]
        return (yield from begin(offices, with_topic(key, situation.now, ctx), ctx, (OFFICE_FOR, key)))
    return (yield from answer_key(situation, key, facet, arguments))


def _code_for(understood: Understood, situation: Situation) -> tuple[str, ...]:
    """The number that came with the question, where its flow begins with one."""
    flow, codes = situation.flows.get(understood.key or ""), understood.codes
    candidate = codes.candidate or number_in(situation.turn.text)
    numbers = {"dossier": codes.dossier, "plate": codes.plate, "candidate": candidate}
    code = numbers.get(flow.begins_with) if flow and flow.begins_with else None
    return (code,) if code else ()


def _with_other_questions(decision: Decision, understood: Understood, situation: Situation) -> Decision:
    """Two questions in one message: the first is answered, the second a tap away."""
    ctx = situation.ctx
    offers = [offer for key in understood.others[:2] if (offer := offer_of(key, ctx))]
    replies = (action for action in decision.actions if isinstance(action, Reply))
    answer = next((reply for reply in replies if reply.outcome == "answer"), None)
    if not offers or answer is None:
        return decision
    buttons = [tap(title, payload) for payload, title in offers]
    extended = replace(answer, parts=(*answer.parts, *ctx.say("understand.several", *buttons)))
    return replace(decision, actions=tuple(extended if action is answer else action for action in decision.actions))
