"""The buttons of a message: what pressing does, and which of them are rows of a list."""

from typing import Protocol

from nicegui.element import Element

from sandbox.page.html import el
from sandbox.page.links import safe
from sandbox.people import Message


class MessageActions(Protocol):
    """What can be done with a message by whoever looks at it."""

    def tap(self, message: Message, index: int) -> object: ...
    def react(self, message: Message, icon: str) -> object: ...
    def quote(self, message: Message) -> object: ...
    def fill_in(self) -> None: ...


def own_buttons(message: Message) -> dict[str, int]:
    """The rows of a list that can be pressed: title -> place among the message's buttons."""
    if message.kind != "list":
        return {}
    titles = {
        str(attachment["payload"].get("title"))
        for attachment in message.attachments
        if isinstance(attachment.get("payload"), dict)
    }
    by_title = {str(each.get("title")): index for index, each in enumerate(message.buttons)}
    return {title: index for title, index in by_title.items() if title in titles}


def button(message: Message, index: int, actions: MessageActions | None, css: str) -> Element:
    """A link is a link, so that the browser opens it by itself; without `hands` there is nothing to press."""
    pressed = message.buttons[index]
    payload = pressed.get("payload")
    url = safe(payload.get("url") if isinstance(payload, dict) else None)
    if actions is None:
        return el("span", f"{css} still")
    if pressed.get("type") == "oa.open.url" and url:
        return el("a", css, href=url, target="_blank", rel="noopener noreferrer")
    made = el("button", css, type="button")
    made.on("click", lambda: actions.tap(message, index), args=[])
    return made
