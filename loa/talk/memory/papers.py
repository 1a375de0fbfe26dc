"""A citizen's kept papers: what a file is called is enough here, its bytes are not fetched."""

from dataclasses import dataclass, field, replace
from uuid import UUID

from loa.talk.player import Handlers
from services.chatbot.features.papers.effects import (
    FILE_ENDINGS,
    JPEG,
    MAX_PAPERS,
    DropPaper,
    KeepPaper,
    LinkPaper,
    MyPapers,
    NamePaper,
    Paper,
    PaperLink,
    RejectReason,
)

SIZE = 245_760  # Bytes that a paper is said to have.


@dataclass(slots=True)
class Papers:
    kept: dict[UUID, Paper] = field(default_factory=dict)
    named: set[UUID] = field(default_factory=set)

    def handlers(self) -> Handlers:
        return {
            MyPapers: lambda _: tuple(paper for paper in self.kept.values() if paper.id in self.named),
            KeepPaper: self.keep,
            NamePaper: self.name,
            LinkPaper: self.link,
            DropPaper: lambda effect: self.kept.pop(effect.paper, None) is not None,
        }

    def keep(self, effect: KeepPaper) -> Paper | RejectReason:
        if len(self.kept) >= MAX_PAPERS:
            return RejectReason.FULL
        endings = {ending: media_type for media_type, ending in FILE_ENDINGS.items()}
        media_type = endings.get("." + effect.url.rpartition(".")[2], JPEG)
        self.kept[effect.id] = Paper(effect.id, effect.name, media_type, SIZE, effect.at)
        return self.kept[effect.id]

    def name(self, effect: NamePaper) -> bool:
        if effect.paper not in self.kept:
            return False
        self.kept[effect.paper] = replace(self.kept[effect.paper], name=effect.name)
        self.named.add(effect.paper)
        return True

    def link(self, query: LinkPaper) -> PaperLink | None:
        paper = self.kept.get(query.paper)
        return PaperLink(f"loa:/papers/{paper.id}", paper.name, paper.media_type) if paper else None
