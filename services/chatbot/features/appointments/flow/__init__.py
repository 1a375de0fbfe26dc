"""The steps of booking, confirming and managing an appointment. Pure."""

from services.chatbot.dialogue.steps import Flow
from services.chatbot.features.appointments.flow.book import APPOINTMENTS
from services.chatbot.features.appointments.flow.manage import MY_APPOINTMENTS

FLOWS: tuple[Flow, ...] = (APPOINTMENTS, MY_APPOINTMENTS)
