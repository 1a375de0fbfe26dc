"""The steps of proving, looking up, withdrawing and forwarding a dossier. Pure."""

from services.chatbot.dialogue.steps import Flow
from services.chatbot.features.dossiers.flow.by_post import BY_POST
from services.chatbot.features.dossiers.flow.status import DOSSIER_STATUS, MY_DOSSIERS
from services.chatbot.features.dossiers.flow.withdraw import WITHDRAW

FLOWS: tuple[Flow, ...] = (DOSSIER_STATUS, MY_DOSSIERS, BY_POST, WITHDRAW)
