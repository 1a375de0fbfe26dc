"""A dialog with a few fields: native inputs with labels, checked by the browser and again by whoever is handed them."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from nicegui import ui
from nicegui.element import Element
from nicegui.events import GenericEventArguments

from sandbox.page.html import el, press, words

MOST_FIELDS, LONGEST = 20, 2_000
COLLECT = "(e) => emit(Object.fromEntries(new FormData(e.target)))"


@dataclass(frozen=True, slots=True)
class Field:
    """One input. `choices` (value -> words) make it a list to choose from."""

    name: str
    label: str
    type: str = "text"
    required: bool = True
    longest: int = 100
    value: str = ""
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    step: str = ""
    least: str = ""
    most: str = ""


@contextmanager
def sheet(title: str, about: str = "") -> Iterator[ui.dialog]:
    """An open dialog with a heading; it is gone for good when it is closed."""
    client = ui.context.client
    with client, el("div") as holder, ui.dialog(value=True) as dialog, el("div", "sheet") as panel:
        with el("div", "sheet-head"):
            heading = words("h2", title)
            press("", dialog.close, "round", image="close", label="Đóng")
        if about:
            words("p", about, "sheet-about")
        yield dialog
    panel.props["aria-labelledby"] = f"c{heading.id}"

    def gone() -> None:
        dialog.delete()
        holder.delete()  # NiceGUI leaves a mark where a dialog was made.

    dialog.on("hide", gone, args=[])


def form(
    title: str,
    fields: tuple[Field, ...],
    on_submit: Callable[[Mapping[str, str]], Any],
    *,
    about: str = "",
    send: str = "Gửi",
) -> None:
    """Ask, close, hand over. `done` is given text by field name, every field bounded."""
    with sheet(title, about) as dialog, el("form", "fields") as made:
        for index, field in enumerate(fields):
            _field(field, first=index == 0)
        with el("div", "sheet-foot"):
            press("Huỷ", dialog.close, "plain")
            words("button", send, "main", type="submit")

    async def submitted(event: GenericEventArguments) -> None:
        dialog.close()
        answer = on_submit(bounded(event.args, fields))
        if hasattr(answer, "__await__"):
            await answer

    made.on("submit.prevent", submitted, js_handler=COLLECT)


def bounded(sent: object, fields: tuple[Field, ...]) -> dict[str, str]:
    """What a browser sent, whoever wrote that browser: known names, text, no longer than allowed."""
    values = sent if isinstance(sent, dict) else {}
    return {field.name: str(values.get(field.name) or "").strip()[: field.longest] for field in fields[:MOST_FIELDS]}


def confirm(title: str, about: str, yes: str, on_confirm: Callable[[], Any]) -> None:
    """Ask before something that cannot be undone."""
    with sheet(title, about) as dialog, el("div", "sheet-foot"):
        press("Huỷ", dialog.close, "plain")

        async def agreed() -> None:
            dialog.close()
            answer = on_confirm()
            if hasattr(answer, "__await__"):
                await answer

        press(yes, agreed, "main danger")


def _field(field: Field, *, first: bool) -> Element:
    with el("label", "field") as label:
        words("span", field.label if field.required else f"{field.label} (không bắt buộc)", "field-name")
        common: dict[str, str | bool] = {"name": field.name, "required": field.required, "autofocus": first}
        if field.choices:
            with el("select", **common):
                for value, label_text in field.choices:
                    words("option", label_text, value=value, selected=value == field.value)
        else:
            bounds: dict[str, str | bool] = {
                name: value
                for name, value in (("step", field.step), ("min", field.least), ("max", field.most))
                if value
            }
            el(
                "input",
                type=field.type,
                value=field.value,
                placeholder=field.hint,
                maxlength=str(min(field.longest, LONGEST)),
                autocomplete="off",
                **common,
                **bounds,
            )
    return label
