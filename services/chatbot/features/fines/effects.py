"""Traffic fines by plate, shown only with the last digits of the chassis number or of the owner's identity number."""

import re
from dataclasses import dataclass, field

from contracts.text import fold
from services.chatbot.dialogue.effects import Effect
from services.chatbot.lookups.result import Locked, LookupResult

PROOF_DIGITS = 5
_PLATE = re.compile(r"(\d{2})([A-ZĐ]{1,2}\d??)(\d{5}|\d{4})(?!\d)")  # 51F-12345 rather than 51F1-2345.
_PROOF = re.compile(r"[A-Z0-9]{5}")
_KIND_BY_WORDS = {
    "o to": "oto",
    "oto": "oto",
    "xe hoi": "oto",
    "xe may": "xe_may",
    "mo to": "xe_may",
    "xe mo to": "xe_may",
    "xe may dien": "xe_dien",
    "xe dap dien": "xe_dien",
}


@dataclass(frozen=True, slots=True)
class Offence:
    time: str
    place: str
    offence: str
    unit: str
    phone: str


@dataclass(frozen=True, slots=True)
class FindFines(Effect[LookupResult[tuple[Offence, ...]] | Locked | None]):
    """Results in None when plate and proof do not match, whether or not the plate exists. `id` counts an attempt once."""

    id: str
    conversation: str
    person: str
    plate: str = field(repr=False)
    proof: str = field(repr=False)
    kind: str = ""  # oto, xe_may: the same plate number may be on both.


def read_plate(text: str) -> str | None:
    """`51F-123.45`, `51f 12345`, `29-B1 234.56` → `51F12345`. None when it is no plate."""
    compact = re.sub(r"[\s.\-]", "", text.upper())
    match = _PLATE.fullmatch(compact) or _PLATE.search(compact)
    return "".join(match.groups()) if match else None


def read_kind(text: str) -> str | None:
    """Returns the kind of vehicle by what people and offices call it."""
    return _KIND_BY_WORDS.get(fold(text))


def read_proof(text: str) -> str | None:
    """The last five characters, however many were typed; chassis numbers have letters too."""
    compact = re.sub(r"[\s.\-]", "", text.upper())
    return (
        compact[-PROOF_DIGITS:] if len(compact) >= PROOF_DIGITS and _PROOF.fullmatch(compact[-PROOF_DIGITS:]) else None
    )


def format_plate(plate: str) -> str:
    """`51F12345` → `51F-123.45`, as it stands on the vehicle."""
    match = _PLATE.fullmatch(plate)
    if match is None:
        return plate
    head, number = f"{match[1]}{match[2]}", match[3]
    return f"{head}-{number[:3]}.{number[3:]}" if len(number) == 5 else f"{head}-{number}"  # noqa: PLR2004
