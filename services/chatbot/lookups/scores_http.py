"""Exam scores from the province's own system (SCORES_URL): /find, /about."""

from dataclasses import dataclass

from services.chatbot.lookup import Found
from services.chatbot.lookups.answers import NamedAnswer, ScoreAnswer
from services.chatbot.lookups.remote import Remote
from services.chatbot.lookups.source import Source
from services.chatbot.scores import FindScore, Score, ScoresNamed
from services.chatbot.store.lastknown import LastKnown


@dataclass(frozen=True, slots=True)
class RemoteScores:
    find: Source[FindScore, ScoreAnswer]
    named: Source[ScoresNamed, NamedAnswer]


def remote_scores(remote: Remote, known: LastKnown) -> RemoteScores:
    return RemoteScores(
        Source(remote, known, "/find", ScoreAnswer, _asked, lambda one, told: told.number == one.number, _found),
        Source(
            remote, known, "/about", NamedAnswer, lambda _: {}, lambda _one, _told: True, lambda told, _: told.named
        ),
    )


def _asked(one: FindScore) -> dict[str, str]:
    return {"number": one.number, "name": one.name}


def _found(told: ScoreAnswer, stale: bool) -> Found[Score]:
    return Found(Score(told.exam, told.marks), told.source, told.as_of, stale)
