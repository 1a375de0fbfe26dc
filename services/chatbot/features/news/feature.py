"""News: joined. Articles are content, and what a citizen subscribes to stands in their conversation."""

from services.chatbot.features.feature import Feature

FEATURE = Feature()
