"""What a tip is called: derived from the message that opened it and the pepper, so a replay gives the same names.

Without the pepper nobody gets from a message on the log, or from a citizen's pseudonym, to a case.
"""

from dataclasses import dataclass, field
from uuid import UUID

from chassis.sealing import Pepper

_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # Nothing that is mistaken for something else when read aloud or copied.
_CODE = 8  # 30^8: some 39 bits.


@dataclass(frozen=True, slots=True)
class Named:
    """The names of whatever one message leads to."""

    case_id: str
    code: str = field(repr=False)
    piece_id: str = ""


@dataclass(frozen=True, slots=True)
class Names:
    pepper: Pepper

    def of(self, event_id: UUID) -> Named:
        told = event_id.hex
        case_id = self.pepper.pseudonym("tip case", told)
        return Named(case_id, self._code(told), self.pepper.pseudonym("tip piece", told))

    def _code(self, told: str) -> str:
        number = int(self.pepper.pseudonym("tip receipt", told), 16)
        letters = [_LETTERS[number // len(_LETTERS) ** nth % len(_LETTERS)] for nth in range(_CODE)]
        return f"TB-{''.join(letters[:4])}-{''.join(letters[4:])}"

    def receipt(self, code: str) -> str:
        """Under what a code is looked up: the code itself is stored nowhere in the clear."""
        return self.pepper.pseudonym("tip receipt index", code)

    def media(self, piece_id: str, nth: int) -> str:
        return self.pepper.pseudonym("tip media", piece_id, str(nth))

    def person(self, conversation: str) -> str:
        """A pseudonym of a pseudonym: the vault of reporters shows no conversation that travels on the log."""
        return self.pepper.pseudonym("tip reporter", conversation)
