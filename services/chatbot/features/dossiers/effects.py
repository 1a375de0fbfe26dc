"""Dossiers: look-ups and filings. A citizen proves ownership with code and birthday; what is filed is filed once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import MappingProxyType
from uuid import UUID

from services.chatbot.dialogue.effects import Effect
from services.chatbot.lookups.result import Locked, LookupResult

PROOF_LIFETIME = timedelta(minutes=30)  # How long a passed proof lasts in its conversation.
EXAMPLE = "H29.12-260310-0021"
STAGES: Mapping[str, str] = MappingProxyType(
    {
        "received": "Đã tiếp nhận",
        "processing": "Đang giải quyết",
        "needs_more": "Cần bổ sung",
        "ready": "Đã có kết quả",
        "returned": "Đã trả kết quả",
        "refused": "Từ chối giải quyết",
        "withdrawn": "Đã rút",
    }
)
IDENTITY_DIGITS = 6  # The last ones of an identity number: those before them follow from birthplace and birthday.
OPEN = frozenset({"received", "processing", "needs_more"})  # Still with the office: it can be withdrawn.
AWAITED = OPEN | {"ready"}  # Its result is still to be handed over: it can be posted, or collected by another.


@dataclass(frozen=True, slots=True)
class Dossier:
    code: str = field(repr=False)
    procedure: str
    stage: str  # One of STAGES.
    submitted: date | None
    due: date | None
    where: str  # Where the result is handed over.
    owner: str = field(repr=False)
    missing: str = field(default="", repr=False)  # What is to be added.


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One line of a dossier's transaction history. `told` holds what its kind needs, as pairs."""

    id: UUID
    at: datetime
    kind: str  # status, post, withdraw, authorise, accepted, refused, revoked
    by: str  # citizen, system
    fields: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    def get(self, name: str) -> str:
        return dict(self.fields).get(name, "")


@dataclass(frozen=True, slots=True)
class Proven:
    """`applicant` stands for one person in the source of the data; it means nothing outside."""

    applicant: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ProveDossier(Effect[Proven | Locked | None]):
    """Results in None when code and birthday do not match, whether or not the code exists. `id` counts an attempt once.

    Of some people papers state the year of birth alone: then `birthday` is that year, and `more` the last digits of the
    identity number, or the name where the dossier has no number.
    """

    id: str
    conversation: str
    person: str
    code: str = field(repr=False)
    birthday: str = field(repr=False)  # `1990-09-05`, or `1938`.
    more: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ProveIdentity(Effect[Proven | Locked | None]):
    """Results in None unless the applicant's identity number ends in `digits`: what the list of all their dossiers asks for.

    Code and birthday are known to whoever finds a slip; they open that dossier, not the others.
    """

    id: str
    conversation: str
    person: str
    applicant: str = field(repr=False)
    digits: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class FindDossier(Effect[LookupResult[Dossier] | None]):
    """Results in a dossier of a proven person; None for another's, and for a missing one."""

    code: str = field(repr=False)
    applicant: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class MyDossiers(Effect[LookupResult[tuple[Dossier, ...]] | None]):
    """All of a proven person, the latest first."""

    applicant: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class DossierHistory(Effect[tuple[HistoryEntry, ...]]):
    """What happened to it, in order. Asked only for who has been proven to own it."""

    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PendingRequests(Effect[frozenset[str]]):
    """Kinds of requests that wait for an officer: post, withdraw."""

    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class FileRequest(Effect[bool]):
    """Enter a request into the history, once. False when another of a kind that can wait only once already does."""

    code: str = field(repr=False)
    entry: HistoryEntry


@dataclass(frozen=True, slots=True)
class IsSubscribed(Effect[bool]):
    """Whether this conversation is notified of the dossier's changes."""

    conversation: str
    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SetSubscription(Effect[bool]):
    """Tell this conversation of changes, or not any more. False when that was so already."""

    conversation: str
    oa_id: str
    code: str = field(repr=False)
    address: str = field(repr=False)
    wanted: bool = True
