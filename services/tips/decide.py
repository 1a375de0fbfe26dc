"""What tips does next. Pure: no clock, no network, no randomness, no storage, no log."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from contracts.floor import IDLE, OPEN, Holder, command, hear, lapsed
from contracts.message import Kind
from services.tips.names import Named
from services.tips.state import Piece, State, Tip
from services.tips.texts import Line, Say

BEFORE = timedelta(minutes=10)  # What was sent this long before `#tinbao` belongs to the tip.
BURST = timedelta(minutes=2)  # Pictures that follow each other this closely are thanked for once.
MOST_PENDING = 20
_EVIDENCE = frozenset({Kind.IMAGE, Kind.VIDEO, Kind.LOCATION})
_MEDIA = frozenset({Kind.IMAGE, Kind.GIF, Kind.VIDEO, Kind.AUDIO, Kind.FILE, Kind.LOCATION})


@dataclass(frozen=True, slots=True)
class Open:
    case_id: str
    code: str = field(repr=False)
    at: datetime


@dataclass(frozen=True, slots=True)
class Keep:
    case_id: str
    piece: Piece


@dataclass(frozen=True, slots=True)
class Identify:
    """The reporter filled in a form about themselves: that belongs to the vault of reporters, not to the case."""

    case_id: str
    piece: Piece


@dataclass(frozen=True, slots=True)
class Close:
    case_id: str
    ending: Literal["done", "idle"]
    at: datetime


@dataclass(frozen=True, slots=True)
class Erase:
    """The reporter thought better of it: the case's keys are destroyed."""

    case_id: str
    at: datetime


Deed = Open | Keep | Identify | Close | Erase


@dataclass(frozen=True, slots=True)
class Decision:
    state: State
    deeds: tuple[Deed, ...] = ()
    says: tuple[Say, ...] = ()


def decide(before: State, piece: Piece, named: Named) -> Decision:
    """`named` is what would be called after this message, should it open a case."""
    floor, holder = hear(before.floor, piece.spoken.text, piece.at)
    told = command(piece.spoken.text)
    tip = before.tip
    deeds: tuple[Deed, ...] = ()
    if tip and before.floor.last_at and lapsed(before.floor, piece.at):
        deeds = (Close(tip.case_id, "idle", before.floor.last_at + IDLE),)
        tip = None
    state = State(floor=floor, tip=tip, pending=_recent(before.pending, piece.at))
    if holder is Holder.CHATBOT:
        after = _overhear(state, piece)
    elif tip is None:
        after = _open(state, piece, named)
    elif told == OPEN:
        after = _remind(state, tip, piece)
    elif told == "#xong":
        after = _finish(state, tip, piece)
    elif told == "#huy":
        after = Decision(State(floor=floor), (Erase(tip.case_id, piece.at),), (Say(Line.CANCELLED),))
    else:
        after = _keep(state, tip, piece)
    return Decision(after.state, (*deeds, *after.deeds), after.says)


def _recent(pending: tuple[Piece, ...], at: datetime) -> tuple[Piece, ...]:
    return tuple(one for one in pending if at - one.at <= BEFORE)


def _overhear(state: State, piece: Piece) -> Decision:
    """The chatbot answers. What could be evidence is held for a moment: a photo often comes before the word."""
    if piece.kind not in _EVIDENCE:
        return Decision(state)
    return Decision(state.model_copy(update={"pending": (*state.pending, piece)[-MOST_PENDING:]}))


def _open(state: State, piece: Piece, named: Named) -> Decision:
    deeds: list[Deed] = [Open(named.case_id, named.code, piece.at)]
    deeds += [Keep(named.case_id, one) for one in state.pending]
    taken = len(state.pending)
    if _says_more(piece):
        deeds.append(Keep(named.case_id, piece))
    tip = Tip(case_id=named.case_id, code=named.code, pieces=len(deeds) - 1, thanked=_says_more(piece))
    return Decision(State(floor=state.floor, tip=tip), tuple(deeds), (Say(Line.OPENED, named.code, taken),))


def _remind(state: State, tip: Tip, piece: Piece) -> Decision:
    """`#tinbao` once more, while the tip is open: the same tip, the same code."""
    said = (Say(Line.STILL_OPEN, tip.code),)
    if not _says_more(piece):
        return Decision(state, (), said)
    kept = tip.model_copy(update={"pieces": tip.pieces + 1, "thanked": True})
    return Decision(state.model_copy(update={"tip": kept}), (Keep(tip.case_id, piece),), said)


def _finish(state: State, tip: Tip, piece: Piece) -> Decision:
    last = (Keep(tip.case_id, piece),) if _says_more(piece) else ()
    line = Line.DONE if tip.pieces or last else Line.DONE_EMPTY
    deeds = (*last, Close(tip.case_id, "done", piece.at))
    return Decision(State(floor=state.floor), deeds, (Say(line, tip.code),))


def _keep(state: State, tip: Tip, piece: Piece) -> Decision:
    if piece.kind is Kind.INFO:
        return Decision(state, (Identify(tip.case_id, piece),))
    line = _thanks(tip, piece)
    media_at = max(piece.at, tip.media_at or piece.at) if piece.kind in _MEDIA else tip.media_at
    kept = tip.model_copy(update={"pieces": tip.pieces + 1, "thanked": True, "media_at": media_at})
    said = (Say(line, tip.code),) if line else ()
    return Decision(state.model_copy(update={"tip": kept}), (Keep(tip.case_id, piece),), said)


def _thanks(tip: Tip, piece: Piece) -> Line | None:
    """A word for the first piece and for each burst of media; silence otherwise, so that the reporter can write."""
    if piece.kind in _MEDIA:
        same_burst = tip.media_at is not None and piece.at - tip.media_at <= BURST
        return None if same_burst else Line.GOT_MEDIA
    return None if tip.thanked else Line.GOT_WORDS


def _says_more(piece: Piece) -> bool:
    """Whether a message holds more than its command: `#tinbao có trộm ở …`, or a photo with `#tinbao` under it."""
    return bool(piece.spoken.attachments) or len(piece.spoken.text.replace(":", " ", 1).split(None, 1)) > 1
