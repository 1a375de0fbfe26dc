"""Rules that decide before the scores do: a code that a citizen wrote says what they want."""

import re

from services.chatbot.nlu.result import Codes

_LOOKED_UP = re.compile(r"\b(phat|vi pham|loi|tra|tra cuu|kiem tra|xem|coi|phat nguoi|camera|bi gi|dinh|sao)\b")
MAX_OTHER_WORDS = 2  # Words beside a plate that leave no other wish possible.


def by_code(codes: Codes, normal: str) -> tuple[str, str] | None:
    """Returns the flow that a code asks for and the rule's name, or None. `normal` is the text without its codes."""
    if codes.dossier:
        return "f_ho_so", "dossier code"
    if codes.candidate:
        return "f_diem_thi", "candidate number"
    if codes.plate and (len(normal.split()) <= MAX_OTHER_WORDS or _LOOKED_UP.search(normal)):
        return "f_phat_nguoi", "plate"
    return None
