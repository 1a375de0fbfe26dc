"""The effect by which a decision uses the language model."""

from dataclasses import dataclass, field

from services.chatbot.dialogue.effects import Effect
from services.chatbot.nlu.result import Understood


@dataclass(frozen=True, slots=True)
class Understand(Effect[Understood]):
    """Asks what `text` means to the model trained from the content edition `version`."""

    text: str = field(repr=False)
    version: str = ""
