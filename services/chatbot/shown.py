"""The buttons under an errand's last words: who types what stands on one, or its place in the row, has pressed it."""

from dataclasses import replace

from services.chatbot.decision import Decision, Say
from services.chatbot.state import Run, Shown
from services.chatbot.turn import plain

CHOICE = "#chon "
LONGEST = 2  # Digits of a place: no row is longer, and a longer number is a number.


def remembered(decision: Decision) -> Decision:
    """The errand under way keeps the choices that were shown last."""
    run = decision.after.run
    if run is None:
        return decision
    buttons = (one for do in decision.do if isinstance(do, Say) for part in do.parts for one in part.buttons)
    shown = tuple(Shown(title=one.title, payload=one.payload) for one in buttons if one.payload.startswith(CHOICE))
    if shown == run.shown:
        return decision
    after = decision.after.model_copy(update={"run": run.model_copy(update={"shown": shown})})
    return replace(decision, after=after)


def meant(run: Run, text: str) -> str | None:
    """The payload of the button that `text` says or counts, from 1."""
    said = plain(text).strip(" .!?)")
    if len(said) <= LONGEST and said.isascii() and said.isdigit() and 1 <= int(said) <= len(run.shown):
        return run.shown[int(said) - 1].payload
    return next((one.payload for one in run.shown if plain(one.title) == said), None)
