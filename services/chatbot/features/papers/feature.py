"""Kept papers: joined."""

from chassis.daily_quota import DailyQuota
from chassis.disk import DatabaseDisk
from services.chatbot.dialogue.effects import Sequential
from services.chatbot.features.feature import Deps, Feature, Parts
from services.chatbot.features.papers.api import paper_router
from services.chatbot.features.papers.effects import (
    MAX_PAPERS_A_DAY,
    DropPaper,
    KeepPaper,
    LinkPaper,
    MyPapers,
    NamePaper,
)
from services.chatbot.features.papers.intake import PaperIntake, PaperLinks
from services.chatbot.features.papers.store import Papers
from services.chatbot.metrics import DISK_USED


def _build(deps: Deps) -> Parts:
    papers = Papers(deps.db, deps.ring)
    links = PaperLinks(papers, deps.pepper)
    daily = DailyQuota(deps.db.quotas, deps.pepper, "papers", MAX_PAPERS_A_DAY, deps.clock)
    return Parts(
        handlers={
            MyPapers: Sequential(papers.mine),
            KeepPaper: PaperIntake(papers, deps.systems.fetcher, daily, DatabaseDisk(deps.db, DISK_USED.set)),
            NamePaper: Sequential(papers.name),
            LinkPaper: Sequential(links.link),
            DropPaper: Sequential(papers.drop),
        },
        stores=(papers, daily),
        routers=(paper_router(links),),
        erasers=(papers.forget,),
    )


FEATURE = Feature(build=_build)
