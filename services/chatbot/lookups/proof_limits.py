"""Limits on proofs: counted before anything is looked up, and forgiven when the proof was right.

A person has few tries, on whatever and with whichever OA. A thing has more, from all who try it; who has proven it before is not
held up by them, so that a stranger locks nobody out. Counting first means that guesses made at the same moment see each other.
While the source is away a guess counts as well: otherwise an outage would be the time to guess against what is known of it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from chassis.crypto import Pepper
from services.chatbot.lookups.result import MAX_BY_PERSON, WINDOW_MINUTES, Locked
from services.chatbot.lookups.store.attempts import Attempts
from services.chatbot.lookups.store.proofs import Proofs
from services.chatbot.metrics import PROOFS

CONCURRENCY = 16
MAX_ON_THING = 20  # Of all who are not known to own it: four accounts an hour, and a month for half of all birthdays.


class ProofQuery(Protocol):
    """A question with a proof in it; `id` is the same when it is asked again for the same message."""

    @property
    def id(self) -> str: ...
    @property
    def conversation(self) -> str: ...
    @property
    def person(self) -> str: ...


@dataclass(frozen=True, slots=True)
class ProofLimiter:
    """`attempts` outlive a withdrawal: they name nobody and are gone within hours. `proofs` are forgotten with the citizen."""

    kind: str
    attempts: Attempts
    proofs: Proofs
    pepper: Pepper
    find: Callable[[Sequence[Any]], Awaitable[Mapping[Any, Any]]]
    subject: Callable[[Any], tuple[str, ...]]  # What is guessed at; nothing where only the person is counted.

    async def answer(self, queries: Sequence[Any]) -> Mapping[Any, Any]:
        semaphore = asyncio.Semaphore(CONCURRENCY)
        permitted = await asyncio.gather(*(self._permit(query, semaphore) for query in queries))
        allowed = [query for query, is_permitted in zip(queries, permitted, strict=True) if is_permitted]
        answers = await self.find(allowed) if allowed else {}
        proven = [query for query in allowed if answers.get(query) is not None]
        await asyncio.gather(*(self._record_proof(query) for query in proven))
        self._count(allowed=len(allowed), proven=len(proven), locked=len(queries) - len(allowed))
        locked = Locked(WINDOW_MINUTES)
        return {
            **answers,
            **{query: locked for query, is_permitted in zip(queries, permitted, strict=True) if not is_permitted},
        }

    async def _permit(self, query: ProofQuery, semaphore: asyncio.Semaphore) -> bool:
        limits = self._limits(query)
        async with semaphore:
            await self.attempts.failed(list(limits), query.id)
            reached = await self.attempts.reached(limits, query.id)
            if not reached or (self._person(query) not in reached and await self._is_known(query)):
                return True
            await self._forgive(query)  # It was not tried, so it must not lengthen the lock.
        return False

    async def _is_known(self, query: ProofQuery) -> bool:
        return await self.proofs.has(self._proof_id(query))

    async def _record_proof(self, query: ProofQuery) -> None:
        await self._forgive(query)
        if self.subject(query):
            await self.proofs.add(self._proof_id(query), query.conversation)

    async def _forgive(self, query: ProofQuery) -> None:
        await self.attempts.forgive(list(self._limits(query)), query.id)

    def _limits(self, query: ProofQuery) -> dict[str, int]:
        """Returns the pseudonyms that are counted, each with the failures it may have."""
        limits, subject = {self._person(query): MAX_BY_PERSON}, self.subject(query)
        if subject:
            limits[self.pepper.pseudonym(f"tried {self.kind}", *subject)] = MAX_ON_THING
        return limits

    def _person(self, query: ProofQuery) -> str:
        return self.pepper.pseudonym(f"tries {self.kind}", query.person)

    def _proof_id(self, query: ProofQuery) -> str:
        return self.pepper.pseudonym(f"proved {self.kind}", query.conversation, *self.subject(query))

    def _count(self, *, allowed: int, proven: int, locked: int) -> None:
        for outcome, count in (("proven", proven), ("failed", allowed - proven), ("locked", locked)):
            PROOFS.labels(self.kind, outcome).inc(count)
