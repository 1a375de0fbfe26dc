"""Every errand there is, by name."""

from collections.abc import Mapping

from services.chatbot.flows.appointments import APPOINTMENTS
from services.chatbot.flows.authorise import AUTHORISATIONS
from services.chatbot.flows.cameras import CAMERAS
from services.chatbot.flows.dossier import DOSSIER_STATUS
from services.chatbot.flows.fines import FINES
from services.chatbot.flows.kit import Flow
from services.chatbot.flows.my_appointments import MY_APPOINTMENTS
from services.chatbot.flows.my_dossiers import MY_DOSSIERS
from services.chatbot.flows.news import NEWS, SUBSCRIPTIONS
from services.chatbot.flows.offices import OFFICES
from services.chatbot.flows.papers import PAPERS
from services.chatbot.flows.post import BY_POST
from services.chatbot.flows.scores import SCORES
from services.chatbot.flows.survey import SURVEY
from services.chatbot.flows.withdraw import WITHDRAW

_ALL: tuple[Flow, ...] = (
    APPOINTMENTS, AUTHORISATIONS, CAMERAS, DOSSIER_STATUS, FINES, MY_APPOINTMENTS, MY_DOSSIERS, NEWS,
    OFFICES, PAPERS, BY_POST, SCORES, SUBSCRIPTIONS, SURVEY, WITHDRAW,
)  # fmt: skip

FLOWS: Mapping[str, Flow] = {flow.name: flow for flow in _ALL}
