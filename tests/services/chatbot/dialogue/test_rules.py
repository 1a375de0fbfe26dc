"""A list of rules."""

from typing import cast

import pytest

from services.chatbot.dialogue.actions import Decision
from services.chatbot.dialogue.effects import EffectProcess
from services.chatbot.dialogue.rules import Situation, first_that_fits
from services.chatbot.dialogue.state import Conversation
from services.chatbot.dialogue.steps import pure

ANYTHING = cast("Situation", None)


def decided(process: EffectProcess[Decision]) -> Decision:
    with pytest.raises(StopIteration) as end:
        next(process)
    return cast("Decision", end.value.value)


def test_the_first_that_fits_decides() -> None:
    first, second = Decision(Conversation(misses=1)), Decision(Conversation(misses=2))
    rules = [pure(lambda _: None), pure(lambda _: first), pure(lambda _: second)]
    assert decided(first_that_fits(rules, ANYTHING)) is first


def test_a_list_in_which_nothing_fits_is_a_mistake_of_ours() -> None:
    with pytest.raises(LookupError):
        next(first_that_fits([pure(lambda _: None)], ANYTHING))
