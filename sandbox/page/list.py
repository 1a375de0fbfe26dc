"""A list of conversations that changes in place: what has the keyboard's focus keeps it."""

from collections.abc import Callable
from dataclasses import dataclass

from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement

from sandbox.page.html import avatar, el, words
from sandbox.page.listings import Listing, Row


@dataclass(slots=True)
class _Drawn:
    """The elements of one row that change."""

    row: Row
    item: Element
    button: Element
    last: TextElement
    at: TextElement
    unread: TextElement
    heart: Element


class ConversationList:
    """`look(query)` answers what is to be shown; `choose(key)` is called when somebody picks a row."""

    def __init__(self, title: str, look: Callable[[str], Listing], choose: Callable[[str], None], empty: str) -> None:
        self._look, self._choose = look, choose
        self._query = ""
        self._chosen = ""
        self._drawn: dict[str, _Drawn] = {}
        with el("div", "search"):
            box = el(
                "input", type="search", aria_label=f"Tìm trong {title.lower()}", placeholder="Tìm kiếm", maxlength="60"
            )
            box.on(
                "input", lambda event: self._sought(event.args), js_handler="(e) => emit(e.target.value)", throttle=0.2
            )
        self._list = el("ul", "roll", aria_label=title)
        self._empty = words("p", empty, "roll-note")
        self._more = words("p", "", "roll-note")
        self.refresh()

    def refresh(self) -> None:
        """Draw what has changed, and only that."""
        listing = self._look(self._query)
        wanted = {row.key: row for row in listing.rows}
        for key in self._drawn.keys() - wanted.keys():
            self._drawn.pop(key).item.delete()
        for index, row in enumerate(listing.rows):
            drawn = self._drawn.get(row.key)
            if drawn is None:
                with self._list:
                    drawn = self._drawn[row.key] = self._new(row)
            elif drawn.row != row:
                drawn.row = row
                self._fill(drawn)
            children = self._list.default_slot.children
            if children[index] is not drawn.item:
                drawn.item.move(target_index=index)
        self._empty.set_visibility(not listing.rows)
        self._more.set_text(f"Còn {listing.more:,} mục khác: xin gõ tên để tìm.".replace(",", "."))
        self._more.set_visibility(listing.more > 0)

    def mark(self, key: str) -> None:
        """Show which row is open."""
        for each in (self._chosen, key):
            if each in self._drawn:
                self._drawn[each].button.props["aria-current"] = "true" if each == key else "false"
        self._chosen = key

    def _sought(self, query: object) -> None:
        self._query = query[:60] if isinstance(query, str) else ""
        self.refresh()

    def _new(self, row: Row) -> _Drawn:
        with el("li") as item, el("button", "talk", type="button") as button:
            avatar(row.name, row.key, image=row.image)
            with el("span", "row-words"):
                with el("span", "row-top"):
                    words("strong", row.name, "row-name")
                    at = words("span", "", "row-at")
                with el("span", "row-kind"):
                    words("span", row.label)
                    heart = words("span", "· Đang quan tâm", "row-follows")
                if row.about:
                    words("span", row.about, "row-about")
                with el("span", "row-bottom"):
                    last = words("span", "", "row-last")
                    unread = words("span", "", "badge")
        button.on("click", lambda: self._choose(row.key), args=[])
        button.props["aria-current"] = "true" if row.key == self._chosen else "false"
        drawn = _Drawn(row, item, button, last, at, unread, heart)
        self._fill(drawn)
        return drawn

    def _fill(self, drawn: _Drawn) -> None:
        row = drawn.row
        drawn.last.set_text(row.last)
        drawn.last.set_visibility(bool(row.last))
        drawn.at.set_text(row.at)
        drawn.unread.set_text(str(min(row.unread, 99)))
        drawn.unread.set_visibility(row.unread > 0)
        drawn.unread.props["aria-label"] = f"{row.unread} tin chưa đọc"
        drawn.heart.set_visibility(bool(row.image) and row.follows)
