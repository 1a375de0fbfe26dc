"""News: joined. Articles are content, and what a citizen subscribes to stands in their conversation."""

from services.chatbot.features.feature import Feature
from services.chatbot.features.news.flow import NEWS, SUBSCRIPTIONS

FEATURE = Feature(flows=(NEWS, SUBSCRIPTIONS))
