"""Authorising another person to collect a result: an invite passed on by the owner, answered by that person themselves."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from contracts.message import MessagePart
from services.chatbot.dialogue.effects import Effect
from services.chatbot.lookups.result import Locked

INVITE_LIFETIME = timedelta(hours=48)  # How long an invite can be answered.
_INVITE_PATTERN = re.compile(r"(?<![A-Z0-9])UQ-?((?:[2-9A-HJKMNP-Z]{4}-?){3})(?![A-Z0-9])")


@dataclass(frozen=True, slots=True)
class Grant:
    """One that is offered or accepted."""

    id: UUID
    name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Invitation:
    """What the invited person sees before answering."""

    grant: UUID
    code: str = field(repr=False)
    owner: str = field(repr=False)
    name: str = field(repr=False)
    where: str
    own: bool  # The owner typed their own invite.


@dataclass(frozen=True, slots=True)
class LiveGrant(Effect[Grant | None]):
    code: str = field(repr=False)
    now: datetime


@dataclass(frozen=True, slots=True)
class OfferGrant(Effect[str | None]):
    """Offer it. Results in the invite, or None when another is offered or accepted. The same id gives the same invite."""

    id: UUID
    conversation: str
    oa_id: str
    now: datetime
    address: str = field(repr=False)
    code: str = field(repr=False)
    owner: str = field(repr=False)
    name: str = field(repr=False)
    last4: str = field(repr=False)
    where: str = ""


@dataclass(frozen=True, slots=True)
class ReadInvite(Effect[Invitation | Locked | None]):
    """None for a wrong, answered or expired invite, alike. `id` counts one attempt once."""

    id: str
    conversation: str
    person: str
    oa_id: str
    invite: str = field(repr=False)
    now: datetime


@dataclass(frozen=True, slots=True)
class AnswerInvite(Effect[bool]):
    """Accept or refuse; `told` is sent to the owner. Results in False when it was answered, revoked or has expired."""

    id: UUID
    conversation: str
    oa_id: str
    grant: UUID
    accepted: bool
    now: datetime
    address: str = field(repr=False)
    notice: tuple[MessagePart, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class RevokeGrant(Effect[bool]):
    """Take it back; `told` is sent to the person who had accepted it. Results in False when there was none."""

    id: UUID
    code: str = field(repr=False)
    grant: UUID
    now: datetime
    notice: tuple[MessagePart, ...] = field(repr=False)


def read_invite(text: str) -> str | None:
    """`UQ-7K3M-9QX2-ABCD` in what somebody typed or pasted, without its dashes."""
    match = _INVITE_PATTERN.search(text.upper()[:400])
    return "UQ" + match[1].replace("-", "") if match else None


def format_invite(invite: str) -> str:
    body = invite.removeprefix("UQ")
    return "-".join(("UQ", *(body[start : start + 4] for start in range(0, len(body), 4))))
