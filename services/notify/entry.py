"""One entry of the ledger: one Zalo message for one citizen, from acceptance to the last receipt. Pure."""

from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum
from typing import Any
from uuid import UUID, uuid5

from contracts.message import Lane, Part

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
SETTLED = frozenset(Status) - OPEN


class Rank(IntEnum):
    """Lanes as numbers: what the ledger sorts by."""

    URGENT = 0
    REPLY = 1
    BULK = 2

    @classmethod
    def of(cls, lane: Lane) -> "Rank":
        return cls[lane.name]

    @property
    def lane(self) -> Lane:
        return Lane[self.name]


@dataclass(slots=True)
class Entry:
    """Times are epoch milliseconds. `body` and `address` are sealed as they came; nothing here can be read by itself."""

    id: str
    event: str  # The id of the fact that asked for it.
    nth: int
    of: int
    conversation: str
    oa_id: str
    rank: Rank
    order: int
    body: str = field(repr=False)
    address: str = field(repr=False)
    accepted_ms: int
    deadline_ms: int
    due_ms: int  # Accepted: when it may go. Sending: when the claim lapses.
    status: Status = Status.ACCEPTED
    owner: str = ""
    attempts: int = 0
    code: int = 0
    doubt: bool = False  # It may have reached Zalo already: ask before sending.
    resent: bool = False  # It was in doubt, was not found in the chat, and was sent again.
    spoken_ms: int = 0  # When the citizen last spoke, as far as was known at acceptance. 0: unknown.
    arrived_ms: int = 0
    trace: str = ""
    part: Part | None = field(default=None, repr=False)  # In memory only, as are the next: the message, once opened;
    doubted_ms: int = 0  # since when it is in doubt whether it arrived;
    asked: int = 0  # how often Zalo would not tell.

    @property
    def line(self) -> str:
        """What is sent strictly one after another. A campaign that waits for the morning holds up no answer."""
        return f"{self.conversation}~" if self.rank is Rank.BULK else self.conversation

    def claimed(self, owner: str, until_ms: int) -> "Entry":
        return replace(self, status=Status.SENDING, owner=owner, due_ms=until_ms)


def entry_id(event: UUID, nth: int) -> str:
    return uuid5(event, f"part#{nth}").hex


def to_document(entry: Entry) -> Document:
    return {
        "_id": entry.id,
        "ev": entry.event,
        "n": entry.nth,
        "of": entry.of,
        "c": entry.conversation,
        "line": entry.line,
        "oa": entry.oa_id,
        "lane": int(entry.rank),
        "ord": entry.order,
        "body": entry.body,
        "addr": entry.address,
        "acc": entry.accepted_ms,
        "na": entry.deadline_ms,
        "due": entry.due_ms,
        "s": entry.status.value,
        "own": entry.owner,
        "k": entry.attempts,
        "spoke": entry.spoken_ms,
        "arr": entry.arrived_ms,
        "tp": entry.trace,
        "open": True,
    }


def from_document(document: Document) -> Entry:
    return Entry(
        id=document["_id"],
        event=document["ev"],
        nth=document["n"],
        of=document["of"],
        conversation=document["c"],
        oa_id=document["oa"],
        rank=Rank(document["lane"]),
        order=document["ord"],
        body=document.get("body", ""),
        address=document.get("addr", ""),
        accepted_ms=document["acc"],
        deadline_ms=document["na"],
        due_ms=document["due"],
        status=Status(document["s"]),
        owner=document.get("own", ""),
        attempts=document.get("k", 0),
        code=document.get("code", 0),
        doubt=document.get("doubt", False),
        resent=document.get("resent", False),
        spoken_ms=document.get("spoke", 0),
        arrived_ms=document.get("arr", 0),
        trace=document.get("tp", ""),
    )
