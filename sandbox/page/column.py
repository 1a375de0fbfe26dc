"""One person's column: a list of conversations and the one that is open, side by side or, where it is narrow, in turn."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from nicegui.element import Element

from sandbox.network import Change
from sandbox.page.html import avatar, el, focus, icon, press, words
from sandbox.page.list import ConversationList
from sandbox.page.listings import Listing
from sandbox.page.subscriptions import Subscriptions
from sandbox.platform import Platform

REST_SECONDS = 0.25  # Between two drawings of a list, however much happens.


class Talk(Protocol):
    """An open conversation."""

    @property
    def box(self) -> Element: ...
    def look(self) -> None: ...
    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Frame:
    """What the page gives a column and does for it."""

    platform: Platform
    subscriptions: Subscriptions
    changed: Callable[[], None]
    close: Callable[[], None]
    looking: Callable[[], bool]  # Whether the person has this column before their eyes.
    typing: Callable[[], bool]  # Whether the cursor may jump: on a phone that would raise the keyboard.


class Column:
    """`key` names it on the page and in the address. Those who inherit say what is listed and what is opened."""

    mark = ""  # Icon instead of an initial.
    role = "Người dân"
    list_title = ""
    nothing_listed = ""
    invitation = ""

    def __init__(self, frame: Frame, key: str, title: str, about: str) -> None:
        self.frame, self.key, self.title = frame, key, title
        self.chosen = ""
        self._talk: Talk | None = None
        self._due: asyncio.TimerHandle | None = None
        with el("section", "person", aria_label=f"{self.role} {title}") as self.root:
            self._header(about)
            with el("div", "panes") as self._panes:
                with el("div", "list-pane"):
                    self._list = ConversationList(self.list_title, self.rows, self.open, self.nothing_listed)
                self._space = el("div", "chat-pane")
        self._leave = self.subscribe()
        self._invite()

    def rows(self, query: str = "") -> Listing:
        """What the list shows."""
        raise NotImplementedError

    def talk(self, other: str) -> Talk | None:
        """Draw the conversation with `other` into the current element; None where there is no such."""
        raise NotImplementedError

    def subscribe(self) -> Callable[[], None]:
        """Have `hear` called for whatever changes the list."""
        raise NotImplementedError

    def more_header(self) -> None:
        """Whatever else stands in the header."""

    def open(self, other: str) -> None:
        """Show one conversation; an empty or unknown `other` shows none."""
        self._end()
        self._space.clear()
        with self._space:
            self._talk = self.talk(other) if other else None
        self.chosen = other if self._talk else ""
        self._list.mark(self.chosen)
        self._panes.classes(add="open" if self._talk else "", remove="" if self._talk else "open")
        if self._talk is None:
            self._invite()
        elif self.frame.typing():
            focus(self._talk.box)
        self.look()
        self.frame.changed()

    def back(self) -> None:
        self.open("")

    def look(self) -> None:
        """Have the open conversation notice that somebody looks at it, if somebody does."""
        if self._talk is not None and self.frame.looking():
            self._talk.look()

    def unread(self) -> int:
        return sum(row.unread for row in self.rows().rows)

    def close(self) -> None:
        """Stop listening: the column leaves the page."""
        self._end()
        self._leave()
        if self._due is not None:
            self._due.cancel()

    def on_change(self, _: Change) -> None:
        if self._due is None:
            self._due = asyncio.get_running_loop().call_later(REST_SECONDS, self._refresh)

    def _refresh(self) -> None:
        self._due = None
        self._list.refresh()
        self.frame.changed()

    def _header(self, about: str) -> None:
        with el("header", "owner"):
            avatar(self.title, self.key, "small", self.mark)
            with el("div", "owner-title"):
                words("h2", self.title)
                words("p", about)
            self.more_header()
            press("", self.frame.close, "round", image="close", label=f"Đóng cột của {self.title}")

    def _invite(self) -> None:
        with self._space, el("div", "nothing"):
            icon("forum", "nothing-mark")
            words("strong", "Chưa mở cuộc trò chuyện nào")
            words("p", self.invitation, "quiet")

    def _end(self) -> None:
        if self._talk is not None:
            self._talk.close()
            self._talk = None
