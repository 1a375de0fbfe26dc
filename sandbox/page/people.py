"""Who comes onto the page: a new citizen, one who exists already, or an officer of an OA."""

from collections.abc import Callable, Mapping

from nicegui.events import GenericEventArguments

from sandbox.page import notice
from sandbox.page.forms import COLLECT, Field, bounded, sheet
from sandbox.page.html import avatar, el, press, words
from sandbox.page.listings import MOST_ROWS, Listing, people
from sandbox.platform import Platform

NAMES = ("Nguyễn Thị Thử", "Trần Văn Mẫu", "Lê Thị Ví Dụ", "Phạm Văn Nháp", "Hoàng Thị Tập", "Đỗ Văn Giả")
DIGITS = range(9, 13)
NEW = (
    Field("name", "Họ và tên", longest=60),
    Field("phone", "Số điện thoại", "tel", required=False, longest=20, hint="0900000001"),
)


def suggested(taken: set[str]) -> str:
    """An invented name that nobody has yet."""
    return next((name for name in NAMES if name not in taken), f"{NAMES[0]} {len(taken) + 1}")


def phone_like(text: str) -> bool:
    digits = "".join(c for c in text if c.isascii() and c.isdigit())
    return not text or (len(digits) in DIGITS and not set(text) - set("+0123456789 .-"))


class Entrance:
    """The two ways in, drawn into the current element. `add(citizen_id)` brings one onto the page."""

    def __init__(self, platform: Platform, add: Callable[[str], None], without: Callable[[], set[str]]) -> None:
        self._network, self._add, self._without = platform.network, add, without
        self._new()
        if self._network.citizens:
            words("h3", "Người dân đã có", "sheet-part")
            with el("div", "search"):
                box = el(
                    "input", type="search", placeholder="Tìm theo tên", aria_label="Tìm người dân đã có", maxlength="60"
                )
                box.on("input", self._sought, js_handler="(e) => emit(e.target.value)", throttle=0.2)
            self._results = el("ul", "found", aria_label="Người dân đã có")
            self._list(people(self._network, without=without()))

    def _new(self) -> None:
        name = suggested({citizen.name for citizen in list(self._network.citizens.values())[-MOST_ROWS:]})
        with el("form", "fields") as form:
            for field, value in zip(NEW, (name, ""), strict=True):
                with el("label", "field"):
                    words("span", field.label if field.required else f"{field.label} (không bắt buộc)", "field-name")
                    el(
                        "input", name=field.name, type=field.type, value=value, required=field.required, placeholder=field.hint,
                        maxlength=str(field.longest), autocomplete="off",
                    )  # fmt: skip
            words("button", "Tạo người dân", "main", type="submit")
        form.on("submit.prevent", self._created, js_handler=COLLECT)

    def _created(self, event: GenericEventArguments) -> None:
        fields: Mapping[str, str] = bounded(event.args, NEW)
        if not fields["name"]:
            notice.bad(event.client, "Xin nhập họ và tên.")
        elif not phone_like(fields["phone"]):
            notice.bad(event.client, "Số điện thoại chưa đúng.")
        else:  # Sees a message when it is on the screen, not before.
            self._add(self._network.new_citizen(fields["name"], fields["phone"], reads=False).citizen_id)

    def _sought(self, event: GenericEventArguments) -> None:
        query = event.args[:60] if isinstance(event.args, str) else ""
        self._list(people(self._network, query, self._without()))

    def _list(self, listing: Listing) -> None:
        self._results.clear()
        with self._results:
            for row in listing.rows:
                with el("li"), press("", lambda key=row.key: self._add(key), "found-one", aria_label=f"Mở {row.name}"):
                    avatar(row.name, row.key, "small")
                    words("strong", row.name)
                    words("span", row.label, "quiet")
            if not listing.rows:
                words("li", "Không có ai khác.", "roll-note")
            if listing.more:
                words("li", f"Còn {listing.more} người khác: xin gõ tên để tìm.", "roll-note")


def invite(platform: Platform, add: Callable[[str], None], without: Callable[[], set[str]]) -> None:
    """The dialog that brings a citizen onto the page."""
    with sheet("Thêm người dân", "Mỗi người dân có một cột riêng, như một chiếc điện thoại.") as dialog:

        def chosen(citizen_id: str) -> None:
            dialog.close()
            add(citizen_id)

        Entrance(platform, chosen, without)


def staff(platform: Platform, add: Callable[[str], None], without: Callable[[], set[str]]) -> None:
    """The dialog that brings an officer of an OA onto the page."""
    with sheet("Trả lời với tư cách cán bộ OA", "Chọn OA mà cán bộ trực tin nhắn.") as dialog:

        def chosen(oa_id: str) -> None:
            dialog.close()
            add(oa_id)

        with el("ul", "found", aria_label="Official Account"):
            shown = [each.record for each in platform.network.accounts.values() if each.oa_id not in without()]
            for record in shown[:MOST_ROWS]:
                with el("li"), press("", lambda key=record.oa_id: chosen(key), "found-one", aria_label=record.name):
                    avatar(record.name, record.oa_id, "small", "support_agent")
                    words("strong", record.name)
