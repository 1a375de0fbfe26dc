"""Elements of the page: plain HTML tags with our own classes, so that browsers and screen readers know what they are."""

from collections.abc import Awaitable, Callable
from typing import Any

from nicegui import ui
from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement

from sandbox.page.words import initial

ClickHandler = Callable[[], Any] | Callable[[], Awaitable[Any]]
TINTS = 6  # Colours of avatars, in the style sheet.


def el(tag: str, css: str = "", /, **attributes: str | bool) -> Element:
    """An element without text. `aria_label` becomes aria-label, `for_` becomes for; False leaves the attribute out."""
    made = ui.element(tag)
    return _dressed(made, css, attributes)


def words(tag: str, text: str, css: str = "", **attributes: str | bool) -> TextElement:
    """An element with text, which is never taken for markup."""
    made = TextElement(tag=tag, text=text)
    _dressed(made, css, attributes)
    return made


def icon(name: str, css: str = "") -> TextElement:
    """One of Material's bundled icons; screen readers skip it."""
    return words("span", name, f"material-icons {css}", aria_hidden="true", translate="no")


def press(
    text: str, on_click: ClickHandler, css: str = "", *, image: str = "", label: str = "", **attributes: str | bool
) -> Element:
    """A real button. Without `text` it needs a `label`, which is what it is called and what its tooltip shows."""
    named: dict[str, str | bool] = {"aria_label": label, "title": label} if label else {}
    with el("button", css, type="button", **named, **attributes) as made:
        if image:
            icon(image)
        if text:
            words("span", text)
    made.on("click", lambda: on_click(), args=[])  # noqa: PLW0108  NiceGUI would hand its event to a default argument.
    return made


def avatar(name: str, key: str, css: str = "", image: str = "") -> Element:
    """A round mark: an icon, or the first letter of the given name. The same key has the same colour."""
    tint = sum(key.encode()) % TINTS
    with el("span", f"avatar tint{tint} {css}", aria_hidden="true") as made:
        if image:
            icon(image)
        else:
            words("span", initial(name))
    return made


def focus(element: Element) -> None:
    element.client.run_javascript(f"document.getElementById('c{element.id}')?.focus()")


def _dressed(made: Element, css: str, attributes: dict[str, str | bool]) -> Element:
    if css:
        made.classes(css)
    for name, value in attributes.items():
        if value is not False:
            # An input's value as the attribute, from which it starts: as a property, each drawing would undo what was typed.
            attribute = "^value" if name == "value" and made.tag == "input" else name.rstrip("_").replace("_", "-")
            made.props[attribute] = value
    return made
