"""Exam scores: joined. What was imported answers, or the province's own system where the settings name one."""

from services.chatbot.dialogue.effect_runner import EffectHandlers
from services.chatbot.dialogue.effects import Sequential
from services.chatbot.features.feature import Deps, Feature, Parts
from services.chatbot.features.scores.effects import FindScore, ScoresHaveNames
from services.chatbot.features.scores.remote import remote_scores
from services.chatbot.features.scores.rows import SCORE_ROWS
from services.chatbot.features.scores.store import KIND, Scores


def _build(deps: Deps) -> Parts:
    return Parts(handlers=_handlers(deps))


def _handlers(deps: Deps) -> EffectHandlers:
    if (system := deps.systems.get(KIND)) is not None:
        remote = remote_scores(system, deps.stale_cache)
        return {FindScore: remote.find, ScoresHaveNames: remote.named}
    scores = Scores(deps.datasets, deps.pepper)
    return {FindScore: scores, ScoresHaveNames: Sequential(scores.have_names)}


FEATURE = Feature(rows={KIND: SCORE_ROWS}, build=_build)
