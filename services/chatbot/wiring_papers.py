"""What citizens file about dossiers, and the papers they keep."""

from dataclasses import dataclass

from chassis.mongo import Database
from chassis.sealing import Pepper, Ring
from services.chatbot.dossiers import WINDOW_MINUTES, DossierHistory, FileRequest, PendingRequests, Watch, Watches
from services.chatbot.drive import Ports
from services.chatbot.grants import AnswerInvite, GiveGrant, LiveGrant, ReadInvite, RevokeGrant
from services.chatbot.lookups.fetch import Fetcher
from services.chatbot.lookups.guard import Guard
from services.chatbot.lookups.keeping import Keeping, Links
from services.chatbot.papers import DropPaper, KeepPaper, LinkPaper, MyPapers, NamePaper
from services.chatbot.ports import Forget, OneByOne
from services.chatbot.store import Attempts, Bells, Grants, History, Papers, Watchers


@dataclass(frozen=True, slots=True)
class Filing:
    """`history` is what officers see; it is the office's record and is not forgotten with a conversation."""

    history: History
    watchers: Watchers
    grants: Grants
    papers: Papers
    invites: Guard
    links: Links
    fetcher: Fetcher

    async def prepare(self) -> None:
        for store in (self.history, self.watchers, self.grants, self.papers):
            await store.prepare()

    @property
    def forget(self) -> tuple[Forget, ...]:
        return (self.watchers.forget, self.grants.forget, self.papers.forget, self.invites.forget)

    @property
    def ports(self) -> Ports:
        keeping = Keeping(self.papers, self.fetcher)
        return {
            DossierHistory: OneByOne(self.history.of),
            PendingRequests: OneByOne(self.history.pending),
            FileRequest: OneByOne(self.history.file),
            Watches: OneByOne(self.watchers.watches),
            Watch: OneByOne(self.watchers.watch),
            LiveGrant: OneByOne(self.grants.live),
            GiveGrant: OneByOne(self.grants.give),
            ReadInvite: self.invites,
            AnswerInvite: OneByOne(self.grants.answer),
            RevokeGrant: OneByOne(self.grants.revoke),
            MyPapers: OneByOne(self.papers.mine),
            KeepPaper: keeping,
            NamePaper: OneByOne(self.papers.name),
            LinkPaper: OneByOne(self.links.link),
            DropPaper: OneByOne(self.papers.drop),
        }


def filing(db: Database, ring: Ring, pepper: Pepper, bells: Bells, attempts: Attempts, *, fetcher: Fetcher) -> Filing:
    history, papers = History(db, ring, pepper), Papers(db, ring)
    grants = Grants(db.grants, history, bells, ring, pepper)
    invites = Guard("invites", attempts, pepper, WINDOW_MINUTES, grants.read, lambda _: ())
    watchers = Watchers(db.watchers, ring, pepper)
    return Filing(history, watchers, grants, papers, invites, Links(papers, pepper), fetcher)
