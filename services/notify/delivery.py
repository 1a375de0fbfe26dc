"""One entry of the ledger: one Zalo message for one citizen, from acceptance to the last receipt. Pure."""

from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum
from typing import Any
from uuid import UUID, uuid5

from chassis.crypto import Place
from contracts.message import Lane, MessagePart

Document = dict[str, Any]


class Status(StrEnum):
    ACCEPTED = "accepted"  # Waits in the ledger.
    SENDING = "sending"  # Claimed by a process; if that process dies, whether it was sent is in doubt.
    SENT = "sent"
    DELIVERED = "delivered"
    SEEN = "seen"
    FAILED = "failed"
    EXPIRED = "expired"
    SUPPRESSED = "suppressed"


OPEN = frozenset({Status.ACCEPTED, Status.SENDING})


class LanePriority(IntEnum):
    """Lanes as numbers: what the ledger sorts by."""

    URGENT = 0
    REPLY = 1
    BULK = 2

    @classmethod
    def of(cls, lane: Lane) -> "LanePriority":
        return cls[lane.name]

    @property
    def lane(self) -> Lane:
        return Lane[self.name]


@dataclass(slots=True)
class Delivery:
    """Times are epoch milliseconds. `body` and `address` are sealed as they came; nothing here can be read by itself."""

    id: str
    event: str  # The id of the event that asked for it.
    index: int
    of: int
    conversation: str
    oa_id: str
    priority: LanePriority
    order: int
    body: str = field(repr=False)
    address: str = field(repr=False)
    accepted_ms: int
    deadline_ms: int
    due_ms: int  # Accepted: when it may go. Sending: when the claim lapses.
    status: Status = Status.ACCEPTED
    worker_id: str = ""
    attempts: int = 0
    code: int = 0
    uncertain: bool = False  # It may have reached Zalo already: ask before sending.
    uncertain_until_ms: int = 0  # When it will not arrive any more if it has not by then. 0: not known yet.
    reconcile_attempts: int = 0  # How often Zalo would not say whether it arrived.
    resent: bool = False  # It was in doubt, was not found in the chat, and was sent again.
    last_interaction_ms: int = 0  # When the citizen last spoke, as far as was known at acceptance. 0: unknown.
    arrived_ms: int = 0
    trace: str = ""
    part: MessagePart | None = field(default=None, repr=False)  # In memory only: the message, once opened.

    @property
    def queue_key(self) -> str:
        """What is sent strictly one after another. A campaign that waits for the morning holds up no answer."""
        reply, bulk = queue_keys(self.conversation)
        return bulk if self.priority is LanePriority.BULK else reply

    @property
    def place(self) -> Place:
        """Where the body was sealed: in the event that asked for this delivery."""
        return Place.body(self.oa_id, self.conversation, UUID(hex=self.event))

    def claimed(self, worker_id: str, until_ms: int) -> "Delivery":
        return replace(self, status=Status.SENDING, worker_id=worker_id, due_ms=until_ms)


def queue_keys(conversation: str) -> tuple[str, str]:
    """The queues of a conversation: answers, and bulk messages."""
    return conversation, f"{conversation}~"


def delivery_id(event: UUID, index: int) -> str:
    return uuid5(event, f"part#{index}").hex


def to_document(delivery: Delivery) -> Document:
    return {
        "_id": delivery.id,
        "ev": delivery.event,
        "n": delivery.index,
        "of": delivery.of,
        "c": delivery.conversation,
        "line": delivery.queue_key,
        "oa": delivery.oa_id,
        "lane": int(delivery.priority),
        "ord": delivery.order,
        "body": delivery.body,
        "addr": delivery.address,
        "acc": delivery.accepted_ms,
        "na": delivery.deadline_ms,
        "due": delivery.due_ms,
        "s": delivery.status.value,
        "own": delivery.worker_id,
        "k": delivery.attempts,
        "spoke": delivery.last_interaction_ms,
        "arr": delivery.arrived_ms,
        "tp": delivery.trace,
        "open": True,
    }


def from_document(document: Document) -> Delivery:
    return Delivery(
        id=document["_id"],
        event=document["ev"],
        index=document["n"],
        of=document["of"],
        conversation=document["c"],
        oa_id=document["oa"],
        priority=LanePriority(document["lane"]),
        order=document["ord"],
        body=document.get("body", ""),
        address=document.get("addr", ""),
        accepted_ms=document["acc"],
        deadline_ms=document["na"],
        due_ms=document["due"],
        status=Status(document["s"]),
        worker_id=document.get("own", ""),
        attempts=document.get("k", 0),
        code=document.get("code", 0),
        uncertain=document.get("doubt", False),
        uncertain_until_ms=document.get("doubt_until", 0),
        reconcile_attempts=document.get("asked", 0),
        resent=document.get("resent", False),
        last_interaction_ms=document.get("spoke", 0),
        arrived_ms=document.get("arr", 0),
        trace=document.get("tp", ""),
    )
