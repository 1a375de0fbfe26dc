"""The whole page: who is on it, side by side where there is room, one at a time on a phone."""

import json
from collections.abc import Callable

from nicegui import ui
from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement
from nicegui.events import GenericEventArguments

from sandbox.network import UnknownError
from sandbox.page import notice
from sandbox.page.address import ColumnAddress, read, written
from sandbox.page.column import Column, Frame
from sandbox.page.html import avatar, el, icon, press, words
from sandbox.page.officer_column import OfficerColumn
from sandbox.page.people import Entrance, invite, staff
from sandbox.page.phone import Phone
from sandbox.page.subscriptions import Subscriptions
from sandbox.platform import Platform

MOST_COLUMNS = 6


class PageLayout:
    """`address` is what the page's address says about who is on it and what is open."""

    def __init__(self, platform: Platform, subscriptions: Subscriptions, address: str) -> None:
        self._platform, self._subscriptions = platform, subscriptions
        self._columns: list[Column] = []
        self._current: Column | None = None
        self._hidden, self._narrow = True, False  # Until the browser says otherwise, nobody looks.
        self._address = address
        self._tabs: dict[Column, tuple[Element, TextElement]] = {}
        main = el("main", "board", id=False)
        with main:
            self._top()
            self._columns_area = el("div", "columns")
            self._welcome = el("div", "welcome")
        ui.skip_link("Tới nội dung", target=self._columns_area)
        for entry in read(address)[:MOST_COLUMNS]:
            self._add(entry, quiet=True)
        self._arrange()
        ui.on("loa_view", self._viewed)
        ui.context.client.on_delete(self._close)

    def _top(self) -> None:
        with el("header", "top"):
            icon("campaign", "brand")
            with el("div", "brand-words"):
                words("h1", "Zalo giả lập")
                words("p", "Đóng vai người dân nhắn tin với OA")
            self._switcher = el("nav", "switcher", aria_label="Những người đang mở")
            press("Người dân", self._invite, "add", image="person_add", label="Thêm người dân")
            press("Cán bộ OA", self._staff, "add", image="support_agent", label="Thêm cán bộ OA")

    def _invite(self) -> None:
        invite(self._platform, lambda key: self._add(ColumnAddress(key)), self._keys_on_page)

    def _staff(self) -> None:
        staff(self._platform, lambda key: self._add(ColumnAddress(key, officer=True)), self._keys_on_page)

    def _keys_on_page(self) -> set[str]:
        return {column.key for column in self._columns}

    def _add(self, entry: ColumnAddress, *, quiet: bool = False) -> None:
        """Put somebody on the page; who no longer exists is left out."""
        if len(self._columns) >= MOST_COLUMNS:
            notice.bad(
                self._columns_area.client, f"Trang hiển thị nhiều nhất {MOST_COLUMNS} cột. Xin đóng bớt một cột."
            )
            return
        made: list[Column] = []
        frame = Frame(
            self._platform,
            self._subscriptions,
            changed=self._changed,
            close=lambda: self._remove(made[0]),
            looking=lambda: bool(made) and self._looking(made[0]),
            typing=lambda: not self._narrow and not self._hidden,
        )
        kind: Callable[[Frame, str], Column] = OfficerColumn if entry.officer else Phone
        try:
            with self._columns_area:
                made.append(kind(frame, entry.key))
        except UnknownError:
            return
        self._columns.append(made[0])
        self._add_tab(made[0])
        if entry.open:
            made[0].open(entry.open)
        if not quiet or self._current is None:
            self._show(made[0])

    def _add_tab(self, column: Column) -> None:
        with self._switcher, el("button", "tab", type="button", title=f"{column.role} {column.title}") as tab:
            avatar(column.title, column.key, "small", column.mark)
            words("span", column.title if column.role == Phone.role else f"{column.role} · {column.title}")
            badge = words("span", "", "badge")
        tab.on("click", lambda: self._show(column), args=[])
        self._tabs[column] = (tab, badge)

    def _show(self, column: Column) -> None:
        """Bring a column to the front: on a phone it is the one that is seen."""
        self._current = column
        self._arrange()
        self._columns_area.client.run_javascript(
            f"document.getElementById('c{column.root.id}')?.scrollIntoView({{inline: 'nearest', block: 'nearest'}})"
        )
        column.look()

    def _remove(self, column: Column) -> None:
        column.close()
        self._columns.remove(column)
        self._tabs.pop(column)[0].delete()
        column.root.delete()
        if self._current is column:
            self._current = self._columns[-1] if self._columns else None
        self._arrange()

    def _arrange(self) -> None:
        for column in self._columns:
            column.root.classes(
                add="current" if column is self._current else "", remove="" if column is self._current else "current"
            )
            self._tabs[column][0].props["aria-current"] = "true" if column is self._current else "false"
        self._columns_area.set_visibility(bool(self._columns))
        self._welcome.set_visibility(not self._columns)
        self._welcome.clear()
        if not self._columns:
            with self._welcome:
                icon("waving_hand", "nothing-mark")
                words("h2", "Bạn muốn đóng vai ai?")
                words("p", "Tạo một người dân (tên bịa đặt là được), chọn OA, rồi nhắn tin như trên Zalo.", "quiet")
                Entrance(self._platform, lambda key: self._add(ColumnAddress(key)), self._keys_on_page)
        self._changed()

    def _changed(self) -> None:
        """Unread counts on the tabs, and the address in the browser's bar."""
        for column, (_, badge) in self._tabs.items():
            count = column.unread()
            badge.set_text(str(min(count, 99)))
            badge.set_visibility(count > 0)
            badge.props["aria-label"] = f"{count} tin chưa đọc"
        address = written(
            [ColumnAddress(each.key, each.chosen, isinstance(each, OfficerColumn)) for each in self._columns]
        )
        if address != self._address:
            self._address = address
            target = json.dumps(f"?mo={address}" if address else "?")
            self._columns_area.client.run_javascript(
                f"history.replaceState(history.state, '', location.pathname + {target})"
            )

    def _looking(self, column: Column) -> bool:
        return not self._hidden and (not self._narrow or column is self._current)

    def _viewed(self, event: GenericEventArguments) -> None:
        view = event.args if isinstance(event.args, dict) else {}
        self._hidden, self._narrow = view.get("hidden") is not False, view.get("narrow") is True
        for column in self._columns:
            column.look()

    def _close(self) -> None:
        for column in self._columns:
            column.close()
