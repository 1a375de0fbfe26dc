"""Where a message is typed: Enter sends, Shift+Enter begins a new line, and Vietnamese input methods are left in peace."""

from collections.abc import Awaitable, Callable

from nicegui.events import GenericEventArguments

from sandbox.page.actions import LONGEST_TEXT
from sandbox.page.html import el, focus, icon, press, words
from sandbox.page.words import snippet
from sandbox.people import Message

# While an input method is composing a letter with its marks, Enter belongs to it (229: older browsers).
TYPED = """(e) => {
  if (e.shiftKey || e.isComposing || e.keyCode === 229) return;
  e.preventDefault();
  const text = e.target.value;
  if (text.trim()) { emit(text); e.target.value = ''; }
}"""
SENT = """() => {
  const box = document.getElementById('c%d');
  if (box.value.trim()) { emit(box.value); box.value = ''; }
  box.focus();
}"""


class Composer:
    """`write(text, quoted message id)` is awaited for each message. `tray` draws what else can be sent."""

    def __init__(
        self,
        name: str,
        write: Callable[[str, str], Awaitable[None]],
        attach_menu: Callable[[], None] | None = None,
        hint: str = "",
    ) -> None:
        self._write, self._attach_menu = write, attach_menu
        self._quoted: Message | None = None
        with el("div", "composer"):
            self._quote = el("div", "quoting")
            with el("div", "composer-row"):
                if attach_menu is not None:
                    self._plus = press(
                        "", self._toggle, "round", image="add_circle", label="Gửi nội dung khác", aria_expanded="false"
                    )
                self.box = el(
                    "textarea", "box", rows="1", maxlength=str(LONGEST_TEXT), aria_label=f"Tin nhắn gửi {name}",
                    placeholder=hint or "Nhập tin nhắn", enterkeyhint="send",
                )  # fmt: skip
                self.box.on("keydown.enter", self._typed, js_handler=TYPED)
                with el("button", "round send", type="button", aria_label="Gửi tin nhắn", title="Gửi tin nhắn") as send:
                    icon("send")
                send.on("click", self._typed, js_handler=SENT % self.box.id)
            self._drawer = el("div", "tray")
        self._drawer.set_visibility(False)
        self._filled = False

    def quote(self, message: Message | None) -> None:
        """Answer this message; None: no longer."""
        self._quoted = message
        self._quote.clear()
        if message is None:
            return
        with self._quote:
            words("span", f"Trả lời: {snippet(message)}")
            press("", lambda: self.quote(None), "round", image="close", label="Bỏ trả lời")
        focus(self.box)

    def close(self) -> None:
        """Put the tray away."""
        if self._drawer.visible:
            self._toggle()

    async def _typed(self, event: GenericEventArguments) -> None:
        quoted = self._quoted.message_id if self._quoted else ""
        self.quote(None)
        if isinstance(event.args, str):
            await self._write(event.args, quoted)

    def _toggle(self) -> None:
        """The tray is drawn when it is first wanted: it holds a file chooser for each kind."""
        if self._attach_menu is None:
            return
        if not self._filled:
            with self._drawer:
                self._attach_menu()
            self._filled = True
        shown = not self._drawer.visible
        self._drawer.set_visibility(shown)
        self._plus.props["aria-expanded"] = "true" if shown else "false"
        if shown:
            self._drawer.client.run_javascript(f"document.querySelector('#c{self._drawer.id} button')?.focus()")
