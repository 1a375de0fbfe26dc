"""The whole chatbot on a real MongoDB: every port as it is wired, only Zalo, the log and the understanding are played.

office = await Office.open(db, content, folder)
chat = office.citizen("lan")
await chat.says("#lam f_ho_so H29.12-260201-0001")
assert "ngày sinh" in chat.last
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from chassis.mongo import Database
from contracts.chatbot import ErrandEnded, ReplyChosen
from contracts.event import Event
from contracts.gateway import CitizenWithdrew
from contracts.message import Asset, Attachment, Button, Kind, MessagePart
from services.chatbot.app import Service, build
from services.chatbot.content.content import Content
from services.chatbot.content.editions import ContentEditions
from services.chatbot.dialogue.context_factory import ContextFactory
from services.chatbot.dialogue.effect_runner import EffectRunner
from services.chatbot.dialogue.events import EventMapper
from services.chatbot.features.dossiers.effects import DossierHistory
from services.chatbot.features.dossiers.jobs import StatusChanges
from services.chatbot.flow_table import FLOWS
from services.chatbot.handle import ChatbotHandler
from services.chatbot.lookups.import_api import parse_rows
from services.chatbot.lookups.import_parsers import PARSERS
from services.chatbot.lookups.import_rows import Sealer
from services.chatbot.lookups.systems import ExternalSystems, open_systems
from services.chatbot.nlu.effects import Understand
from services.chatbot.nlu.result import Understood
from services.chatbot.reminders.store import Reminder
from services.chatbot.settings import ChatbotSettings
from tests.doubles import (
    BODIES,
    NOON,
    PEPPER,
    as_received,
    make_event,
    message_received,
    opened_outbound,
    sealed_address,
)

PORTAL = "4100000000000000201"
TOKEN = "a-token-of-this-test"
NINE_IN_THE_MORNING = NOON - timedelta(hours=3)
FILES = "http://chatbot"
HEAD = "ma_ho_so,thu_tuc,trang_thai,ngay_nop,hen_tra,noi_nhan,ho_ten,ngay_sinh,can_cuoc,dien_thoai,bo_sung"
LATE, READY, THEIRS, NAMELESS, CLOSED = (f"H29.12-260201-000{number}" for number in range(1, 6))
BORN, BORN_TOO = "05/09/1990", "01/01/1980"
ROWS = (
    f"{LATE},Đăng ký thường trú,Đang giải quyết,01/02/2026,10/02/2026,Một cửa Thử,Nguyễn Thử Một,{BORN},000000000001,,",
    f"{READY},Đăng ký khai sinh,Đã có kết quả,03/02/2026,10/03/2026,Một cửa Thử,Nguyễn Thử Một,{BORN},000000000001,,",
    f"{THEIRS},Cấp đổi căn cước,Cần bổ sung,05/02/2026,12/03/2026,Công an Thử,Trần Mẫu Hai,{BORN_TOO},000000000002,,Ảnh thẻ",
    f"{NAMELESS},Đăng ký kết hôn,Mới tiếp nhận,06/02/2026,,Một cửa Thử,Nguyễn Thử Một,{BORN},,,",
    f"{CLOSED},Chứng thực,Đã trả kết quả,01/01/2026,05/01/2026,Một cửa Thử,Nguyễn Thử Một,{BORN},000000000001,,",
)


class NoUnderstanding:
    """An understanding that understands nothing: what these chats do, they do by button and code."""

    async def answer(self, effects: Sequence[Understand]) -> Mapping[Understand, Understood]:
        return dict.fromkeys(effects, Understood())


@dataclass(slots=True, repr=False)
class ChatbotApp:
    db: Database
    service: Service
    handler: ChatbotHandler
    changes: StatusChanges
    imports: int = 0
    now: datetime = NINE_IN_THE_MORNING  # One clock for all who talk.

    @classmethod
    async def open(cls, db: Database, content: Content, remote_systems: ExternalSystems) -> "ChatbotApp":
        models: Any = NoUnderstanding()
        service = await build(db, BODIES, PEPPER, models, remote_systems)
        editions = ContentEditions(content)
        handler = ChatbotHandler(
            service.conversations,
            ContextFactory(editions, "e_government"),
            lambda: EffectRunner(service.effect_handlers),
            FLOWS,
            BODIES,
            EventMapper(BODIES, FILES),
            service.erasers,
        )
        filing = service.filing
        changes = StatusChanges(
            editions,
            service.datasets,
            service.lookups.dossiers,
            filing.history,
            filing.subscriptions,
            service.reminders,
        )
        return cls(db, service, handler, changes)

    async def load(
        self, *rows: str, kind: str = "dossiers", head: str = HEAD, at: datetime = NINE_IN_THE_MORNING
    ) -> list[Any]:
        """Import these lines as a file of their own; the bad ones."""
        self.imports += 1
        upload = {"columns": head.split(","), "rows": [row.split(",") for row in rows], "first": 2}
        good, bad = parse_rows(upload, PARSERS[kind], Sealer(BODIES, PEPPER))
        name = sha256(f"{self.imports}".encode()).hexdigest()
        loading = await self.service.datasets.begin(kind, name, "Một cửa tỉnh Thử", at)
        await self.service.datasets.add(loading.id, 0, good)
        await self.service.datasets.commit(loading.id)
        return bad

    def citizen(self, name: str, oa_id: str = PORTAL) -> "CitizenChat":
        return CitizenChat(self, name, oa_id)

    async def send_reminders(self) -> list[Reminder]:
        """What is due to be said, and is now said."""
        due = await self.service.reminders.due(NOON + timedelta(days=365), 100)
        await self.service.reminders.mark_sent(due)
        return due

    async def history(self, code: str) -> list[tuple[str, dict[str, str]]]:
        """Kind and particulars of what stands in a dossier's history."""
        entries = await self.service.filing.history.of(DossierHistory(code))
        return [(entry.kind, dict(entry.fields)) for entry in entries]

    async def dump(self) -> str:
        """Everything that lies in the database."""
        names = await self.db.list_collection_names()
        return repr([await self.db[name].find({}).to_list(None) for name in names])


