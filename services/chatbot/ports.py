"""Methods as ports: what answers each kind of question."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from services.chatbot.dialogue.effects import Effect


class PreparedStore(Protocol):
    """A store that makes its indexes before anything is asked of it."""

    def prepare(self) -> Awaitable[None]: ...


Eraser = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Sequential:
    """A port whose questions are answered each by itself, one after the other: among claims, the first wins."""

    method: Callable[[Any], Awaitable[Any]]

    async def answer(self, effects: Sequence[Effect[Any]]) -> Mapping[Effect[Any], Any]:
        return {effect: await self.method(effect) for effect in effects}


@dataclass(frozen=True, slots=True)
class Batched:
    """A port whose questions are answered all at once."""

    method: Callable[[Sequence[Any]], Awaitable[Mapping[Any, Any]]]

    async def answer(self, effects: Sequence[Effect[Any]]) -> Mapping[Effect[Any], Any]:
        return await self.method(effects)
