"""Kept papers: joined."""

from services.chatbot.dialogue.effects import Sequential
from services.chatbot.features.feature import Deps, Feature, Parts
from services.chatbot.features.papers.api import paper_router
from services.chatbot.features.papers.effects import DropPaper, KeepPaper, LinkPaper, MyPapers, NamePaper
from services.chatbot.features.papers.intake import PaperIntake, PaperLinks
from services.chatbot.features.papers.store import Papers


def _build(deps: Deps) -> Parts:
    papers = Papers(deps.db, deps.ring)
    links = PaperLinks(papers, deps.pepper)
    return Parts(
        handlers={
            MyPapers: Sequential(papers.mine),
            KeepPaper: PaperIntake(papers, deps.systems.fetcher),
            NamePaper: Sequential(papers.name),
            LinkPaper: Sequential(links.link),
            DropPaper: Sequential(papers.drop),
        },
        stores=(papers,),
        routers=(paper_router(links),),
        erasers=(papers.forget,),
    )


FEATURE = Feature(build=_build)