@dataclass(slots=True)
class CitizenChat:
    app: ChatbotApp
    user: str
    oa_id: str
    events: list[Event] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        return self.app.now

    @now.setter
    def now(self, at: datetime) -> None:
        self.app.now = at

    async def says(self, text: str = "", kind: Kind = Kind.TEXT, *attachments: Attachment, msg_id: str = "") -> str:
        """The bot's words. The same `msg_id` is the same message."""
        self.now += timedelta(seconds=1)
        event = message_received(
            text, user=self.user, oa_id=self.oa_id, msg_id=msg_id, at=self.now, kind=kind, attachments=attachments
        )
        self.events = await self.app.handler.handle([as_received(event)])
        return self.last

    async def presses(self, title: str) -> str:
        matching = [button for button in self.buttons if title.casefold() in button.title.casefold()]
        assert matching, f"no button like {title!r} among {[button.title for button in self.buttons]}"
        return await self.says(matching[0].payload)

    async def sends(self, url: str, kind: Kind = Kind.IMAGE, name: str | None = None, *, msg_id: str = "") -> str:
        return await self.says("", kind, Attachment(kind=kind, url=url, name=name), msg_id=msg_id)

    async def leaves(self) -> None:
        address = sealed_address(self.user, self.oa_id)
        event = make_event(CitizenWithdrew, user=self.user, oa_id=self.oa_id, at=self.now, address=address)
        self.events = await self.app.handler.handle([as_received(event)])

    @property
    def parts(self) -> list[MessagePart]:
        return [
            part for event in self.events if isinstance(event, ReplyChosen) for part in opened_outbound(event).parts
        ]

    @property
    def last(self) -> str:
        return "\n".join(part.text for part in self.parts)

    @property
    def buttons(self) -> list[Button]:
        return [button for part in self.parts for button in part.buttons]

    @property
    def asset(self) -> Asset:
        return next(asset for part in self.parts for asset in (part.image, part.file) if asset is not None)

    @property
    def endings(self) -> list[str]:
        return [event.ending for event in self.events if isinstance(event, ErrandEnded)]

    async def proves(self, code: str = LATE, born: str = BORN) -> str:
        await self.says(f"#lam f_ho_so {code}")
        return await self.says(born)


@asynccontextmanager
async def no_remote_systems(**settings: Any) -> AsyncIterator[ExternalSystems]:
    """No remote sources unless named; nothing fetched from anywhere but 127.0.0.1 where a test says so."""
    async with open_systems(ChatbotSettings(**settings)) as systems:
        yield systems
