"""How a decision gets what it needs from outside: it *yields* an effect and is resumed with the result.

The decision itself stays pure: the same results lead to the same reply. The effect runner collects the effects of a whole
batch and has each kind answered at once. A question that also does something (holds a slot, files a request) is idempotent:
its id is derived from the message that led to it, so asking twice does it once.
"""

from collections.abc import Awaitable, Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

A = TypeVar("A")
A_co = TypeVar("A_co", covariant=True)
R = TypeVar("R")


class Effect(Generic[A_co]):
    """A frozen, hashable dataclass that inherits from this; `A_co` is what answers it."""

    __slots__ = ()


EffectProcess = Generator[Effect[Any], Any, R]
"""A decision in progress: yields questions, receives answers, returns R."""


@dataclass(frozen=True, slots=True)
class Unavailable:
    """The source did not answer in time. The citizen is informed of that; nothing is guessed."""

    source: str


class EffectHandler(Protocol):
    """Answers all questions of one kind in a batch."""

    async def answer(self, effects: Sequence[Any]) -> Mapping[Any, Any]: ...


def perform(effect: Effect[A]) -> Generator[Effect[Any], Any, A | Unavailable]:
    """Yield with types: what comes back is an answer, or Unavailable, and the caller has to look."""
    answer: A | Unavailable = yield effect
    return answer


Eraser = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Sequential:
    """A handler that performs its effects one after the other: among claims, the first wins."""

    method: Callable[[Any], Awaitable[Any]]

    async def answer(self, effects: Sequence[Effect[Any]]) -> Mapping[Effect[Any], Any]:
        return {effect: await self.method(effect) for effect in effects}


@dataclass(frozen=True, slots=True)
class Batched:
    """A handler that performs its effects all at once."""

    method: Callable[[Sequence[Any]], Awaitable[Mapping[Any, Any]]]

    async def answer(self, effects: Sequence[Effect[Any]]) -> Mapping[Effect[Any], Any]:
        return await self.method(effects)
