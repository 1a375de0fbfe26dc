"""Imported scores: found by a pseudonym of the candidate's number, so that a stolen database identifies nobody."""

from collections.abc import Mapping, Sequence

from chassis.crypto import Pepper
from chassis.mongo import Document
from contracts.text import fold
from services.chatbot.features.scores.effects import FindScore, Missed, Score, ScoresHaveNames
from services.chatbot.lookups.result import LookupResult
from services.chatbot.lookups.store.datasets import Datasets

KIND = "scores"


class Scores:
    def __init__(self, datasets: Datasets, pepper: Pepper) -> None:
        self._datasets, self._pepper = datasets, pepper

    async def answer(self, queries: Sequence[FindScore]) -> Mapping[FindScore, LookupResult[Score] | None]:
        """One query for the whole batch."""
        current = await self._datasets.current(KIND)
        if current is None:
            return dict.fromkeys(queries)
        keys = {query: self._pepper.pseudonym(KIND, query.number) for query in queries}
        rows = {row["k"]: row for row in await self._datasets.rows(KIND, current.version, list(set(keys.values())))}
        answers: dict[FindScore, LookupResult[Score] | None] = {}
        for query in queries:
            row = rows.get(keys[query])
            score = _score(row) if row is not None and self._fits_name(query, row) else None
            answers[query] = LookupResult(score, current.source, current.as_of) if score else None
        return answers

    async def have_names(self, _: ScoresHaveNames) -> bool:
        current = await self._datasets.current(KIND)
        return current is not None and current.named

    def _fits_name(self, query: FindScore, row: Document) -> bool:
        """Where the file has names, the name has to fit; a wrong name and a wrong number are answered alike."""
        return not row["n"] or row["n"] == self._pepper.pseudonym(KIND, query.number, fold(query.name))


def _score(row: Document) -> Score:
    marks = {subject: Missed(mark) if isinstance(mark, str) else mark for subject, mark in row["m"].items()}
    return Score(row["e"], marks)
