"""What citizens file about dossiers, and the papers they keep."""

from dataclasses import dataclass

from chassis.mongo import Database
from chassis.sealing import KeyRing, Pepper
from services.chatbot.dossiers import (
    WINDOW_MINUTES,
    DossierHistory,
    FileRequest,
    IsSubscribed,
    PendingRequests,
    SetSubscription,
)
from services.chatbot.drive import EffectHandlers
from services.chatbot.grants import AnswerInvite, LiveGrant, OfferGrant, ReadInvite, RevokeGrant
from services.chatbot.lookups.fetch import Fetcher
from services.chatbot.lookups.guard import ProofLimiter
from services.chatbot.lookups.keeping import PaperIntake, PaperLinks
from services.chatbot.papers import DropPaper, KeepPaper, LinkPaper, MyPapers, NamePaper
from services.chatbot.ports import Eraser, Sequential
from services.chatbot.store import Attempts, Grants, History, Papers, Reminders, Subscriptions


@dataclass(frozen=True, slots=True)
class Filing:
    """`history` is what officers see; it is the office's record and is not forgotten with a conversation."""

    history: History
    subscriptions: Subscriptions
    grants: Grants
    papers: Papers
    invites: ProofLimiter
    links: PaperLinks
    fetcher: Fetcher

    async def prepare(self) -> None:
        for store in (self.history, self.subscriptions, self.grants, self.papers):
            await store.prepare()

    @property
    def erasers(self) -> tuple[Eraser, ...]:
        return (self.subscriptions.forget, self.grants.forget, self.papers.forget, self.invites.forget)

    @property
    def effect_handlers(self) -> EffectHandlers:
        intake = PaperIntake(self.papers, self.fetcher)
        return {
            DossierHistory: Sequential(self.history.of),
            PendingRequests: Sequential(self.history.pending),
            FileRequest: Sequential(self.history.file),
            IsSubscribed: Sequential(self.subscriptions.is_subscribed),
            SetSubscription: Sequential(self.subscriptions.set_subscription),
            LiveGrant: Sequential(self.grants.find_live),
            OfferGrant: Sequential(self.grants.offer),
            ReadInvite: self.invites,
            AnswerInvite: Sequential(self.grants.answer),
            RevokeGrant: Sequential(self.grants.revoke),
            MyPapers: Sequential(self.papers.mine),
            KeepPaper: intake,
            NamePaper: Sequential(self.papers.name),
            LinkPaper: Sequential(self.links.link),
            DropPaper: Sequential(self.papers.drop),
        }


def wire_filing(
    db: Database, ring: KeyRing, pepper: Pepper, reminders: Reminders, attempts: Attempts, *, fetcher: Fetcher
) -> Filing:
    history, papers = History(db, ring, pepper), Papers(db, ring)
    grants = Grants(db.grants, history, reminders, ring, pepper)
    invites = ProofLimiter("invites", attempts, pepper, WINDOW_MINUTES, grants.read, lambda _: ())
    subscriptions = Subscriptions(db.watchers, ring, pepper)
    return Filing(history, subscriptions, grants, papers, invites, PaperLinks(papers, pepper), fetcher)
