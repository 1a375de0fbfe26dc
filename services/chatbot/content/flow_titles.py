"""The flows that a menu or a pack may name. A flow that content names and no code runs would be a dead button."""

from collections.abc import Mapping
from types import MappingProxyType

from services.chatbot.content.words import feature_words

_TIPS = {"f_tin_bao": "Gửi tin báo, tố giác"}  # Another service's: its button opens its form.
FLOW_TITLES: Mapping[str, str] = MappingProxyType(
    {flow: title for words in feature_words() for flow, title in words.titles.items()} | _TIPS
)
