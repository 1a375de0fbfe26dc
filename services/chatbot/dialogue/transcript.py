"""The last lines of a conversation, for the officer who may take over."""

from typing import Literal

from services.chatbot.dialogue.state import Conversation, TranscriptLine
from services.chatbot.dialogue.turn import Turn

MAX_LINES = 8
MAX_CHARACTERS = 160  # Of one line.


def with_line(now: Conversation, turn: Turn, who: Literal["citizen", "officer"]) -> Conversation:
    """The conversation with this message as its latest line; a citizen's press of a button is none."""
    text = "" if who == "citizen" and turn.text.startswith("#") else turn.text
    shown = text or ("" if turn.kind == "text" else f"({turn.kind})")
    if not shown:
        return now
    line = TranscriptLine(at=turn.at, who=who, text=shown[:MAX_CHARACTERS])
    return now.evolve(talk=(*now.talk, line)[-MAX_LINES:])
