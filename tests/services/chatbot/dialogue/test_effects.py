"""How decisions ask the world."""

from dataclasses import dataclass

from services.chatbot.dialogue.effects import Effect, EffectProcess, Unavailable, asked_once, perform


@dataclass(frozen=True, slots=True)
class Ask(Effect[int]):
    number: int


@dataclass(frozen=True, slots=True)
class Count(Effect[int]):
    number: int


def asking(*effects: Effect[int]) -> EffectProcess[list[int | Unavailable]]:
    answers: list[int | Unavailable] = []
    for effect in effects:
        answer = yield from perform(effect)
        answers.append(answer)
    return answers


def run(process: EffectProcess[list[int | Unavailable]]) -> tuple[list[int | Unavailable], list[Effect[int]]]:
    performed: list[Effect[int]] = []
    answer = None
    try:
        while True:
            performed.append(process.send(answer))
            answer = len(performed)
    except StopIteration as end:
        return end.value, performed


def test_equal_effects_of_the_kind_are_performed_once() -> None:
    assert run(asked_once(asking(Ask(1), Ask(2), Ask(1)), Ask)) == ([1, 2, 1], [Ask(1), Ask(2)])


def test_effects_of_other_kinds_are_performed_each_time() -> None:
    assert run(asked_once(asking(Count(1), Count(1)), Ask)) == ([1, 2], [Count(1), Count(1)])
