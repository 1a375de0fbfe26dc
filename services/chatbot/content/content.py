"""All content at one version: frozen, checked, indexed. What the rest of the chatbot holds in its hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from services.chatbot.content.cameras import Cameras
from services.chatbot.content.catalogue import Entry, entries
from services.chatbot.content.check import ALL, check
from services.chatbot.content.directory import Directory
from services.chatbot.content.errors import Faults
from services.chatbot.content.fines import FineBook
from services.chatbot.content.kept import Kept
from services.chatbot.content.load import Draft, read
from services.chatbot.content.models.form import Form, Template
from services.chatbot.content.models.news import Article, Topic
from services.chatbot.content.models.pack import Kind, Menu, Oa, Pack
from services.chatbot.content.models.place import Office
from services.chatbot.content.models.procedure import Knowledge, Procedure
from services.chatbot.content.models.service import Calendar, Service
from services.chatbot.content.snapshot import Snapshot
from services.chatbot.content.texts import Texts
from services.chatbot.content.wards import Wards


@dataclass(
    frozen=True, repr=False
)  # Megabytes of text: who asks for its repr (a debugger, a test runner) waits for seconds.
class Content:
    """Keys are those of the files. `news` is newest first."""

    snapshot: Snapshot
    texts: Texts
    procedures: Mapping[str, Procedure]
    knowledge: Mapping[str, Knowledge]
    forms: Mapping[str, Form]
    templates: Mapping[str, Template]
    menus: Mapping[Kind, Mapping[str, Menu]]
    packs: Mapping[str, Pack]
    oas: Mapping[str, Oa]
    services: Mapping[str, Service]
    topics: Mapping[str, Topic]
    news: tuple[Article, ...]
    calendar: Calendar
    directory: Directory
    cameras: Cameras
    fines: FineBook

    @property
    def version(self) -> str:
        return self.snapshot.version

    @classmethod
    def load(cls, root: Path) -> "Content":
        """Read, check and index a content directory. Raises ContentErrors with everything that is wrong with it."""
        return cls.of(Snapshot.take(root))

    @classmethod
    def of(cls, snapshot: Snapshot) -> "Content":
        """The same from files in memory. Raises ContentErrors."""
        faults = Faults()
        draft = read(snapshot, faults)
        check(draft, snapshot, faults)
        faults.raise_if_any()
        return _joined(snapshot, draft)

    def pack_of(self, oa_id: str) -> Pack | None:
        """What this OA offers; None for an OA that nobody has registered."""
        oa = self.oas.get(oa_id)
        return self.packs[oa.pack] if oa else None

    def texts_of(self, pack: str) -> Texts:
        """The bot's words as this pack says them."""
        return self._texts_by_pack.get(pack, self.texts)

    def menus_of(self, pack: str) -> Mapping[str, Menu]:
        return self.menus[self.packs[pack].menu]

    def procedures_of(self, pack: str) -> tuple[Procedure, ...]:
        """What this pack may answer, in the order of the keys."""
        wanted = self.packs[pack].procedures
        return tuple(one for key, one in self.procedures.items() if ALL in wanted or key in wanted)

    def services_of(self, pack: str) -> tuple[Service, ...]:
        wanted = self.packs[pack].services
        return tuple(one for key, one in self.services.items() if ALL in wanted or key in wanted)

    def offices_doing(self, procedure: str) -> tuple[Office, ...]:
        """Those of the kinds that take it in, and those where one can book for it."""
        kinds = self.procedures[procedure].done_at
        bookable = {at for one in self.services.values() if procedure in one.procedures for at in one.offices}
        return tuple(one for one in self.directory.offices.values() if one.kind in kinds or one.id in bookable)

    def forms_of(self, procedure: str) -> tuple[Form, ...]:
        """The forms a procedure names, then those that name the procedure."""
        told = self.procedures[procedure]
        named = [*told.forms, *(paper.form for paper in told.papers if paper.form)]
        named += [form.id for form in self.forms.values() if procedure in form.procedures]
        return tuple(self.forms[form] for form in dict.fromkeys(named))

    def form_file(self, form: str) -> bytes:
        """The file to send, at most 5 MB. Raises KeyError for a form there is not."""
        return self.snapshot.files[f"forms/{self.forms[form].file}"]

    def news_of(self, pack: str, topic: str | None = None, limit: int = 5) -> tuple[Article, ...]:
        """The latest of the topics this pack has, or of one of them."""
        topics = {topic} & set(self.packs[pack].topics) if topic else set(self.packs[pack].topics)
        return tuple(one for one in self.news if one.topic in topics)[:limit]

    @cached_property
    def catalogue(self) -> Mapping[str, Entry]:
        return entries(self.snapshot)

    @cached_property
    def kept(self) -> Kept[Any]:
        """Answers that are the same for everybody, worked out once."""
        return Kept()

    @cached_property
    def _texts_by_pack(self) -> dict[str, Texts]:
        return {pack.id: self.texts.over(pack.texts) for pack in self.packs.values()}


def _joined(snapshot: Snapshot, draft: Draft) -> Content:
    """A draft without faults has everything in its place."""
    assert draft.calendar is not None  # noqa: S101  # Its absence is a fault, and there were none.
    wards = Wards.of(
        (one.value for one in draft.provinces),
        (one.value for one in draft.wards),
        (one.value for one in draft.old_wards),
    )
    articles = (one.value for one in draft.articles)
    return Content(
        snapshot=snapshot,
        texts=Texts(MappingProxyType(draft.texts)),
        procedures=MappingProxyType({one.value.key: one.value for one in draft.procedures}),
        knowledge=MappingProxyType({one.value.key: one.value for one in draft.knowledge}),
        forms=MappingProxyType({one.value.id: one.value for one in draft.forms}),
        templates=MappingProxyType({one.value.form: one.value for one in draft.templates}),
        menus=MappingProxyType({one.value.kind: MappingProxyType(one.value.menus) for one in draft.menus}),
        packs=MappingProxyType({one.value.id: one.value for one in draft.packs}),
        oas=MappingProxyType({one.value.oa_id: one.value for one in draft.oas}),
        services=MappingProxyType({one.value.id: one.value for one in draft.services}),
        topics=MappingProxyType({one.value.id: one.value for one in draft.topics}),
        news=tuple(sorted(articles, key=lambda one: (one.date.toordinal(), one.id), reverse=True)),
        calendar=draft.calendar.value,
        directory=Directory.of((one.value for one in draft.offices), wards),
        cameras=Cameras.of(one.value for one in draft.cameras),
        fines=FineBook.of(one.value for one in draft.fines),
    )
