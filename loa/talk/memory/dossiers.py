"""Dossiers, what is filed about them, and who is authorised to collect a result."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from chassis.codes import readable_letters
from loa.talk.player import Handlers
from services.chatbot.features.authorisations.effects import (
    AnswerInvite,
    Grant,
    Invitation,
    LiveGrant,
    OfferGrant,
    ReadInvite,
    RevokeGrant,
)
from services.chatbot.features.dossiers.effects import (
    Dossier,
    DossierHistory,
    FileRequest,
    FindDossier,
    HistoryEntry,
    IsSubscribed,
    MyDossiers,
    PendingRequests,
    ProveDossier,
    ProveIdentity,
    Proven,
    SetSubscription,
)
from services.chatbot.features.dossiers.parsing import is_year, read_more
from services.chatbot.lookups.result import MAX_BY_PERSON, WINDOW_MINUTES, Locked, LookupResult

ONCE = frozenset({"withdraw"})  # Kinds of requests of which one alone can wait for an officer.


@dataclass(frozen=True, slots=True)
class OwnedDossier:
    """`applicant` is one person, whose birthday is the proof; all of theirs are shown to who knows the end of `identity`."""

    dossier: Dossier
    applicant: str
    birthday: str  # `1990-09-05`, or the year alone.
    identity: str = ""

    @property
    def more(self) -> str:
        """What proves it besides a year: the end of the identity number, or the name."""
        return read_more(self.identity or self.dossier.owner) or "" if is_year(self.birthday) else ""


@dataclass(slots=True)
class Dossiers:
    by_code: Mapping[str, OwnedDossier]
    source: str
    as_of: datetime
    history: dict[str, list[HistoryEntry]] = field(default_factory=dict)
    subscribed: set[str] = field(default_factory=set)
    wrong_proofs: int = 0

    def handlers(self) -> Handlers:
        return {
            ProveDossier: self.prove,
            ProveIdentity: self.identify,
            FindDossier: self.find,
            MyDossiers: self.mine,
            DossierHistory: lambda query: tuple(self.history.get(query.code, ())),
            PendingRequests: lambda query: frozenset(entry.kind for entry in self.history.get(query.code, ())),
            FileRequest: self.file,
            IsSubscribed: lambda query: query.code in self.subscribed,
            SetSubscription: self.set_subscription,
        }

    def prove(self, query: ProveDossier) -> Proven | Locked | None:
        if self.wrong_proofs >= MAX_BY_PERSON:
            return Locked(WINDOW_MINUTES)
        owned = self.by_code.get(query.code)
        if owned is None or (owned.birthday, owned.more) != (query.birthday, query.more):
            self.wrong_proofs += 1
            return None
        return Proven(owned.applicant)

    def identify(self, query: ProveIdentity) -> Proven | Locked | None:
        if self.wrong_proofs >= MAX_BY_PERSON:
            return Locked(WINDOW_MINUTES)
        theirs = (owned for owned in self.by_code.values() if owned.applicant == query.applicant)
        if any(owned.identity and owned.identity.endswith(query.digits) for owned in theirs):
            return Proven(query.applicant)
        self.wrong_proofs += 1
        return None

    def find(self, query: FindDossier) -> LookupResult[Dossier] | None:
        owned = self.by_code.get(query.code)
        is_theirs = owned is not None and owned.applicant == query.applicant
        return LookupResult(owned.dossier, self.source, self.as_of) if owned and is_theirs else None

    def mine(self, query: MyDossiers) -> LookupResult[tuple[Dossier, ...]]:
        theirs = [owned.dossier for owned in self.by_code.values() if owned.applicant == query.applicant]
        return LookupResult(tuple(theirs), self.source, self.as_of)

    def file(self, request: FileRequest) -> bool:
        entries = self.history.setdefault(request.code, [])
        if request.entry.kind in ONCE and any(entry.kind == request.entry.kind for entry in entries):
            return False
        entries.append(request.entry)
        return True

    def set_subscription(self, effect: SetSubscription) -> bool:
        was_subscribed = effect.code in self.subscribed
        (self.subscribed.add if effect.wanted else self.subscribed.discard)(effect.code)
        return was_subscribed is not effect.wanted


@dataclass(frozen=True, slots=True)
class _Offer:
    invitation: Invitation
    invite: str
    owner: str
    state: str = "open"  # open, accepted


@dataclass(slots=True)
class Grants:
    offers: dict[UUID, _Offer] = field(default_factory=dict)

    def handlers(self) -> Handlers:
        return {
            LiveGrant: self.live,
            OfferGrant: self.offer,
            ReadInvite: self.read,
            AnswerInvite: self.answer,
            RevokeGrant: lambda effect: self.offers.pop(effect.grant, None) is not None,
        }

    def live(self, query: LiveGrant) -> Grant | None:
        grants = (offer.invitation for offer in self.offers.values() if offer.invitation.code == query.code)
        return next((Grant(invitation.grant, invitation.name) for invitation in grants), None)

    def offer(self, effect: OfferGrant) -> str | None:
        if self.live(LiveGrant(effect.code, effect.now)) is not None:
            return None
        invite = "UQ" + readable_letters(effect.id.int, 12)
        invitation = Invitation(effect.id, effect.code, effect.owner, effect.name, effect.where, own=False)
        self.offers[effect.id] = _Offer(invitation, invite, effect.conversation)
        return invite

    def read(self, query: ReadInvite) -> Invitation | None:
        offers = (offer for offer in self.offers.values() if offer.invite == query.invite and offer.state == "open")
        offer = next(offers, None)
        return replace(offer.invitation, own=offer.owner == query.conversation) if offer else None

    def answer(self, effect: AnswerInvite) -> bool:
        offer = self.offers.pop(effect.grant, None)
        if offer is None:
            return False
        if effect.accepted:
            self.offers[effect.grant] = replace(offer, state="accepted")
        return True
