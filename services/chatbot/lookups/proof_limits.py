"""Limits on proofs: counted before anything is looked up, per citizen and per thing, and forgiven when the proof was right.

Counting first means that guesses made at the same moment see each other. While the source is away a guess counts as well:
otherwise an outage would be the time to guess against what is known of it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from chassis.crypto import Pepper
from services.chatbot.lookups.result import Locked

if TYPE_CHECKING:  # Whoever needs the figures alone needs no database driver.
    from services.chatbot.lookups.store.attempts import Attempts

CONCURRENCY = 16
MAX_ATTEMPTS = 5  # Wrong proofs of one citizen, and on one thing, within the window.
WINDOW_MINUTES = 60


class ProofQuery(Protocol):
    """A question with a proof in it; `id` is the same when it is asked again for the same message."""

    @property
    def id(self) -> str: ...
    @property
    def conversation(self) -> str: ...


@dataclass(frozen=True, slots=True)
class ProofLimiter:
    kind: str
    attempts: "Attempts"
    pepper: Pepper
    find: Callable[[Sequence[Any]], Awaitable[Mapping[Any, Any]]]
    subject: Callable[[Any], tuple[str, ...]]  # What is guessed at; nothing where only the citizen is counted.

    async def answer(self, queries: Sequence[Any]) -> Mapping[Any, Any]:
        semaphore = asyncio.Semaphore(CONCURRENCY)
        permitted = await asyncio.gather(*(self._permit(query, semaphore) for query in queries))
        allowed = [query for query, is_permitted in zip(queries, permitted, strict=True) if is_permitted]
        answers = await self.find(allowed) if allowed else {}
        proven = [query for query in allowed if answers.get(query) is not None]
        await asyncio.gather(*(self.attempts.forgive(self._subjects(query), query.id) for query in proven))
        locked = Locked(WINDOW_MINUTES)
        return {
            **answers,
            **{query: locked for query, is_permitted in zip(queries, permitted, strict=True) if not is_permitted},
        }

    async def _permit(self, query: ProofQuery, semaphore: asyncio.Semaphore) -> bool:
        subjects = self._subjects(query)
        async with semaphore:
            await self.attempts.failed(subjects, query.id)
            if not await self.attempts.locked(subjects, query.id):
                return True
            await self.attempts.forgive(subjects, query.id)  # It was not tried, so it must not lengthen the lock.
        return False

    def _subjects(self, query: ProofQuery) -> list[str]:
        subject = self.subject(query)
        citizen = self.citizen_key(query.conversation)
        return [citizen, self.pepper.pseudonym(f"tried {self.kind}", *subject)] if subject else [citizen]

    def citizen_key(self, conversation: str) -> str:
        return self.pepper.pseudonym(f"tries {self.kind}", conversation)

    async def forget(self, conversation: str) -> None:
        await self.attempts.forget(self.citizen_key(conversation))
