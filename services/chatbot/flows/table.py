"""Every errand there is, by name."""

from collections.abc import Mapping

from services.chatbot.flows.appointments import APPOINTMENT
from services.chatbot.flows.cameras import CAMERAS
from services.chatbot.flows.fines import FINES
from services.chatbot.flows.kit import Flow
from services.chatbot.flows.my_appointments import MY_APPOINTMENTS
from services.chatbot.flows.news import NEWS, SUBSCRIPTIONS
from services.chatbot.flows.offices import OFFICES
from services.chatbot.flows.scores import SCORES
from services.chatbot.flows.survey import SURVEY

_ALL: tuple[Flow, ...] = (APPOINTMENT, CAMERAS, FINES, MY_APPOINTMENTS, NEWS, OFFICES, SCORES, SUBSCRIPTIONS, SURVEY)

FLOWS: Mapping[str, Flow] = {flow.name: flow for flow in _ALL}
