"""The flows of the owner who authorises and of the invited person. Pure."""

from services.chatbot.dialogue.steps import Flow
from services.chatbot.features.authorisations.flow.owner import AUTHORISATIONS

FLOWS: tuple[Flow, ...] = (AUTHORISATIONS,)
