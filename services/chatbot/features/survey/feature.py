"""Surveys: joined."""

from services.chatbot.features.feature import Deps, Feature, Parts
from services.chatbot.features.survey.api import survey_router
from services.chatbot.features.survey.effects import FileSurvey
from services.chatbot.features.survey.store import Surveys


def _build(deps: Deps) -> Parts:
    surveys = Surveys(deps.db.surveys, deps.ring)
    return Parts(handlers={FileSurvey: surveys}, stores=(surveys,), routers=(survey_router(surveys, deps.auth),))


FEATURE = Feature(build=_build)
