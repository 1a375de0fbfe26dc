"""The messages of one conversation in order, with days between them and older ones on request."""

from collections.abc import Callable

from nicegui.element import Element

from sandbox.network import Change
from sandbox.page.bubble import Bubble, Look
from sandbox.page.html import el, icon, press, words
from sandbox.page.subscriptions import Note, Subscriptions
from sandbox.page.words import date, visible
from sandbox.people import Contact, Message

AT_FIRST, MORE = 40, 80
MOST_DRAWN = 400  # A page left open for a day under load must not grow for ever.
JOINED_MS = 120_000  # Messages of one side closer than this belong together.


class Log:
    """Draws the end of the history, then what is added. `empty` draws what stands there before the first message."""

    def __init__(
        self, subscriptions: Subscriptions, contact: Contact, look: Look, title: str, empty: Callable[[], None]
    ) -> None:
        self._subscriptions, self._contact, self._look, self._empty = subscriptions, contact, look, empty
        self._count = AT_FIRST
        self._drawn: dict[str, Bubble] = {}
        self._items: list[Element] = []
        self._newest: Message | None = None
        self._day = ""
        self._noted_ms = 0
        with el("div", "reel", tabindex="0", aria_label=title, role="region") as self._scroll:
            self._log = el("div", "log", role="log", aria_live="polite", aria_relevant="additions")
        with el("button", "to-end", type="button", aria_label="Tới tin mới nhất") as to_end:
            icon("south")
        to_end.on("click", js_handler=f"() => {{ {self._end()} }}")
        self.fill()

    def fill(self) -> None:
        """Draw everything anew."""
        self._log.clear()
        self._drawn.clear()
        self._items.clear()
        self._newest, self._day = None, ""
        history = [message for message in self._contact.history if visible(message)]
        shown = history[-self._count :]
        notes = self._subscriptions.notes(self._contact.citizen_id, self._contact.oa_id)
        self._noted_ms = max((note.at_ms for note in notes), default=0)
        begin = shown[0].at_ms if len(shown) < len(history) else 0
        with self._log:
            if len(history) > len(shown):
                press("Xem tin cũ hơn", self._older, "older", image="expand_less")
            if not history and not notes:
                self._empty()
        entries: list[Message | Note] = [*shown, *(note for note in notes if note.at_ms >= begin)]
        for entry in sorted(entries, key=lambda entry: entry.at_ms):
            self._draw(entry)

    def apply_change(self, change: Change) -> None:
        """Show one change of this conversation."""
        message = change.message
        if change.kind == "withdrawn":
            self.fill()
        elif change.kind == "call":
            self._draw_notes()
        elif message is not None and change.kind == "message":
            if not self._drawn:
                self.fill()
            elif message.message_id not in self._drawn and visible(message):
                self._draw(message)
                if self._look.mine(message):
                    self._log.client.run_javascript(self._end())
        elif message is not None and message.message_id in self._drawn:
            self._touch(message)

    def _end(self) -> str:
        """JavaScript that shows the newest message: the box is reversed, so its beginning is the end."""
        return f"document.getElementById('c{self._scroll.id}').scrollTop = 0"

    def _touch(self, message: Message) -> None:
        if visible(message):
            self._drawn[message.message_id].touch()
        else:  # A hidden tap is known for one only after it was sent.
            self._drawn.pop(message.message_id).line.delete()
            self._newest = None

    def _draw(self, entry: Message | Note) -> None:
        with self._log:
            day = date(entry.at_ms, self._subscriptions.network.clock.now_ms())
            if day != self._day:
                self._items.append(words("div", day, "day"))
                self._day, self._newest = day, None
            if isinstance(entry, Note):
                self._items.append(words("p", entry.text, "note"))
                self._newest = None
                return
            bubble = Bubble(entry, self._look, follows_own=self._joined(entry))
        self._drawn[entry.message_id] = bubble
        self._items.append(bubble.line)
        self._newest = entry
        if len(self._drawn) > max(MOST_DRAWN, self._count):
            self.fill()

    def _joined(self, message: Message) -> bool:
        before = self._newest
        return (
            before is not None
            and before.from_oa == message.from_oa
            and before.admin_id == message.admin_id
            and message.at_ms - before.at_ms < JOINED_MS
        )

    def _draw_notes(self) -> None:
        notes = self._subscriptions.notes(self._contact.citizen_id, self._contact.oa_id)
        fresh = [note for note in notes if note.at_ms > self._noted_ms]
        if fresh and not self._drawn:
            self.fill()
            return
        for note in fresh:
            self._draw(note)
            self._noted_ms = note.at_ms

    def _older(self) -> None:
        self._count += MORE
        self.fill()
