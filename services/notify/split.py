"""From an event with a reply to deliveries of the ledger, one per Zalo message. Pure."""

from contracts.chatbot import ReplyChosen
from contracts.message import MessagePart, OutboundMessage
from contracts.tips import TipReplyChosen
from services.notify.delivery import Delivery, LanePriority, delivery_id

Reply = ReplyChosen | TipReplyChosen
_CHOOSE = "Mời bạn chọn:"  # Zalo wants a text above buttons.
HOUR_MS = 3_600_000


def split(reply_message: OutboundMessage) -> tuple[MessagePart, ...]:
    """Each part as Zalo takes it: one attachment a message. Entries are numbered by this order, so it is part of their format."""
    return tuple(part_as_sent for part in reply_message.parts for part_as_sent in _messages(part))


def _messages(part: MessagePart) -> list[MessagePart]:
    words, buttons = part.text.strip(), part.buttons
    messages: list[MessagePart] = []
    if part.image is not None:
        messages.append(MessagePart(text="" if buttons else words, image=part.image))
        words = words if buttons else ""
    if part.ask_info is not None and len(words) > _TITLE:
        messages.append(MessagePart(text=words))
        words = ""
    if part.ask_info is not None:
        messages.append(MessagePart(text=words, ask_info=part.ask_info))
        words = ""
    if buttons:
        messages.append(MessagePart(text=words or _CHOOSE, buttons=buttons))
    elif words:
        messages.append(MessagePart(text=words))
    if part.file is not None:
        messages.append(MessagePart(file=part.file))
    return messages


_TITLE = 100  # Characters: the title of Zalo's card that asks for details.


def deadline_ms(reply: Reply, accepted_ms: int, reply_hours: float, bulk_hours: float) -> int:
    """Returns when the reply expires: its own deadline or its lane's, whichever is earlier."""
    hours = bulk_hours if LanePriority.of(reply.lane) is LanePriority.BULK else reply_hours
    longest = accepted_ms + int(hours * HOUR_MS)
    not_after = reply.not_after if isinstance(reply, ReplyChosen) else None
    return longest if not_after is None else min(longest, int(not_after.timestamp() * 1_000))


def to_deliveries(
    reply: Reply,
    messages: tuple[MessagePart, ...],
    *,
    order: int,
    accepted_ms: int,
    deadline: int,
    arrived_ms: int,
    trace: str,
) -> list[Delivery]:
    """A reply or an urgent message answers a citizen who has just acted: its own time is the last known interaction."""
    priority = LanePriority.of(reply.lane)
    last_interaction_ms = 0 if priority is LanePriority.BULK else int(reply.occurred_at.timestamp() * 1_000)
    return [
        Delivery(
            id=delivery_id(reply.id, index),
            event=reply.id.hex,
            index=index,
            of=len(messages),
            conversation=reply.conversation,
            oa_id=reply.oa_id,
            priority=priority,
            order=order + index,
            body=reply.body,
            address=reply.address,
            accepted_ms=accepted_ms,
            deadline_ms=deadline,
            due_ms=accepted_ms,
            last_interaction_ms=last_interaction_ms,
            arrived_ms=arrived_ms,
            trace=trace,
            part=part,
        )
        for index, part in enumerate(messages)
    ]
