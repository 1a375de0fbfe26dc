"""Which phrases the code says, and which {places} it fills in each. The wording itself lives in content/texts.yaml.

A new phrase is declared in one of these tables and written in texts.yaml; either without the other is a fault.
A text may leave a place out, but not invent one.
"""

from collections.abc import Mapping
from types import MappingProxyType

from services.chatbot.content.phrases import buttons, lookups, procedures, talk

PHRASES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        key: frozenset(places.split())
        for table in (talk.PHRASES, procedures.PHRASES, lookups.PHRASES, buttons.PHRASES)
        for key, places in table.items()
    }
)
