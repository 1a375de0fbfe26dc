"""What is decided before the statistics: a code that a citizen wrote says what is wanted."""

import re

from services.chatbot.nlu.result import Codes

_LOOKED_UP = re.compile(r"\b(phat|vi pham|loi|tra|tra cuu|kiem tra|xem|coi|phat nguoi|camera|bi gi|dinh|sao)\b")
FEW = 2  # Words beside a plate that leave no other wish possible.


def by_code(codes: Codes, normal: str) -> tuple[str, str] | None:
    """The flow that a code asks for, and the rule's name; `normal` is the text without its codes."""
    if codes.dossier:
        return "f_ho_so", "dossier code"
    if codes.candidate:
        return "f_diem_thi", "candidate number"
    if codes.plate and (len(normal.split()) <= FEW or _LOOKED_UP.search(normal)):
        return "f_phat_nguoi", "plate"
    return None
