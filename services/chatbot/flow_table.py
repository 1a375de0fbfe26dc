"""Every errand there is, by name."""

from collections.abc import Mapping

from services.chatbot.dialogue.steps import Flow
from services.chatbot.features.appointments.flow.book import APPOINTMENTS
from services.chatbot.features.appointments.flow.manage import MY_APPOINTMENTS
from services.chatbot.features.authorisations.flow.owner import AUTHORISATIONS
from services.chatbot.features.cameras.flow import CAMERAS
from services.chatbot.features.dossiers.flow.by_post import BY_POST
from services.chatbot.features.dossiers.flow.status import DOSSIER_STATUS, MY_DOSSIERS
from services.chatbot.features.dossiers.flow.withdraw import WITHDRAW
from services.chatbot.features.fines.flow import FINES
from services.chatbot.features.news.flow import NEWS, SUBSCRIPTIONS
from services.chatbot.features.offices.flow import OFFICES
from services.chatbot.features.papers.flow.list import PAPERS
from services.chatbot.features.scores.flow import SCORES
from services.chatbot.features.survey.flow import SURVEY

_ALL: tuple[Flow, ...] = (
    APPOINTMENTS, AUTHORISATIONS, CAMERAS, DOSSIER_STATUS, FINES, MY_APPOINTMENTS, MY_DOSSIERS, NEWS,
    OFFICES, PAPERS, BY_POST, SCORES, SUBSCRIPTIONS, SURVEY, WITHDRAW,
)  # fmt: skip

FLOWS: Mapping[str, Flow] = {flow.name: flow for flow in _ALL}
