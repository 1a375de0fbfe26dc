"""Fines that were imported: found by a pseudonym of the plate, opened only with one of its proofs."""

from collections.abc import Sequence
from datetime import timedelta

import orjson

from chassis.mongo import Collection, Document
from chassis.sealing import Pepper, Ring
from services.chatbot.fines import ATTEMPTS, WINDOW_MINUTES, FindFines, Locked, Offence
from services.chatbot.lookup import Found
from services.chatbot.store.attempts import Attempts
from services.chatbot.store.datasets import Datasets

KIND = "fines"
OWNER = "imported"  # Imported rows belong to no OA: their key is the import's own.


class Fines:
    def __init__(self, datasets: Datasets, attempts: Collection, ring: Ring, pepper: Pepper) -> None:
        self._datasets, self._ring, self._pepper = datasets, ring, pepper
        self.attempts = Attempts(attempts, ATTEMPTS, timedelta(minutes=WINDOW_MINUTES))

    async def find(self, one: FindFines) -> Found[tuple[Offence, ...]] | Locked | None:
        key = self._pepper.pseudonym(KIND, one.plate, one.kind)
        subjects = [self._citizen(one.conversation), key]
        if await self.attempts.locked(subjects, one.id):
            return Locked(WINDOW_MINUTES)
        current = await self._datasets.current(KIND)
        rows = await self._datasets.rows(KIND, current.version, [key]) if current else []
        proof = self._pepper.pseudonym(KIND, one.plate, one.kind, one.proof)
        mine = [row for row in rows if proof in row["p"]]
        if current is None or not mine:
            await self.attempts.failed(subjects, one.id)
            return None
        return Found(tuple(self._offence(row) for row in mine), current.source, current.as_of)

    def _citizen(self, conversation: str) -> str:
        return self._pepper.pseudonym("attempt", conversation)

    async def forget(self, conversation: str) -> None:
        await self.attempts.forget(self._citizen(conversation))

    def _offence(self, row: Document) -> Offence:
        told: Sequence[str] = orjson.loads(self._ring.open(row["s"], OWNER, KIND))
        return Offence(*told)
