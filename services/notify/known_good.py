"""What notify handles for certain when it is sound, to tell whether an unhandled batch is its own fault."""

from datetime import UTC, datetime
from uuid import uuid4

from chassis.crypto import KeyRing, Place
from chassis.self_test import conversation_about_nothing
from contracts.chatbot import ReplyChosen
from contracts.event import Event
from contracts.message import MessagePart, OutboundMessage


def known_good(bodies: KeyRing) -> list[Event]:
    """Returns a message, a reply to it that expires before it could be sent, and a withdrawal that erases both."""
    *messages, withdrawal = conversation_about_nothing(bodies, ("xin chào",))
    oa_id, long_ago = withdrawal.oa_id, datetime(2000, 1, 1, tzinfo=UTC)
    words = OutboundMessage(parts=(MessagePart(text="xin chào"),))
    reply_id = uuid4()
    place = Place.body(oa_id, withdrawal.conversation, reply_id)
    reply = ReplyChosen(
        id=reply_id,
        occurred_at=withdrawal.occurred_at,
        conversation=withdrawal.conversation,
        oa_id=oa_id,
        outcome="answer",
        body=bodies.seal(words.model_dump_json().encode(), place),
        address=oa_id,
        not_after=long_ago,
    )
    return [*messages, reply, withdrawal]
