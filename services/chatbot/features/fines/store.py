"""Fines that were imported: found by a pseudonym of the plate, opened only with one of its proofs."""

from collections.abc import Mapping, Sequence

import orjson

from chassis.crypto import KeyRing, Pepper
from chassis.mongo import Document
from services.chatbot.features.fines.effects import FindFines, Offence
from services.chatbot.lookups.result import LookupResult
from services.chatbot.lookups.store.datasets import Datasets

KIND = "fines"


class Fines:
    def __init__(self, datasets: Datasets, ring: KeyRing, pepper: Pepper) -> None:
        self._datasets, self._ring, self._pepper = datasets, ring, pepper

    async def answer(
        self, queries: Sequence[FindFines]
    ) -> Mapping[FindFines, LookupResult[tuple[Offence, ...]] | None]:
        """One query for the whole batch. Who may still try is decided before: see ProofLimiter."""
        current = await self._datasets.current(KIND)
        if current is None:
            return dict.fromkeys(queries)
        keys = {query: self._pepper.pseudonym(KIND, query.plate, query.kind) for query in queries}
        rows = await self._datasets.rows(KIND, current.version, list(set(keys.values())))
        answers: dict[FindFines, LookupResult[tuple[Offence, ...]] | None] = {}
        for query, key in keys.items():
            proof = self._pepper.pseudonym(KIND, query.plate, query.kind, query.proof)
            offences = tuple(self._offence(row) for row in rows if row["k"] == key and proof in row["p"])
            answers[query] = LookupResult(offences, current.source, current.as_of) if offences else None
        return answers

    def _offence(self, row: Document) -> Offence:
        fields: Sequence[str] = orjson.loads(self._ring.open(row["s"], self._datasets.place(KIND, row["_id"])))
        return Offence(*fields)
