"""`python -m services.chatbot`."""

from chassis.service import run
from services.chatbot.app import build
from services.chatbot.settings import ChatbotSettings

if __name__ == "__main__":
    run("chatbot", ChatbotSettings, build)
