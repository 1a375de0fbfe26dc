"""Exam scores from the province's own system (SCORES_URL): /find, /about."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from services.chatbot.features.scores.effects import FindScore, Missed, Score, ScoresHaveNames
from services.chatbot.lookups.http import Code, RemoteModel, RemoteSystem, ShortText, SourceAnswer
from services.chatbot.lookups.result import LookupResult
from services.chatbot.lookups.source import Source
from services.chatbot.lookups.store.last_known import StaleCache


class ScoreAnswer(SourceAnswer):
    number: Code = Field(repr=False)
    exam: ShortText
    marks: dict[ShortText, Annotated[float, Field(ge=0, le=10)] | Missed] = Field(max_length=30, repr=False)


class HasNamesAnswer(RemoteModel):
    named: bool


@dataclass(frozen=True, slots=True)
class RemoteScores:
    find: Source[FindScore, ScoreAnswer]
    named: Source[ScoresHaveNames, HasNamesAnswer]


def remote_scores(system: RemoteSystem, stale_cache: StaleCache) -> RemoteScores:
    return RemoteScores(
        Source(
            system,
            stale_cache,
            "/find",
            ScoreAnswer,
            _find_body,
            lambda query, answer: answer.number == query.number,
            _find_result,
        ),
        Source(
            system,
            stale_cache,
            "/about",
            HasNamesAnswer,
            lambda _: {},
            lambda _query, _answer: True,
            lambda answer, _: answer.named,
        ),
    )


def _find_body(query: FindScore) -> dict[str, str]:
    return {"number": query.number, "name": query.name}


def _find_result(answer: ScoreAnswer, stale: bool) -> LookupResult[Score]:
    return LookupResult(Score(answer.exam, answer.marks), answer.source, answer.as_of, stale)
