"""One message as a bubble: sender, text, attachments, buttons, reactions, time and ticks."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from nicegui.element import Element

from sandbox.page import attachments
from sandbox.page.buttons import MessageActions, button, own_buttons
from sandbox.page.html import el, icon, press, words
from sandbox.page.links import split_links
from sandbox.page.words import REACTIONS, attached, hour, snippet, tick
from sandbox.people import Message

BUTTON_MARKS = {"oa.open.url": "open_in_new", "oa.open.phone": "call", "oa.open.sms": "sms"}
TICK_MARKS = {
    "Đã gửi": "check", "Đã nhận": "done_all", "OA đã nhận": "done_all", "Đã xem": "done_all", "OA chưa nhận được": "error",
}  # fmt: skip


@dataclass(slots=True)
class Look:
    """From whose side: `mine` says which messages stand on the right; without `hands` nothing can be pressed."""

    mine: Callable[[Message], bool]
    undelivered: Callable[[str], bool]
    quoted: Callable[[str], Message | None]
    name: Callable[[Message], str]  # Whose message it is, for screen readers.
    heading: Callable[[Message], str]  # What stands above the first of several; may be empty.
    actions: MessageActions | None = None


class Bubble:
    def __init__(self, message: Message, look: Look, *, follows_own: bool) -> None:
        self.message, self.look = message, look
        mine = look.mine(message)
        css = f"line {'mine' if mine else 'theirs'} {'joined' if follows_own else ''}"
        with el(
            "article", css, aria_label=f"{look.name(message)}, {hour(message.at_ms)}", data_message=message.message_id
        ) as self.line:
            if not follows_own and (heading := look.heading(message)):
                words("span", heading, "who")
            with el("div", f"bubble kind-{message.kind}"):
                self._quote()
                attachments.draw(message, look.actions)
                self._text()
            self._buttons()
            self._reactions = el("div", "reactions")
            with el("div", "foot"):
                words("time", hour(message.at_ms))
                self._mark = icon("check", "tick-mark")
                self._tick = words("span", "", "tick")
                if look.actions is not None:
                    press("", self._toggle, "more", image="add_reaction", label="Bày tỏ cảm xúc hoặc trả lời")
            self._bar: Element | None = None
        self.touch()

    def touch(self) -> None:
        """Draw again what changes: ticks and reactions."""
        status = tick(self.message, undelivered=self.look.undelivered(self.message.message_id))
        self._mark.set_text(TICK_MARKS[status])
        self._tick.set_text(status)
        self.line.props["data-tick"] = status
        counted = Counter(
            REACTIONS.get(str(each.get("icon")), (str(each.get("icon")), "mood")) for each in self.message.reactions
        )
        self._reactions.clear()
        with self._reactions:
            for (name, image), count in counted.items():
                with el("span", "reaction", title=name):
                    icon(image)
                    words("span", f"{name} {count}", "only-read")
                    if count > 1:
                        words("span", str(count), aria_hidden="true")

    def _quote(self) -> None:
        if not self.message.quote:
            return
        quoted = self.look.quoted(self.message.quote)
        words("blockquote", snippet(quoted) if quoted else "Tin nhắn không còn ở đây", "quote")

    def _text(self) -> None:
        if not self.message.text:
            return
        if self.message.kind == "template":
            words("span", attached(self.message), "template-mark")
        with el("p", "text"):
            for segment in split_links(self.message.text):
                if segment.url:
                    words("a", segment.text, href=segment.url, target="_blank", rel="noopener noreferrer")
                else:
                    words("span", segment.text)

    def _buttons(self) -> None:
        """Those that are not already a row of a list."""
        rows = own_buttons(self.message).values()
        left = [index for index in range(len(self.message.buttons)) if index not in rows]
        if not left:
            return
        with el("div", "buttons", role="group", aria_label="Các nút của tin nhắn"):
            for index in left:
                title = str(self.message.buttons[index].get("title") or "…")
                with button(self.message, index, self.look.actions, "answer") as made:
                    if made.tag != "span" and (image := BUTTON_MARKS.get(str(self.message.buttons[index].get("type")))):
                        icon(image)
                    words("span", title)

    def _toggle(self) -> None:
        """Show or put away the bar of reactions under the bubble; it is drawn when first wanted."""
        if self._bar is not None:
            self._bar.set_visibility(not self._bar.visible)
            return
        with self.line, el("div", "bar", role="group", aria_label="Bày tỏ cảm xúc") as self._bar:
            for emotion, (name, image) in REACTIONS.items():
                press(
                    "", lambda emotion=emotion: self._react(emotion), f"emotion sign-{image}", image=image, label=name
                )
            press("", lambda: self._react("/-remove"), "emotion", image="close", label="Bỏ cảm xúc")
            press("Trả lời", self._quoted, "reply", image="reply")

    def _react(self, emotion: str) -> object:
        self._toggle()
        return self.look.actions.react(self.message, emotion) if self.look.actions else None

    def _quoted(self) -> object:
        self._toggle()
        return self.look.actions.quote(self.message) if self.look.actions else None
