"""Methods as ports: what answers each kind of question."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from services.chatbot.asks import Question


class Prepared(Protocol):
    """A store that makes its indexes before anything is asked of it."""

    def prepare(self) -> Awaitable[None]: ...


Forget = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class OneByOne:
    """A port whose questions are answered each by itself, one after the other: among claims, the first wins."""

    method: Callable[[Any], Awaitable[Any]]

    async def answer(self, questions: Sequence[Question[Any]]) -> Mapping[Question[Any], Any]:
        return {one: await self.method(one) for one in questions}


@dataclass(frozen=True, slots=True)
class Together:
    """A port whose questions are answered all at once."""

    method: Callable[[Sequence[Any]], Awaitable[Mapping[Any, Any]]]

    async def answer(self, questions: Sequence[Question[Any]]) -> Mapping[Question[Any], Any]:
        return await self.method(questions)
