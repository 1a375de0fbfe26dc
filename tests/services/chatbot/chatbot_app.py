"""The whole chatbot on a real MongoDB: every port as it is wired, only Zalo, the log and the understanding are played.

office = await Office.open(db, content, folder)
chat = office.citizen("lan")
await chat.says("#lam f_ho_so H29.12-260201-0001")
assert "ngày sinh" in chat.last
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from fastapi import APIRouter

from chassis.audit import AuditLog
from chassis.auth import Auth
from chassis.mongo import Database
from chassis.service import prepare
from services.chatbot.app import ROWS as ROW_FORMATS
from services.chatbot.app import Chatbot, join
from services.chatbot.content.content import Content
from services.chatbot.content.editions import ContentEditions
from services.chatbot.features.dossiers.effects import DossierHistory
from services.chatbot.features.dossiers.feature import change_notices, status_changes
from services.chatbot.features.dossiers.jobs import StatusChanges
from services.chatbot.features.feature import Deps
from services.chatbot.features.officer.store import OfficerQueue
from services.chatbot.features.papers.intake import PaperLinks
from services.chatbot.features.papers.store import Papers
from services.chatbot.handle import ChatbotHandler
from services.chatbot.lookups.import_api import Importer
from services.chatbot.lookups.import_header import Head, find_header
from services.chatbot.lookups.store.datasets import Current
from services.chatbot.lookups.store.loads import Loading, Loads, NewFile
from services.chatbot.lookups.systems import ExternalSystems, open_systems
from services.chatbot.nlu.effects import Understand
from services.chatbot.nlu.result import Understood
from services.chatbot.reminders.store import Reminder
from services.chatbot.settings import ChatbotSettings
from tests.console import AuditTrail, UsedInMemory
from tests.doubles import (
    BODIES,
    NOON,
    PEPPER,
)
from tests.services.chatbot.citizen_chat import BORN, BORN_TOO, PORTAL, CitizenChat

TOKEN = "a-token-of-this-test"
NOWHERE = Path("no-such-folder")
NINE_IN_THE_MORNING = NOON - timedelta(hours=3)
FILES = "http://chatbot"
HEAD = "ma_ho_so,thu_tuc,trang_thai,ngay_nop,hen_tra,noi_nhan,ho_ten,ngay_sinh,can_cuoc,dien_thoai,bo_sung"
LATE, READY, THEIRS, NAMELESS, CLOSED = (f"H29.12-260201-000{number}" for number in range(1, 6))
ROWS = (
    f"{LATE},Đăng ký thường trú,Đang giải quyết,01/02/2026,10/02/2026,Một cửa Thử,Nguyễn Thử Một,{BORN},000000000001,,",
    f"{READY},Đăng ký khai sinh,Đã có kết quả,03/02/2026,10/03/2026,Một cửa Thử,Nguyễn Thử Một,{BORN},000000000001,,",
    f"{THEIRS},Cấp đổi căn cước,Cần bổ sung,05/02/2026,12/03/2026,Công an Thử,Trần Mẫu Hai,{BORN_TOO},000000000002,,Ảnh thẻ",
    f"{NAMELESS},Đăng ký kết hôn,Mới tiếp nhận,06/02/2026,,Một cửa Thử,Nguyễn Thử Một,{BORN},,,",
    f"{CLOSED},Chứng thực,Đã trả kết quả,01/01/2026,05/01/2026,Một cửa Thử,Nguyễn Thử Một,{BORN},000000000001,,",
)


async def load_rows(loads: Loads, begun: Loading, rows: Sequence[Any]) -> None:
    """Import these rows as one chunk, whatever stood there before."""
    await loads.add(begun, 0, rows)
    loading = await loads.find(begun.id)
    assert loading is not None
    assert isinstance(await loads.commit(loading, force=True), Current)


class NoUnderstanding:
    """An understanding that understands nothing: what these chats do, they do by button and code."""

    async def answer(self, effects: Sequence[Understand]) -> Mapping[Understand, Understood]:
        return dict.fromkeys(effects, Understood())


@dataclass(slots=True, repr=False)
class ChatbotApp:
    db: Database
    deps: Deps
    chatbot: Chatbot
    changes: StatusChanges
    imports: int = 0
    now: datetime = NINE_IN_THE_MORNING  # One clock for all who talk.

    @classmethod
    async def open(cls, db: Database, content: Content, remote_systems: ExternalSystems) -> "ChatbotApp":
        deps = Deps.over(
            db,
            ring=BODIES,
            pepper=PEPPER,
            editions=ContentEditions(content),
            systems=remote_systems,
            auth=Auth("chatbot", NOWHERE, UsedInMemory()),
            audit=AuditLog("chatbot", PEPPER, AuditTrail().publish),
            clock=lambda: datetime.now(UTC),
        )
        chatbot = join(deps, NoUnderstanding(), ChatbotSettings(files_url=FILES))
        await prepare(chatbot.stores(deps))
        return cls(db, deps, chatbot, status_changes(deps))

    def routers(self, auth: Auth, audit: AuditLog) -> list[APIRouter]:
        """Its API, guarded by `auth`."""
        deps = replace(self.deps, auth=auth, audit=audit)
        return join(deps, NoUnderstanding(), ChatbotSettings()).routers

    @property
    def handler(self) -> ChatbotHandler:
        return self.chatbot.handler

    @property
    def queue(self) -> OfficerQueue:
        return OfficerQueue(self.db.queue, BODIES)

    @property
    def papers(self) -> Papers:
        return Papers(self.db, BODIES)

    @property
    def paper_links(self) -> PaperLinks:
        return PaperLinks(self.papers, PEPPER)

    async def load(
        self, *rows: str, kind: str = "dossiers", head: str = HEAD, at: datetime = NINE_IN_THE_MORNING
    ) -> list[Any]:
        """Import these lines as a file of their own; the bad ones."""
        self.imports += 1
        lines = list(enumerate((line.split(",") for line in (head, *rows)), start=1))
        row_format, loads = ROW_FORMATS[kind], Loads(self.db, self.deps.datasets)
        header = find_header([Head("", lines)], row_format.columns)
        name = sha256(f"{self.imports}".encode()).hexdigest()
        loading = await loads.begin(NewFile(kind, name, "Một cửa tỉnh Thử", at, header))
        sealer = Importer(self.deps.datasets, loads, ROW_FORMATS, BODIES, PEPPER).sealer(loading)
        good, bad = row_format.parse_lines(lines[1:], header, sealer)
        await load_rows(loads, loading, good)
        return bad

    def citizen(self, name: str, oa_id: str = PORTAL) -> "CitizenChat":
        return CitizenChat(self, name, oa_id)

    async def send_reminders(self) -> list[Reminder]:
        """What is due to be said, and is now said."""
        notices = change_notices(self.deps, self.changes)
        await notices.remind(await notices.claim(frozenset()))
        documents = await self.deps.reminders.due(NOON + timedelta(days=365), 100)
        due = [self.deps.reminders.opened(document) for document in documents]
        await self.deps.reminders.mark_sent(due)
        return due

    async def history(self, code: str) -> list[tuple[str, dict[str, str]]]:
        """Kind and particulars of what stands in a dossier's history."""
        entries = await self.changes.history.of(DossierHistory(code))
        return [(entry.kind, dict(entry.fields)) for entry in entries]

    async def dump(self) -> str:
        """Everything that lies in the database."""
        names = await self.db.list_collection_names()
        return repr([await self.db[name].find({}).to_list(None) for name in names])


@asynccontextmanager
async def no_remote_systems(**settings: Any) -> AsyncIterator[ExternalSystems]:
    """No remote sources unless named; nothing fetched from anywhere but 127.0.0.1 where a test says so."""
    async with open_systems(ChatbotSettings(**settings)) as systems:
        yield systems
