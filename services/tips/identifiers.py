"""The identifiers of a tip: derived from the message that opened it and the pepper, so a replay gives the same ones.

Without the pepper nothing leads from a message on the log, or from a citizen's pseudonym, to a case.
"""

from dataclasses import dataclass, field
from uuid import UUID

from chassis.codes import readable_code
from chassis.crypto import Pepper


@dataclass(frozen=True, slots=True)
class MessageIds:
    """The names of whatever one message leads to."""

    case_id: str
    code: str = field(repr=False)
    piece_id: str = ""


@dataclass(frozen=True, slots=True)
class Identifiers:
    pepper: Pepper

    def for_event(self, event_id: UUID) -> MessageIds:
        event_hex = event_id.hex
        case_id = self.pepper.pseudonym("tip case", event_hex)
        return MessageIds(case_id, self._code(event_hex), self.pepper.pseudonym("tip piece", event_hex))

    def _code(self, event_hex: str) -> str:
        number = int(self.pepper.pseudonym("tip receipt", event_hex), 16)
        return readable_code("TB", number)

    def receipt(self, code: str) -> str:
        """Under what a code is looked up: the code itself is stored nowhere in the clear."""
        return self.pepper.pseudonym("tip receipt index", code)

    def media(self, piece_id: str, index: int) -> str:
        return self.pepper.pseudonym("tip media", piece_id, str(index))

    def person(self, conversation: str) -> str:
        """A pseudonym of a pseudonym: the vault of reporters shows no conversation that travels on the log."""
        return self.pepper.pseudonym("tip reporter", conversation)
