"""Runs many decisions at once: each is resumed until it asks; what is asked is answered kind by kind, in batches."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from chassis.blame import Transient
from services.chatbot.asks import Asking, Port, Question, Unavailable

K = TypeVar("K")
R = TypeVar("R")

Ports = Mapping[type[Question[Any]], Port]

ROUNDS = 30  # Questions one decision may ask, one after the other.
PORT_SECONDS = (
    3.0  # The bound within which a slow source can hold up the batch; then those who asked it are told it is away.
)


@dataclass(slots=True)
class Driver(Generic[K, R]):
    ports: Ports
    seconds: float = PORT_SECONDS
    _answers: dict[K, Any] = field(default_factory=dict)

    async def run(self, asking: Mapping[K, Asking[R]]) -> dict[K, R]:
        """Every decision to its end. Raises Transient when our own database is away, RuntimeError on one that never ends."""
        results: dict[K, R] = {}
        waiting: dict[K, Question[Any]] = {}
        self._resume(asking, dict.fromkeys(asking), waiting, results)
        for _ in range(ROUNDS):
            if not waiting:
                return results
            answers = await self._answer(set(waiting.values()))
            asked, waiting = waiting, {}
            self._resume(asking, {key: answers[question] for key, question in asked.items()}, waiting, results)
        raise RuntimeError("a decision asked more than thirty questions")

    def _resume(
        self,
        asking: Mapping[K, Asking[R]],
        answers: Mapping[K, Any],
        waiting: dict[K, Question[Any]],
        results: dict[K, R],
    ) -> None:
        for key, answer in answers.items():
            try:
                waiting[key] = asking[key].send(answer)
            except StopIteration as end:
                results[key] = end.value

    async def _answer(self, questions: set[Question[Any]]) -> dict[Question[Any], Any]:
        by_kind: dict[type[Question[Any]], list[Question[Any]]] = defaultdict(list)
        for question in questions:
            by_kind[type(question)].append(question)
        found = await asyncio.gather(*(self._ask_port(kind, asked) for kind, asked in by_kind.items()))
        return {question: answer for answers in found for question, answer in answers.items()}

    async def _ask_port(self, kind: type[Question[Any]], asked: list[Question[Any]]) -> Mapping[Question[Any], Any]:
        try:
            async with asyncio.timeout(self.seconds):
                answers = await self.ports[kind].answer(asked)
        except TimeoutError:
            answers = {}
        except Transient:
            raise
        away = Unavailable(kind.__name__)
        return {question: answers.get(question, away) for question in asked}
