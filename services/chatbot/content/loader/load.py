"""Reads the files of a snapshot into a draft: each file once, every fault collected."""

from dataclasses import dataclass
from pathlib import PurePosixPath

from services.chatbot.content.loader.errors import Faults
from services.chatbot.content.loader.language import read_language
from services.chatbot.content.loader.reader import Reader, Written
from services.chatbot.content.loader.snapshot import Snapshot
from services.chatbot.content.loader.yaml_document import YamlDocument
from services.chatbot.content.models.fine import Fine
from services.chatbot.content.models.form import Form, Template
from services.chatbot.content.models.news import Article, Topic
from services.chatbot.content.models.pack import Menus, Oa, Pack
from services.chatbot.content.models.place import Camera, Office, OldWard, Province, Ward
from services.chatbot.content.models.procedure import CatalogueEntry, Knowledge, Procedure
from services.chatbot.content.models.service import Calendar, Service
from services.chatbot.content.models.training import Intent, Language
from services.chatbot.content.phrases import PHRASES
from services.chatbot.content.texts import fault_in

NOT_READ = (  # Beginnings of paths: what `loa seed` imports, files that are sent as they are, and notices.
    "demo/",
    "forms/files/",
    "units/NOTICE.md",
    "utterances/README.md",
)


@dataclass(frozen=True, slots=True)
class Draft:
    """Content as read, before it is checked as a whole."""

    texts: dict[str, str]
    procedures: list[Written[Procedure]]
    knowledge: list[Written[Knowledge]]
    fines: list[Written[Fine]]
    forms: list[Written[Form]]
    templates: list[Written[Template]]
    menus: list[Written[Menus]]
    packs: list[Written[Pack]]
    oas: list[Written[Oa]]
    provinces: list[Written[Province]]
    wards: list[Written[Ward]]
    old_wards: list[Written[OldWard]]
    offices: list[Written[Office]]
    cameras: list[Written[Camera]]
    services: list[Written[Service]]
    topics: list[Written[Topic]]
    articles: list[Written[Article]]
    calendar: Written[Calendar] | None
    intents: list[Written[Intent]]
    language: Language | None
    catalogue: list[Written[CatalogueEntry]]


def read_draft(snapshot: Snapshot, faults: Faults) -> Draft:
    """Returns everything that could be read. The rest is left out and added to `faults`."""
    reader = Reader(snapshot, faults)
    draft = Draft(
        texts=_texts(reader.document("texts.yaml"), faults),
        procedures=_check_file_names(list(reader.folder(Procedure, "procedures")), "key", faults),
        knowledge=list(reader.folder(Knowledge, "knowledge")),
        fines=reader.table(Fine, "knowledge/muc_phat.csv"),
        forms=reader.listed(Form, "forms/forms.yaml", "forms"),
        templates=list(reader.folder(Template, "forms/templates")),
        menus=_check_file_names(list(reader.folder(Menus, "menus")), "kind", faults),
        packs=_check_file_names(list(reader.folder(Pack, "packs")), "id", faults),
        oas=[
            *reader.listed(Oa, "oas.yaml", "", needed=False),
            *reader.listed(Oa, "demo/oas.yaml", "", needed=False),
        ],
        provinces=reader.table(Province, "units/provinces.csv"),
        wards=reader.table(Ward, "units/wards.csv"),
        old_wards=reader.table(OldWard, "units/old_wards.csv"),
        offices=reader.listed(Office, "units/offices.yaml", "offices"),
        cameras=reader.table(Camera, "cameras.csv"),
        services=reader.listed(Service, "services.yaml", "services"),
        topics=reader.listed(Topic, "topics.yaml", "topics"),
        articles=_check_file_names(list(reader.folder(Article, "news")), "id", faults),
        calendar=reader.single(Calendar, "holidays.yaml"),
        intents=_check_file_names(list(reader.folder(Intent, "utterances")), "key", faults),
        language=read_language(reader),
        catalogue=reader.table(CatalogueEntry, "catalogue.csv", needed=False),
    )
    reader.fault_strays(NOT_READ)
    return draft


def _check_file_names(items: list[Written], name: str, faults: Faults) -> list[Written]:  # type: ignore[type-arg]  # Any of the models that carry `name`.
    """Returns the items, with a fault for each whose `name` differs from its file's name."""
    for item in items:
        own, stem = str(getattr(item.value, name)), PurePosixPath(item.file).stem
        if own != stem:
            faults.add(
                item.file,
                item.line_of(name),
                f"mục «{name}» là «{own}» nhưng tên tệp là «{stem}»; hai tên phải giống nhau",
            )
    return items


def _texts(document: YamlDocument | None, faults: Faults) -> dict[str, str]:
    """Returns the texts by key `group.name`, as the file nests them. Every key of PHRASES is required."""
    texts: dict[str, str] = {}
    if document is None:
        return texts
    if not isinstance(document.data, dict):
        faults.add(document.file, 1, "tệp phải gồm các nhóm câu (nhóm: tên câu: lời)")
        return texts
    for group, phrases in document.data.items():
        for step, text in phrases.items() if isinstance(phrases, dict) else [("", None)]:
            key, line = f"{group}.{step}", document.line((group, step))
            if not isinstance(text, str) or not text:
                faults.add(document.file, line, f"câu «{key}» phải là chữ và không để trống")
            elif reason := fault_in(key, text):
                faults.add(document.file, line, reason)
            else:
                texts[key] = text
    for key in sorted(PHRASES.keys() - texts.keys()):
        if not any(key in fault.reason for fault in faults.items):
            faults.add(document.file, document.line((key.split(".")[0],)), f"thiếu câu «{key}»")
    return texts
