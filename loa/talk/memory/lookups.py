"""Exam scores and traffic fines."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from loa.talk.player import Handlers
from services.chatbot.features.fines.effects import FindFines, Offence
from services.chatbot.features.scores.effects import FindScore, Score, ScoresHaveNames
from services.chatbot.lookups.result import MAX_BY_PERSON, WINDOW_MINUTES, Locked, LookupResult


@dataclass(frozen=True, slots=True)
class Scores:
    by_number: Mapping[str, Score]
    source: str
    as_of: datetime

    def handlers(self) -> Handlers:
        return {FindScore: self.find, ScoresHaveNames: lambda _: False}

    def find(self, query: FindScore) -> LookupResult[Score] | None:
        score = self.by_number.get(query.number)
        return LookupResult(score, self.source, self.as_of) if score else None


@dataclass(slots=True)
class Fines:
    """By plate, kind of vehicle and proof."""

    by_proof: Mapping[tuple[str, str, str], tuple[Offence, ...]]
    source: str
    as_of: datetime
    wrong_proofs: set[str] = field(default_factory=set)

    def handlers(self) -> Handlers:
        return {FindFines: self.find}

    def find(self, query: FindFines) -> LookupResult[tuple[Offence, ...]] | Locked | None:
        if len(self.wrong_proofs) >= MAX_BY_PERSON:
            return Locked(WINDOW_MINUTES)
        offences = self.by_proof.get((query.plate, query.kind, query.proof))
        if offences is None:
            self.wrong_proofs.add(query.id)
            return None
        return LookupResult(offences, self.source, self.as_of)
