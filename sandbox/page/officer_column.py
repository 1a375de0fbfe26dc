"""An officer's column: the citizens who wrote to one OA, read and answered by hand as in Zalo's own chat tool."""

import re
from collections.abc import Callable

from nicegui.element import Element
from nicegui.events import GenericEventArguments

from sandbox.network import Change
from sandbox.page import notice
from sandbox.page.actions import LONGEST_TEXT
from sandbox.page.bubble import Look
from sandbox.page.column import Column, Frame, Talk
from sandbox.page.composer import Composer
from sandbox.page.html import avatar, el, press, words
from sandbox.page.listings import Listing, talks
from sandbox.page.log import Log
from sandbox.page.subscriptions import Subscriptions
from sandbox.people import Contact, Draft, Message
from sandbox.platform import Platform

FIRST_ADMIN = "900000000000000001"
ADMIN_ID = re.compile(r"[0-9]{1,19}")


class OfficerColumn(Column):
    """`key` is the OA."""

    mark = "support_agent"
    role = "Cán bộ"
    list_title = "Người dân đã nhắn cho OA"
    nothing_listed = "Chưa có người dân nào nhắn cho OA này."
    invitation = "Chọn một người dân trong danh sách để đọc và trả lời."

    def __init__(self, frame: Frame, oa_id: str) -> None:
        """Raise UnknownError for an OA that does not exist."""
        self.admin_id = FIRST_ADMIN
        super().__init__(frame, oa_id, frame.platform.network.account(oa_id).record.name, "Cán bộ trả lời tin nhắn")

    def rows(self, query: str = "") -> Listing:
        return talks(self.frame.platform.network, self.key, query)

    def talk(self, other: str) -> Talk | None:
        if other not in self.frame.platform.network.citizens:
            return None
        contact = self.frame.platform.network.contact(other, self.key)
        return OfficerTalk(self.frame.platform, self.frame.subscriptions, contact, self.back, lambda: self.admin_id)

    def subscribe(self) -> Callable[[], None]:
        return self.frame.subscriptions.subscribe("", self.key, self.on_change)

    def more_header(self) -> None:
        with el("label", "admin"):
            words("span", "Mã cán bộ")
            box = el(
                "input",
                value=FIRST_ADMIN,
                inputmode="numeric",
                maxlength="19",
                size="19",
                aria_label="Mã cán bộ (admin_id)",
            )
        box.on("change", self._renamed, js_handler="(e) => emit(e.target.value)")

    def _renamed(self, event: GenericEventArguments) -> None:
        if isinstance(event.args, str) and ADMIN_ID.fullmatch(event.args):
            self.admin_id = event.args
        else:
            notice.bad(self.root.client, "Mã cán bộ gồm 1 đến 19 chữ số; vẫn dùng mã trước đó.")


class OfficerTalk:
    """One conversation from the OA's side: its messages stand on the right."""

    def __init__(
        self,
        platform: Platform,
        subscriptions: Subscriptions,
        contact: Contact,
        back: Callable[[], None],
        admin_id: Callable[[], str],
    ) -> None:
        self._network, self._contact, self._admin_id = platform.network, contact, admin_id
        self._name = platform.network.citizens[contact.citizen_id].name
        look = Look(
            mine=lambda message: message.from_oa,
            undelivered=subscriptions.is_undelivered,
            quoted=contact.message,
            name=lambda message: self._oa(message) or self._name,
            heading=self._oa,
        )
        with el("header", "chat-head"):
            press("", back, "round back", image="arrow_back", label="Về danh sách người dân")
            avatar(self._name, contact.citizen_id)
            with el("div", "chat-title"):
                words("h3", self._name)
                self._standing = words("p", "")
        self._log = Log(subscriptions, contact, look, f"Trò chuyện với {self._name}", self._nothing_yet)
        self._composer = Composer(self._name, self._write, hint="Trả lời với tư cách cán bộ")
        self._leave = subscriptions.subscribe(contact.citizen_id, contact.oa_id, self._on_change)
        self._refresh_status()

    @property
    def box(self) -> Element:
        return self._composer.box

    def look(self) -> None:
        """Zalo sends nothing when an officer reads."""

    def close(self) -> None:
        self._leave()

    def _oa(self, message: Message) -> str:
        if not message.from_oa:
            return ""
        return f"Cán bộ {message.admin_id}" if message.admin_id else "Trả lời tự động"

    async def _write(self, text: str, _: str) -> None:
        if len(text) > LONGEST_TEXT:
            notice.bad(self._standing.client, f"Tin nhắn dài quá {LONGEST_TEXT:,} ký tự.".replace(",", "."))
        elif text.strip():
            self._network.send(self._contact, Draft("text", text), self._admin_id())

    def _on_change(self, change: Change) -> None:
        self._log.apply_change(change)
        self._refresh_status()

    def _refresh_status(self) -> None:
        self._standing.set_text("Đang quan tâm OA" if self._contact.follows else "Chưa quan tâm OA")

    def _nothing_yet(self) -> None:
        with el("div", "nothing"):
            words("p", "Người dân này chưa nhắn gì.", "quiet")
