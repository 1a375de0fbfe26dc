"""What tips does next. Pure: no clock, no network, no randomness, no storage, no log."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from contracts.floor import IDLE, OPEN, Holder, command, floor_after, lapsed
from contracts.message import EVIDENCE, Kind
from services.tips.identifiers import MessageIds
from services.tips.state import State, Tip, TipMessage
from services.tips.texts import Reply, ReplyKind

BEFORE = timedelta(minutes=10)  # What was sent this long before `#tinbao` belongs to the tip.
BURST = timedelta(minutes=2)  # Pictures that follow each other this closely are thanked for once.
MOST_PENDING = 20
DAY, MOST_OPENINGS = timedelta(days=1), 20  # Tips that one citizen may open in a day; further ones are told to call.


@dataclass(frozen=True, slots=True)
class Open:
    case_id: str
    code: str = field(repr=False)
    at: datetime


@dataclass(frozen=True, slots=True)
class AddMessage:
    case_id: str
    message: TipMessage


@dataclass(frozen=True, slots=True)
class Identify:
    """The reporter filled in a form about themselves: that belongs to the vault of reporters, not to the case."""

    case_id: str
    message: TipMessage


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


Command = Open | AddMessage | Identify | Close | Erase


@dataclass(frozen=True, slots=True)
class Decision:
    """`is_ours` is False for a message that the chatbot answers."""

    state: State
    commands: tuple[Command, ...] = ()
    replies: tuple[Reply, ...] = ()
    is_ours: bool = True


def decide(before: State, message: TipMessage, ids: MessageIds) -> Decision:
    """`named` is what would be called after this message, should it open a case."""
    floor, holder = floor_after(before.floor, message.spoken.text, message.at)
    chat_command = command(message.spoken.text)
    tip = before.tip.evolve(swept=False) if before.tip else None
    commands: tuple[Command, ...] = ()
    if tip and before.floor.last_at and lapsed(before.floor, message.at):
        commands = (Close(tip.case_id, "idle", before.floor.last_at + IDLE),)
        tip = None
    state = before.evolve(floor=floor, tip=tip, pending=_recent(before.pending, message.at))
    if holder is Holder.CHATBOT:
        decision = _hold_evidence(state, message)
    elif tip is None:
        decision = _open(state, message, ids)
    elif chat_command == OPEN:
        decision = _remind(state, tip, message)
    elif chat_command == "#xong":
        decision = _finish(state, tip, message)
    elif chat_command == "#huy":
        ended = state.evolve(tip=None, pending=())
        decision = Decision(ended, (Erase(tip.case_id, message.at),), (Reply(ReplyKind.CANCELLED),))
    else:
        decision = _add_message(state, tip, message)
    return Decision(decision.state, (*commands, *decision.commands), decision.replies, holder is Holder.TIPS)


def keep_evidence(before: State, message: TipMessage) -> Decision:
    """Of a message that the chatbot answers. What was sent just before a tip that is open by now belongs to it.

    It comes on another topic than the tip, so it may come after `#tinbao`.
    """
    tip = before.tip
    if tip is None or lapsed(before.floor, message.at):
        pending = _recent(before.pending, message.at)
        return _hold_evidence(before.evolve(pending=pending), message)
    if message.kind not in EVIDENCE or tip.opened_at - message.at > BEFORE:
        return Decision(before, is_ours=False)
    updated = tip.evolve(pieces=tip.pieces + 1, swept=False)
    return Decision(before.evolve(tip=updated), (AddMessage(tip.case_id, message),), is_ours=False)


def _recent(pending: tuple[TipMessage, ...], at: datetime) -> tuple[TipMessage, ...]:
    return tuple(message for message in pending if at - message.at <= BEFORE)


def _hold_evidence(state: State, message: TipMessage) -> Decision:
    """The chatbot answers. What could be evidence is kept for ten minutes: a photo often comes before `#tinbao`."""
    if message.kind not in EVIDENCE:
        return Decision(state, is_ours=False)
    return Decision(state.evolve(pending=(*state.pending, message)[-MOST_PENDING:]), is_ours=False)


def _open(state: State, message: TipMessage, ids: MessageIds) -> Decision:
    openings = tuple(at for at in state.openings if message.at - at < DAY)
    if len(openings) >= MOST_OPENINGS:
        return Decision(state, (), (Reply(ReplyKind.ENOUGH),))
    commands: list[Command] = [Open(ids.case_id, ids.code, message.at)]
    commands += [AddMessage(ids.case_id, earlier) for earlier in state.pending]
    taken = len(state.pending)
    if _has_content(message):
        commands.append(AddMessage(ids.case_id, message))
    tip = Tip(
        case_id=ids.case_id,
        code=ids.code,
        opened_at=message.at,
        pieces=len(commands) - 1,
        thanked=_has_content(message),
    )
    opened = State(floor=state.floor, tip=tip, openings=(*openings, message.at))
    return Decision(opened, tuple(commands), (Reply(ReplyKind.OPENED, ids.code, taken),))


def _remind(state: State, tip: Tip, message: TipMessage) -> Decision:
    """`#tinbao` once more, while the tip is open: the same tip, the same code."""
    replies = (Reply(ReplyKind.STILL_OPEN, tip.code),)
    if not _has_content(message):
        return Decision(state, (), replies)
    updated = tip.evolve(pieces=tip.pieces + 1, thanked=True)
    return Decision(state.evolve(tip=updated), (AddMessage(tip.case_id, message),), replies)


def _finish(state: State, tip: Tip, message: TipMessage) -> Decision:
    last = (AddMessage(tip.case_id, message),) if _has_content(message) else ()
    kind = ReplyKind.DONE if tip.pieces or last else ReplyKind.DONE_EMPTY
    commands = (*last, Close(tip.case_id, "done", message.at))
    return Decision(state.evolve(tip=None, pending=()), commands, (Reply(kind, tip.code),))


def _add_message(state: State, tip: Tip, message: TipMessage) -> Decision:
    if message.kind is Kind.INFO:
        return Decision(state, (Identify(tip.case_id, message),))
    kind = _thanks(tip, message)
    media_at = max(message.at, tip.media_at or message.at) if message.kind in EVIDENCE else tip.media_at
    updated = tip.evolve(pieces=tip.pieces + 1, thanked=True, media_at=media_at)
    replies = (Reply(kind, tip.code),) if kind else ()
    return Decision(state.evolve(tip=updated), (AddMessage(tip.case_id, message),), replies)


def _thanks(tip: Tip, message: TipMessage) -> ReplyKind | None:
    """Reply to the first piece and to each burst of media; stay silent otherwise, so that the reporter can write."""
    if message.kind in EVIDENCE:
        same_burst = tip.media_at is not None and message.at - tip.media_at <= BURST
        return None if same_burst else ReplyKind.GOT_MEDIA
    return None if tip.thanked else ReplyKind.GOT_WORDS


def _has_content(message: TipMessage) -> bool:
    """Whether a message holds more than its command: `#tinbao có trộm ở …`, or a photo with `#tinbao` under it."""
    return bool(message.spoken.attachments) or len(message.spoken.text.replace(":", " ", 1).split(None, 1)) > 1
