"""Limits on proofs: counted before anything is looked up, per citizen and per thing, and forgiven when the proof was right.

Counting first means that guesses made at the same moment see each other. While the source is away a guess counts as well:
otherwise an outage would be the time to guess against what is known of it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from chassis.sealing import Pepper
from services.chatbot.fines import Locked
from services.chatbot.store.attempts import Attempts

AT_ONCE = 16


class Guarded(Protocol):
    """A question with a proof in it; `id` is the same when it is asked again for the same message."""

    @property
    def id(self) -> str: ...
    @property
    def conversation(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Guard:
    kind: str
    attempts: Attempts
    pepper: Pepper
    minutes: int
    find: Callable[[Sequence[Any]], Awaitable[Mapping[Any, Any]]]
    thing: Callable[[Any], tuple[str, ...]]  # What is guessed at; nothing where only the citizen is counted.

    async def answer(self, questions: Sequence[Any]) -> Mapping[Any, Any]:
        gate = asyncio.Semaphore(AT_ONCE)
        open_ones = await asyncio.gather(*(self._open(one, gate) for one in questions))
        asked = [one for one, may in zip(questions, open_ones, strict=True) if may]
        answers = await self.find(asked) if asked else {}
        right = [one for one in asked if answers.get(one) is not None]
        await asyncio.gather(*(self.attempts.forgive(self._subjects(one), one.id) for one in right))
        locked = Locked(self.minutes)
        return {**answers, **{one: locked for one, may in zip(questions, open_ones, strict=True) if not may}}

    async def _open(self, one: Guarded, gate: asyncio.Semaphore) -> bool:
        subjects = self._subjects(one)
        async with gate:
            await self.attempts.failed(subjects, one.id)
            if not await self.attempts.locked(subjects, one.id):
                return True
            await self.attempts.forgive(subjects, one.id)  # It was not tried, so it must not lengthen the lock.
        return False

    def _subjects(self, one: Guarded) -> list[str]:
        thing = self.thing(one)
        mine = self.citizen(one.conversation)
        return [mine, self.pepper.pseudonym(f"tried {self.kind}", *thing)] if thing else [mine]

    def citizen(self, conversation: str) -> str:
        return self.pepper.pseudonym(f"tries {self.kind}", conversation)

    async def forget(self, conversation: str) -> None:
        await self.attempts.forget(self.citizen(conversation))
