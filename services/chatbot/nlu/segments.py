"""Splits a message into segments that may be questions of their own."""

import re

_BREAK = re.compile(
    r"[?!;,\n…]+|\.(?=\s|$)"
    r"|\b(?:và|va|với lại|voi lai|rồi|roi|sau đó|sau do|ngoài ra|ngoai ra|đồng thời|dong thoi|còn)\b"
    r"|\bcon(?= (?:dang|lam|xin|doi|ho|phat|ly)\b)",  # "còn" typed without its mark, before what is asked next.
    re.IGNORECASE,
)
MIN_WORDS = 3  # Words; a shorter segment is not a question of its own.
MAX_SEGMENTS = 8  # Segments of one message.


def split_segments(text: str) -> list[str]:
    """Returns the segments in order, or none if there is only one; of a very long story, the first and the last ones."""
    segments = [segment.strip() for segment in _BREAK.split(text)]
    usable = [segment for segment in segments if len(segment.split()) >= MIN_WORDS]
    if len(usable) < 2:  # noqa: PLR2004 - a message of one piece is the piece
        return []
    return usable if len(usable) <= MAX_SEGMENTS else usable[: MAX_SEGMENTS // 2] + usable[-MAX_SEGMENTS // 2 :]
