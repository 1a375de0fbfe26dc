"""Rules, tried in order: the first that fits decides."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from contracts.floor import Holder
from services.chatbot.dialogue.actions import Decision
from services.chatbot.dialogue.context import Context
from services.chatbot.dialogue.effects import Effect, EffectProcess
from services.chatbot.dialogue.state import Conversation
from services.chatbot.dialogue.steps import Flow
from services.chatbot.dialogue.turn import Turn

Flows = Mapping[str, Flow]


@dataclass(frozen=True, slots=True)
class Situation:
    """What a rule looks at: one conversation, in which this message is noted already, and the message itself.

    `answers` holds what is asked at most once about a message, however many rules look at it: by kind of effect.
    """

    now: Conversation
    turn: Turn
    ctx: Context
    flows: Flows
    answered_by: Holder = Holder.CHATBOT
    answers: dict[type[Effect[Any]], Any] = field(default_factory=dict, repr=False, compare=False)


Outcome = EffectProcess[Decision | None] | Decision | None
Rule = Callable[[Situation], Outcome]
"""A function, or a generator where it needs effects. Returns None where it does not fit."""


def first_that_fits(rules: Iterable[Rule], situation: Situation) -> EffectProcess[Decision]:
    """Returns what the first fitting rule decides. Raises LookupError when none fits: the last rule of a list must."""
    for rule in rules:
        outcome = rule(situation)
        if outcome is None:
            continue
        decision = outcome if isinstance(outcome, Decision) else (yield from outcome)
        if decision is not None:
            return decision
    raise LookupError("no rule fits this message")
