"""From a fact that words were chosen to entries of the ledger, one per Zalo message. Pure."""

from contracts.chatbot import ReplyChosen
from contracts.message import Part, Speech
from contracts.tips import TipReplyChosen
from services.notify.entry import Entry, Rank, entry_id

Reply = ReplyChosen | TipReplyChosen
_CHOOSE = "Mời bạn chọn:"  # Zalo wants words above buttons.
HOUR_MS = 3_600_000


def split(speech: Speech) -> tuple[Part, ...]:
    """Each part as Zalo takes it: one attachment a message. Entries are numbered by this order, so it is part of their format."""
    return tuple(message for part in speech.parts for message in _messages(part))


def _messages(part: Part) -> list[Part]:
    words, buttons = part.text.strip(), part.buttons
    found: list[Part] = []
    if part.image is not None:
        found.append(Part(text="" if buttons else words, image=part.image))
        words = words if buttons else ""
    if part.ask_info is not None and len(words) > _TITLE:
        found.append(Part(text=words))
        words = ""
    if part.ask_info is not None:
        found.append(Part(text=words, ask_info=part.ask_info))
        words = ""
    if buttons:
        found.append(Part(text=words or _CHOOSE, buttons=buttons))
    elif words:
        found.append(Part(text=words))
    if part.file is not None:
        found.append(Part(file=part.file))
    return found


_TITLE = 100  # Characters: the title of Zalo's card that asks for details.


def deadline_ms(reply: Reply, accepted_ms: int, reply_hours: float, bulk_hours: float) -> int:
    """When the words are stale: what their speaker said, or what the lane allows, whichever is earlier."""
    hours = bulk_hours if Rank.of(reply.lane) is Rank.BULK else reply_hours
    longest = accepted_ms + int(hours * HOUR_MS)
    told = reply.not_after if isinstance(reply, ReplyChosen) else None
    return longest if told is None else min(longest, int(told.timestamp() * 1_000))


def entries(
    reply: Reply,
    messages: tuple[Part, ...],
    *,
    order: int,
    accepted_ms: int,
    deadline: int,
    arrived_ms: int,
    trace: str,
) -> list[Entry]:
    """A reply or an urgent word answers a citizen who has just acted: its own time is the last known interaction."""
    rank = Rank.of(reply.lane)
    spoken_ms = 0 if rank is Rank.BULK else int(reply.occurred_at.timestamp() * 1_000)
    return [
        Entry(
            id=entry_id(reply.id, nth),
            event=reply.id.hex,
            nth=nth,
            of=len(messages),
            conversation=reply.conversation,
            oa_id=reply.oa_id,
            rank=rank,
            order=order + nth,
            body=reply.body,
            address=reply.address,
            accepted_ms=accepted_ms,
            deadline_ms=deadline,
            due_ms=accepted_ms,
            spoken_ms=spoken_ms,
            arrived_ms=arrived_ms,
            trace=trace,
            part=part,
        )
        for nth, part in enumerate(messages)
    ]
