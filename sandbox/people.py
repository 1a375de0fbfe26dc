"""Citizens, their contact with each OA, and messages. Plain objects, for speed."""

from collections import deque
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

HISTORY = 2_000  # Messages kept per conversation; a bench citizen never gets near it.


@dataclass(slots=True, repr=False)
class Citizen:
    """One invented person with a phone. The flags are what their Zalo app or account does to senders."""

    citizen_id: str
    name: str
    phone: str = ""
    reads: bool = True  # Sees a message at once; otherwise when the page or a control call says so.
    mobile: bool = True  # Receipts come from phones only.
    banned: bool = False  # Or 45 days offline: -227.
    unreachable: bool = False  # The platform cannot place the message: -200, -114.
    refuses: frozenset[str] = frozenset()  # Kinds of message this person limits: -244.
    blocks_invites: bool = False  # -217.
    has_zalo: bool = True  # By phone: -118.
    old_app: bool = False  # By phone: -110.
    administrator: bool = False  # Of the app: may receive templates in development mode.
    info: Json = field(default_factory=dict)  # What they shared with `submit-info`.


@dataclass(slots=True, repr=False)
class Message:
    """One message of a conversation, in either direction. `seq` grows over all conversations."""

    seq: int
    message_id: str
    oa_id: str
    citizen_id: str
    user_id: str
    from_oa: bool
    kind: str
    text: str
    at_ms: int
    attachments: list[Json] = field(default_factory=list)
    buttons: list[Json] = field(default_factory=list)
    quote: str = ""
    admin_id: str = ""  # Set when an officer wrote it in Zalo's own chat tool.
    template: Json | None = None
    received: bool = False
    seen: bool = False
    withdrawn: bool = False
    reactions: list[Json] = field(default_factory=list)

    def to_json(self) -> Json:
        """As the inbox and the page show it."""
        return {
            "seq": self.seq, "message_id": self.message_id, "oa_id": self.oa_id, "citizen_id": self.citizen_id,
            "from_oa": self.from_oa, "kind": self.kind, "text": self.text, "at_ms": self.at_ms,
            "attachments": self.attachments, "buttons": self.buttons, "quote_message_id": self.quote,
            "admin_id": self.admin_id, "template": self.template, "received": self.received, "seen": self.seen,
            "withdrawn": self.withdrawn, "reactions": self.reactions,
        }  # fmt: skip


@dataclass(slots=True, repr=False)
class Contact:
    """One citizen with one OA: the conversation. `user_id` is scoped to the OA, as Zalo's is."""

    oa_id: str
    citizen_id: str
    user_id: str
    follows: bool = False
    last_interaction_ms: int = 0  # 0: never.
    history: "deque[Message]" = field(default_factory=lambda: deque(maxlen=HISTORY))
    tags: list[str] = field(default_factory=list)
    alias: str = ""
    notes: list[str] = field(default_factory=list)
    clicked_chat_now: bool = False
    promotions: dict[str, int] = field(default_factory=dict)  # Day -> promotions received.
    consent: Json | None = None  # Call consent.

    def message(self, message_id: str) -> Message | None:
        for message in reversed(self.history):
            if message.message_id == message_id:
                return message
        return None


@dataclass(frozen=True, slots=True)
class Draft:
    """What an OA wants to send, already checked."""

    kind: str
    text: str = ""
    attachments: tuple[Json, ...] = ()
    buttons: tuple[Json, ...] = ()
    quote: str = ""
    template: Json | None = None
