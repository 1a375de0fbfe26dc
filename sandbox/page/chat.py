"""One citizen's conversation with one OA, as it looks on their phone."""

from collections.abc import Callable

from nicegui import ui
from nicegui.element import Element

from sandbox.control.others import answer_consent
from sandbox.network import Change
from sandbox.page import dialogs
from sandbox.page.actions import Actions
from sandbox.page.attach_menu import AttachMenu
from sandbox.page.bubble import Look
from sandbox.page.composer import Composer
from sandbox.page.html import avatar, el, press, words
from sandbox.page.log import Log
from sandbox.page.subscriptions import Subscriptions
from sandbox.page.words import kind_of
from sandbox.people import Contact, Message
from sandbox.platform import Platform


class Chat:
    """Drawn into the current element. `back` leaves it; `looking` says whether the person can see it now."""

    def __init__(
        self,
        platform: Platform,
        subscriptions: Subscriptions,
        contact: Contact,
        back: Callable[[], None],
        looking: Callable[[], bool],
    ) -> None:
        self._platform, self._contact, self._back, self._looking = platform, contact, back, looking
        self._record = platform.network.accounts[contact.oa_id].record
        self._citizen = platform.network.citizens[contact.citizen_id]
        self._actions = Actions(platform, subscriptions, contact)
        look = Look(
            mine=lambda message: not message.from_oa,
            undelivered=subscriptions.is_undelivered,
            quoted=contact.message,
            name=lambda message: self._oa(message) or "Bạn",
            heading=self._oa,
            actions=self,
        )
        self._header()
        self._banner = el("div", "banners")
        self._log = Log(subscriptions, contact, look, f"Trò chuyện với {self._record.name}", self._nothing_yet)
        attach_menu = AttachMenu(self._actions, platform.settings.base_url(), lambda: self._composer.close())  # noqa: PLW0108  Made below.
        self._composer = Composer(self._record.name, self._actions.write, attach_menu.draw)
        self._leave = subscriptions.subscribe(contact.citizen_id, contact.oa_id, self._on_change)
        self._refresh()

    @property
    def box(self) -> Element:
        return self._composer.box

    def close(self) -> None:
        self._leave()

    def look(self) -> None:
        """The person has the chat before their eyes: what came is seen."""
        self._actions.see()

    def quote(self, message: Message) -> None:
        self._composer.quote(message)

    async def tap(self, message: Message, index: int) -> None:
        opens = await self._actions.tap(message, index)
        if opens is not None:
            with self._actions.client:  # The bubble may be gone meanwhile.
                dialogs.opened(opens)

    async def react(self, message: Message, icon: str) -> None:
        await self._actions.react(message, icon)

    def fill_in(self) -> None:
        dialogs.share_info(self._actions, self._citizen)

    def _oa(self, message: Message) -> str:
        if not message.from_oa:
            return ""
        return f"Cán bộ · {self._record.name}" if message.admin_id else self._record.name

    def _on_change(self, change: Change) -> None:
        self._log.apply_change(change)
        if change.kind in ("follow", "withdrawn", "call"):
            self._refresh()
        if change.kind == "message" and self._looking():
            self.look()

    def _header(self) -> None:
        label, image = kind_of(self._record.kind)
        with el("header", "chat-head"):
            press("", self._back, "round back", image="arrow_back", label="Về danh sách OA")
            avatar(self._record.name, self._record.oa_id, image=image)
            with el("div", "chat-title"):
                words("h3", self._record.name)
                words("p", label)
            self._follow = el("span", "follow")
            press("", lambda: dialogs.call(self._actions, self._record.name), "round", image="call", label="Gọi OA")
            self._menu()

    def _menu(self) -> None:
        button = press("", lambda: None, "round", image="more_vert", label="Thêm lựa chọn", aria_haspopup="menu")
        with button, ui.menu().props("role=menu anchor='bottom right' self='top right'"):
            for text, handler in (
                ("Giới thiệu OA", self._profile),
                ("Cung cấp thông tin", self.fill_in),
                ("Rút lại sự đồng ý", lambda: dialogs.withdraw(self._actions, self._record.name)),
            ):
                ui.menu_item(text, handler).props("role=menuitem")

    def _profile(self) -> None:
        record = self._record
        dialogs.profile(record.name, kind_of(record.kind)[0], record.description, record.oa_id)

    def _refresh(self) -> None:
        """What depends on the standing between the two: following, and a request to call."""
        follows = self._contact.follows
        self._follow.clear()
        with self._follow:
            press(
                "Đang quan tâm" if follows else "Quan tâm",
                lambda: self._actions.follow(on=not follows),
                "pill follows" if follows else "pill fresh",
                image="favorite" if follows else "favorite_border",
                aria_pressed="true" if follows else "false",
            )
        self._banner.clear()
        if (self._contact.consent or {}).get("state") == "sent":
            with self._banner:
                dialogs.consent(self._consent)

    async def _consent(self, answer: str) -> None:
        await self._actions.answer(lambda: answer_consent(self._platform, self._contact, answer))
        self._refresh()

    def _nothing_yet(self) -> None:
        label, image = kind_of(self._record.kind)
        with el("div", "nothing"):
            avatar(self._record.name, self._record.oa_id, "large", image=image)
            words("strong", self._record.name)
            words("span", label, "quiet")
            words("p", self._record.description)
            words("p", "Hãy nhập câu hỏi đầu tiên, ví dụ “làm căn cước cần giấy tờ gì”.", "quiet")
