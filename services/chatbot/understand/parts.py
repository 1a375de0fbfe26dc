"""Several questions in one message, and the question inside a long story: the pieces that are worth understanding alone."""

import re

_BREAK = re.compile(
    r"[?!;,\n…]+|\.(?=\s|$)"
    r"|\b(?:và|va|với lại|voi lai|rồi|roi|sau đó|sau do|ngoài ra|ngoai ra|đồng thời|dong thoi|còn)\b"
    r"|\bcon(?= (?:dang|lam|xin|doi|ho|phat|ly)\b)",  # "còn" typed without its mark, before what is asked next.
    re.IGNORECASE,
)
SHORTEST = 3  # Words; less is no question of its own.
MOST = 8  # Pieces of one message.


def pieces(text: str) -> list[str]:
    """The message's own pieces if it has more than one, in order; the first and the last ones of a very long story."""
    found = [piece.strip() for piece in _BREAK.split(text)]
    kept = [piece for piece in found if len(piece.split()) >= SHORTEST]
    if len(kept) < 2:  # noqa: PLR2004 - a message of one piece is the piece
        return []
    return kept if len(kept) <= MOST else kept[: MOST // 2] + kept[-MOST // 2 :]
