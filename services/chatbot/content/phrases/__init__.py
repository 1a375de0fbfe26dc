"""Which texts the code uses, and which {placeholders} it fills in each. The wording is in content/texts.yaml.

A feature declares its own in `features/<feature>/words.py`; the texts of any dialogue are declared here. A text that is declared
and not worded is a fault, and so is the reverse. A text may leave a placeholder out, but not invent one.
"""

from collections.abc import Mapping
from types import MappingProxyType

from services.chatbot.content.phrases import buttons, procedures, talk
from services.chatbot.content.words import feature_words

_TABLES = (talk.PHRASES, procedures.PHRASES, buttons.PHRASES, *(words.phrases for words in feature_words()))
PHRASES: Mapping[str, frozenset[str]] = MappingProxyType(
    {key: frozenset(places.split()) for table in _TABLES for key, places in table.items()}
)
