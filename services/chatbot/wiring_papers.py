"""What citizens file about dossiers, and the papers they keep."""

from dataclasses import dataclass

from chassis.crypto import KeyRing, Pepper
from chassis.mongo import Database
from services.chatbot.dialogue.effect_runner import EffectHandlers
from services.chatbot.dialogue.effects import Eraser, Sequential
from services.chatbot.features.authorisations.effects import (
    AnswerInvite,
    LiveGrant,
    OfferGrant,
    ReadInvite,
    RevokeGrant,
)
from services.chatbot.features.authorisations.store import Grants
from services.chatbot.features.dossiers.effects import (
    WINDOW_MINUTES,
    DossierHistory,
    FileRequest,
    IsSubscribed,
    PendingRequests,
    SetSubscription,
)
from services.chatbot.features.dossiers.store.history import History
from services.chatbot.features.dossiers.store.subscriptions import Subscriptions
from services.chatbot.features.papers.effects import DropPaper, KeepPaper, LinkPaper, MyPapers, NamePaper
from services.chatbot.features.papers.intake import PaperIntake, PaperLinks
from services.chatbot.features.papers.store import Papers
from services.chatbot.lookups.fetch import Fetcher
from services.chatbot.lookups.proof_limits import ProofLimiter
from services.chatbot.lookups.store.attempts import Attempts
from services.chatbot.reminders.store import Reminders


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
