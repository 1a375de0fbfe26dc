"""What a person on the page does as one citizen with one OA: each action is run, and its result is shown."""

from collections.abc import Awaitable, Callable
from typing import Any

from nicegui import ui
from pydantic import ValidationError

from sandbox.citizen_actions import ActionResult
from sandbox.network import UnknownError
from sandbox.page import notice
from sandbox.page.subscriptions import Subscriptions
from sandbox.page.words import OK, lasting, unacknowledged
from sandbox.people import Contact, Json, Message
from sandbox.platform import Platform
from sandbox.uploads_in import Sending

LONGEST_TEXT = 2_000  # As Zalo allows.


class Actions:
    """Every deed ends in a notice where the OA's gateway did not acknowledge it."""

    def __init__(self, platform: Platform, subscriptions: Subscriptions, contact: Contact) -> None:
        self._citizen_actions, self._subscriptions, self.contact = platform.citizen_actions, subscriptions, contact
        self.client = ui.context.client
        self.citizen_id, self.oa_id = contact.citizen_id, contact.oa_id

    async def write(self, text: str, quote: str = "") -> None:
        if len(text) > LONGEST_TEXT:
            notice.bad(self.client, f"Tin nhắn dài quá {LONGEST_TEXT:,} ký tự.".replace(",", "."))
        elif text.strip():
            await self.send({"kind": "text", "text": text, "quote_message_id": quote})

    async def send(self, parts: Json) -> None:
        """`parts` are members of Sending; what is missing is shown, and nothing is sent."""
        try:
            sending = Sending.model_validate({**parts, "oa_id": self.oa_id})
        except ValidationError:
            notice.bad(self.client, "Nội dung chưa hợp lệ, xin kiểm tra lại.")
            return
        await self._run(self._citizen_actions.send(self.citizen_id, sending))

    async def tap(self, message: Message, index: int) -> Json | None:
        """What the phone opens, where the button opens something."""
        result = await self._run(self._citizen_actions.tap(self.citizen_id, self.oa_id, message.message_id, index))
        return result.opens if result else None

    async def follow(self, *, on: bool) -> None:
        if await self._run(self._citizen_actions.follow(self.citizen_id, self.oa_id, on=on)):
            self._note("Bạn đã quan tâm OA này" if on else "Bạn đã bỏ quan tâm OA này")

    async def react(self, message: Message, icon: str) -> None:
        await self._run(self._citizen_actions.react(self.citizen_id, self.oa_id, message.message_id, icon))

    async def withdraw(self) -> None:
        if await self._run(self._citizen_actions.withdraw(self.citizen_id, self.oa_id)):
            self._note("Bạn đã rút lại sự đồng ý. OA phải xoá dữ liệu của bạn.")

    async def call(self, kind: str, seconds: int) -> None:
        """`seconds` of talk; 0: nobody answered."""
        details = {"call_type": kind, "waiting_time": 5, "talk_time": seconds * 1_000, "status_code": 0}
        how = "Cuộc gọi video" if kind == "VIDEO" else "Cuộc gọi thoại"
        if await self._run(self._citizen_actions.call(self.citizen_id, self.oa_id, details)):
            self._note(f"{how} · {lasting(seconds)}" if seconds else f"{how} · không có người nghe")

    async def submit_info(self, info: Json) -> None:
        if await self._run(self._citizen_actions.submit_info(self.citizen_id, self.oa_id, info)):
            self._note("Bạn đã cung cấp thông tin cho OA")

    async def answer(self, allow: Callable[[], Awaitable[ActionResult]]) -> None:
        """Answer a request to be called."""
        await self._run(allow())

    def see(self) -> None:
        self._citizen_actions.see(self.citizen_id, self.oa_id)

    def _note(self, text: str) -> None:
        self._subscriptions.note(self.citizen_id, self.oa_id, text)

    async def _run(self, action: Awaitable[ActionResult]) -> ActionResult | None:
        try:
            result = await action
        except UnknownError:
            notice.bad(self.client, "Tin nhắn này không còn nữa.")
        except ValueError:
            notice.bad(self.client, "Nội dung chưa hợp lệ, xin kiểm tra lại.")
        else:
            self._report(result)
            return result
        return None

    def _report(self, result: ActionResult) -> None:
        status: Any = result.outcome.status
        if status == OK or result.opens is not None:
            return
        if result.message_id:
            self._subscriptions.mark_undelivered(self.citizen_id, self.oa_id, result.message_id, status)
        notice.bad(self.client, unacknowledged(status))
