"""Which phrases the code says, and which {places} it fills in each. The wording itself lives in content/texts.yaml.

An errand declares its own in `features/<errand>/words.py`; what any dialogue says is declared here. A phrase that is declared and
not worded is a fault, and so is the reverse. A text may leave a place out, but not invent one.
"""

from collections.abc import Mapping
from types import MappingProxyType

from services.chatbot.content.phrases import buttons, procedures, talk
from services.chatbot.content.words import feature_words

_TABLES = (talk.PHRASES, procedures.PHRASES, buttons.PHRASES, *(words.phrases for words in feature_words()))
PHRASES: Mapping[str, frozenset[str]] = MappingProxyType(
    {key: frozenset(places.split()) for table in _TABLES for key, places in table.items()}
)
