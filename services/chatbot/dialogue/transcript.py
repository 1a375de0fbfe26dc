"""The last lines of a conversation, for the officer who may take over."""

from typing import Literal

from services.chatbot.dialogue.state import TranscriptLine
from services.chatbot.dialogue.turn import Turn

Talk = tuple[TranscriptLine, ...]

MAX_LINES = 8
MAX_CHARACTERS = 160  # Of one line.


def with_line(talk: Talk, turn: Turn, who: Literal["citizen", "officer"]) -> Talk:
    """Returns the last lines with this message as the latest; a citizen's press of a button is none."""
    text = "" if who == "citizen" and turn.text.startswith("#") else turn.text
    shown = text or ("" if turn.kind == "text" else f"({turn.kind})")
    if not shown:
        return talk
    line = TranscriptLine(at=turn.at, who=who, text=shown[:MAX_CHARACTERS])
    return (*talk, line)[-MAX_LINES:]
