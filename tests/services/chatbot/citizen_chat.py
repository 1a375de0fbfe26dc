"""A citizen who talks with the whole chatbot."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from contracts.chatbot import ErrandEnded, ReplyChosen
from contracts.event import Event
from contracts.gateway import CitizenWithdrew
from contracts.message import Asset, Attachment, Button, Kind, MessagePart
from services.chatbot.handle import ChatbotHandler
from tests.doubles import as_received, make_event, message_received, opened_outbound, sealed_address

PORTAL = "4100000000000000201"
BORN, BORN_TOO = "05/09/1990", "01/01/1980"


class TalkingApp(Protocol):
    now: datetime

    @property
    def handler(self) -> ChatbotHandler: ...


@dataclass(slots=True)
class CitizenChat:
    app: TalkingApp
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

    async def proves(self, code: str, born: str = BORN) -> str:
        await self.says(f"#lam f_ho_so {code}")
        return await self.says(born)
