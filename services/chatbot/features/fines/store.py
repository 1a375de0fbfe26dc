"""Fines that were imported: found by a pseudonym of the plate, opened only with one of its proofs."""

from collections.abc import Sequence
from datetime import timedelta

import orjson

from chassis.crypto import KeyRing, Pepper
from chassis.mongo import Collection, Document
from services.chatbot.features.fines.effects import MAX_ATTEMPTS, WINDOW_MINUTES, FindFines, Offence
from services.chatbot.lookups.result import Locked, LookupResult
from services.chatbot.lookups.store.attempts import Attempts
from services.chatbot.lookups.store.datasets import Datasets

KIND = "fines"
OWNER = "imported"  # Imported rows belong to no OA: their key is the import's own.


class Fines:
    def __init__(self, datasets: Datasets, attempts: Collection, ring: KeyRing, pepper: Pepper) -> None:
        self._datasets, self._ring, self._pepper = datasets, ring, pepper
        self.attempts = Attempts(attempts, MAX_ATTEMPTS, timedelta(minutes=WINDOW_MINUTES))

    async def find(self, query: FindFines) -> LookupResult[tuple[Offence, ...]] | Locked | None:
        key = self._pepper.pseudonym(KIND, query.plate, query.kind)
        subjects = [self._citizen(query.conversation), key]
        if await self.attempts.locked(subjects, query.id):
            return Locked(WINDOW_MINUTES)
        current = await self._datasets.current(KIND)
        rows = await self._datasets.rows(KIND, current.version, [key]) if current else []
        proof = self._pepper.pseudonym(KIND, query.plate, query.kind, query.proof)
        proven_rows = [row for row in rows if proof in row["p"]]
        if current is None or not proven_rows:
            await self.attempts.failed(subjects, query.id)
            return None
        return LookupResult(tuple(self._offence(row) for row in proven_rows), current.source, current.as_of)

    def _citizen(self, conversation: str) -> str:
        return self._pepper.pseudonym("attempt", conversation)

    async def forget(self, conversation: str) -> None:
        await self.attempts.forget(self._citizen(conversation))

    def _offence(self, row: Document) -> Offence:
        fields: Sequence[str] = orjson.loads(self._ring.open(row["s"], OWNER, KIND))
        return Offence(*fields)
