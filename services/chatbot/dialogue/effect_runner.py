"""Runs many decisions at once: each is resumed until it yields effects, which are performed kind by kind, in batches."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from chassis.errors import TransientError
from services.chatbot.dialogue.effects import Effect, EffectHandler, EffectProcess, Unavailable

K = TypeVar("K")
R = TypeVar("R")

EffectHandlers = Mapping[type[Effect[Any]], EffectHandler]

MAX_ROUNDS = 30  # Effects one decision may yield, one after the other.
HANDLER_SECONDS = (
    3.0  # The bound within which a slow source can hold up the batch; then its citizens are informed that it is away.
)


@dataclass(slots=True)
class EffectRunner(Generic[K, R]):
    handlers: EffectHandlers
    seconds: float = HANDLER_SECONDS
    _answers: dict[K, Any] = field(default_factory=dict)

    async def run(self, processes: Mapping[K, EffectProcess[R]]) -> dict[K, R]:
        """Every decision to its end. Raises TransientError when our own database is away, RuntimeError on one that never ends."""
        results: dict[K, R] = {}
        waiting: dict[K, Effect[Any]] = {}
        self._resume(processes, dict.fromkeys(processes), waiting, results)
        for _ in range(MAX_ROUNDS):
            if not waiting:
                return results
            answers = await self._answer(set(waiting.values()))
            pending, waiting = waiting, {}
            self._resume(processes, {key: answers[effect] for key, effect in pending.items()}, waiting, results)
        raise RuntimeError("a decision asked more than thirty questions")

    def _resume(
        self,
        processes: Mapping[K, EffectProcess[R]],
        answers: Mapping[K, Any],
        waiting: dict[K, Effect[Any]],
        results: dict[K, R],
    ) -> None:
        for key, answer in answers.items():
            try:
                waiting[key] = processes[key].send(answer)
            except StopIteration as end:
                results[key] = end.value

    async def _answer(self, effects: set[Effect[Any]]) -> dict[Effect[Any], Any]:
        by_type: dict[type[Effect[Any]], list[Effect[Any]]] = defaultdict(list)
        for effect in effects:
            by_type[type(effect)].append(effect)
        answer_maps = await asyncio.gather(
            *(self._call_handler(effect_type, batch) for effect_type, batch in by_type.items())
        )
        return {effect: answer for answers in answer_maps for effect, answer in answers.items()}

    async def _call_handler(
        self, effect_type: type[Effect[Any]], batch: list[Effect[Any]]
    ) -> Mapping[Effect[Any], Any]:
        try:
            async with asyncio.timeout(self.seconds):
                answers = await self.handlers[effect_type].answer(batch)
        except TimeoutError:
            answers = {}
        except TransientError:
            raise
        unavailable = Unavailable(effect_type.__name__)
        return {effect: answers.get(effect, unavailable) for effect in batch}
