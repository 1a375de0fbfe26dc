"""One edition of the content: frozen, checked and indexed."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from services.chatbot.content.cache import ContentCache
from services.chatbot.content.loader.check import ALL, check
from services.chatbot.content.loader.directory import take_snapshot
from services.chatbot.content.loader.errors import Faults
from services.chatbot.content.loader.load import Draft, read_draft
from services.chatbot.content.loader.snapshot import Snapshot
from services.chatbot.content.models.form import Form, Template
from services.chatbot.content.models.news import Article, Topic
from services.chatbot.content.models.pack import Menu, Oa, OaKind, Pack
from services.chatbot.content.models.place import Office
from services.chatbot.content.models.procedure import CatalogueEntry, Knowledge, Procedure
from services.chatbot.content.models.service import Calendar, Service
from services.chatbot.content.models.training import TrainingData
from services.chatbot.content.search.cameras import Cameras
from services.chatbot.content.search.fines import FineBook
from services.chatbot.content.search.offices import OfficeIndex
from services.chatbot.content.search.wards import Wards
from services.chatbot.content.texts import Texts


@dataclass(
    frozen=True, repr=False
)  # Megabytes of text: a debugger or test runner that prints its repr would take seconds.
class Content:
    """Keys are those of the files. `news` is sorted, newest first."""

    snapshot: Snapshot
    texts: Texts
    procedures: Mapping[str, Procedure]
    knowledge: Mapping[str, Knowledge]
    forms: Mapping[str, Form]
    templates: Mapping[str, Template]
    menus: Mapping[OaKind, Mapping[str, Menu]]
    packs: Mapping[str, Pack]
    oas: Mapping[str, Oa]
    services: Mapping[str, Service]
    topics: Mapping[str, Topic]
    news: tuple[Article, ...]
    calendar: Calendar
    office_index: OfficeIndex
    cameras: Cameras
    fines: FineBook
    training_data: TrainingData

    @property
    def version(self) -> str:
        """Returns the snapshot's version: 16 hexadecimal digits."""
        return self.snapshot.version

    @classmethod
    def load(cls, root: Path) -> "Content":
        """Returns the content of a directory. Raises ContentErrors with every fault of it."""
        return cls.of(take_snapshot(root))

    @classmethod
    def of(cls, snapshot: Snapshot) -> "Content":
        """Returns the content of files in memory. Raises ContentErrors with every fault of them."""
        faults = Faults()
        draft = read_draft(snapshot, faults)
        check(draft, snapshot, faults)
        faults.raise_if_any()
        return _assemble(snapshot, draft)

    def pack_of(self, oa_id: str) -> Pack | None:
        """Returns what this OA offers; None for an OA that content does not list."""
        oa = self.oas.get(oa_id)
        return self.packs[oa.pack] if oa else None

    def texts_of(self, pack: str) -> Texts:
        """Returns the bot's texts with this pack's own wording."""
        return self._texts_by_pack.get(pack, self.texts)

    def menus_of(self, pack: str) -> Mapping[str, Menu]:
        """Returns the menus of a pack by name."""
        return self.menus[self.packs[pack].menu]

    def services_of(self, pack: str) -> tuple[Service, ...]:
        """Returns the services that can be booked with a pack."""
        offered = self.packs[pack].services
        return tuple(service for key, service in self.services.items() if ALL in offered or key in offered)

    def offices_doing(self, procedure: str) -> tuple[Office, ...]:
        """Returns the offices that accept the procedure, by their kind or because they can be booked for it."""
        kinds = self.procedures[procedure].done_at
        bookable = {
            office_id
            for service in self.services.values()
            if procedure in service.procedures
            for office_id in service.offices
        }
        return tuple(
            office for office in self.office_index.offices.values() if office.kind in kinds or office.id in bookable
        )

    def forms_of(self, procedure: str) -> tuple[Form, ...]:
        """Returns the forms that a procedure names, then the forms that name the procedure."""
        details = self.procedures[procedure]
        form_ids = [*details.forms, *(paper.form for paper in details.papers if paper.form)]
        form_ids += [form.id for form in self.forms.values() if procedure in form.procedures]
        return tuple(self.forms[form] for form in dict.fromkeys(form_ids))

    def form_file(self, form: str) -> bytes:
        """Returns the file to send, at most 5 MB. Raises KeyError for an unknown form."""
        return self.snapshot.files[f"forms/{self.forms[form].file}"]

    def news_of(self, pack: str, topic: str | None = None, limit: int = 5) -> tuple[Article, ...]:
        """Returns the latest articles of the pack's topics, or of one of them."""
        topics = {topic} & set(self.packs[pack].topics) if topic else set(self.packs[pack].topics)
        return tuple(article for article in self.news if article.topic in topics)[:limit]

    @cached_property
    def catalogue(self) -> Mapping[str, CatalogueEntry]:
        """Returns the national catalogue by code; empty for content without one."""
        return {entry.code: entry for entry in self.training_data.catalogue}

    @cached_property
    def cache(self) -> ContentCache[Any]:
        """Returns the cache of answers that are the same for everybody."""
        return ContentCache()

    @cached_property
    def _texts_by_pack(self) -> dict[str, Texts]:
        return {pack.id: self.texts.with_overrides(pack.texts) for pack in self.packs.values()}


def _assemble(snapshot: Snapshot, draft: Draft) -> Content:
    """Returns the content of a draft that has no faults."""
    assert draft.calendar is not None and draft.language is not None  # noqa: S101, PT018  # Their absence is a fault, and there were none.
    wards = Wards.of(
        (province.value for province in draft.provinces),
        (ward.value for ward in draft.wards),
        (old_ward.value for old_ward in draft.old_wards),
    )
    articles = (article.value for article in draft.articles)
    return Content(
        snapshot=snapshot,
        texts=Texts(MappingProxyType(draft.texts)),
        procedures=MappingProxyType({procedure.value.key: procedure.value for procedure in draft.procedures}),
        knowledge=MappingProxyType({knowledge.value.key: knowledge.value for knowledge in draft.knowledge}),
        forms=MappingProxyType({form.value.id: form.value for form in draft.forms}),
        templates=MappingProxyType({template.value.form: template.value for template in draft.templates}),
        menus=MappingProxyType({menus.value.kind: MappingProxyType(menus.value.menus) for menus in draft.menus}),
        packs=MappingProxyType({pack.value.id: pack.value for pack in draft.packs}),
        oas=MappingProxyType({oa.value.oa_id: oa.value for oa in draft.oas}),
        services=MappingProxyType({service.value.id: service.value for service in draft.services}),
        topics=MappingProxyType({topic.value.id: topic.value for topic in draft.topics}),
        news=tuple(sorted(articles, key=lambda article: (article.date.toordinal(), article.id), reverse=True)),
        calendar=draft.calendar.value,
        office_index=OfficeIndex.of((office.value for office in draft.offices), wards),
        cameras=Cameras.of(camera.value for camera in draft.cameras),
        fines=FineBook.of(fine.value for fine in draft.fines),
        training_data=TrainingData(
            tuple(intent.value for intent in draft.intents),
            draft.language,
            tuple(entry.value for entry in draft.catalogue),
        ),
    )
