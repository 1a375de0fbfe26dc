"""The steps of listing and managing kept papers. Pure."""

from services.chatbot.dialogue.steps import Flow
from services.chatbot.features.papers.flow.list import PAPERS

FLOWS: tuple[Flow, ...] = (PAPERS,)
