"""Answers about a procedure: the facet that was asked, and the others as buttons."""

from collections.abc import Callable, Hashable

from contracts.floor import OPEN
from contracts.message import Button, MessagePart
from contracts.text import fold
from services.chatbot.content.flow_titles import FLOW_TITLES
from services.chatbot.content.models.pack import Button as MenuButton
from services.chatbot.content.models.procedure import Knowledge, Procedure
from services.chatbot.dialogue.context import Context
from services.chatbot.dialogue.messages import StaticMessage, bullets, call, compose, link, numbered, tap
from services.chatbot.dialogue.turn import OFFICE_FOR

FACETS = ("papers", "steps", "fee", "time", "place", "form", "online", "legal", "whole")
_NEXT = {  # What people ask next, by what they asked now.
    "whole": ("steps", "form"),
    "papers": ("fee", "place"),
    "steps": ("papers", "place"),
    "fee": ("papers", "time"),
    "time": ("papers", "place"),
    "place": ("papers", "time"),
    "form": ("papers", "place"),
    "online": ("papers", "fee"),
    "legal": ("papers", "steps"),
}
_PLACE_FACETS = frozenset({"whole", "place", "steps"})  # Where the next thing is to go somewhere.
_TITLES = {"place": "button.where", "form": "button.forms"}  # The rest are called as the facet is.


def procedure_answer(ctx: Context, procedure: Procedure, facet: str = "whole") -> tuple[MessagePart, ...]:
    """Returns the facet asked, its source, and the next questions as buttons. Missing information is stated as missing."""
    facet = facet if facet in FACETS else "whole"
    sender = "" if procedure.where else ctx.oa.name  # Named where the procedure names no place.
    key = ("procedure", ctx.pack.id, sender, procedure.key, facet)
    return _cached(ctx, key, lambda: _procedure(ctx, procedure, facet))


def _cached(ctx: Context, key: Hashable, make: Callable[[], tuple[MessagePart, ...]]) -> StaticMessage:
    message: StaticMessage = ctx.content.cache.get_or_make(key, lambda: StaticMessage(make()))
    return message


def _procedure(ctx: Context, procedure: Procedure, facet: str) -> tuple[MessagePart, ...]:
    text = _whole(ctx, procedure) if facet == "whole" else _facet(ctx, procedure, facet)
    sources = "; ".join(dict.fromkeys(f"{source.title}, {source.date:%d/%m/%Y}" for source in procedure.sources))
    return compose(f"{text}\n\n{ctx.text('procedure.sources', sources=sources)}", _buttons(ctx, procedure, facet))


def _facet(ctx: Context, procedure: Procedure, facet: str) -> str:
    match facet:
        case "papers" if procedure.papers:
            papers = bullets(
                f"{paper.name}{_in_brackets(_form_name(paper.form), paper.copies, paper.note)}"
                for paper in procedure.papers
            )
            return ctx.text("procedure.papers", name=procedure.name, list=papers)
        case "steps" if procedure.steps:
            return ctx.text("procedure.steps", name=procedure.name, list=numbered(procedure.steps))
        case "fee" if procedure.fee:
            return ctx.text("procedure.fee", name=procedure.name, fee=procedure.fee)
        case "time" if procedure.time:
            return ctx.text("procedure.time", name=procedure.name, time=procedure.time)
        case "place" if procedure.where:
            return ctx.text("procedure.where", name=procedure.name, where=procedure.where)
        case "legal" if procedure.legal:
            return ctx.text("procedure.legal", name=procedure.name, list=bullets(procedure.legal))
        case "online" if procedure.online:
            return ctx.text(
                "procedure.online", name=procedure.name, label=procedure.online.label, url=procedure.online.url
            )
        case "online":
            return ctx.text("procedure.no_online", name=procedure.name, where=procedure.where or ctx.oa.name)
        case "form":
            return _forms(ctx, procedure)
        case _:
            missing = ctx.text(_TITLES.get(facet, f"button.{facet}")).casefold()
            return ctx.text(
                "procedure.missing", name=procedure.name, what=missing, where=procedure.where or ctx.oa.name
            )


def _forms(ctx: Context, procedure: Procedure) -> str:
    forms = ctx.content.forms_of(procedure.key)
    if not forms:
        return ctx.text("procedure.no_forms", name=procedure.name)
    return f"{ctx.text('procedure.forms', name=procedure.name)}\n{bullets(f'{form.id}: {form.name}' for form in forms)}"


def _whole(ctx: Context, procedure: Procedure) -> str:
    """Everything at a glance: short headings, since the procedure's name stands above them once."""
    papers = bullets(
        f"{paper.name}{_in_brackets(_form_name(paper.form), paper.copies, paper.note)}" for paper in procedure.papers
    )
    fields = {"papers": papers, "time": procedure.time, "fee": procedure.fee, "where": procedure.where}
    who = [procedure.who] if procedure.who else []
    sections = [f"{ctx.text(f'button.{name}').upper()}\n{value}" for name, value in fields.items() if value]
    missing = [ctx.text(f"button.{name}").casefold() for name, value in fields.items() if not value]
    where = procedure.where or ctx.oa.name
    lacking = (
        [ctx.text("procedure.missing", name=procedure.name, what=", ".join(missing), where=where)] if missing else []
    )
    return ctx.text("procedure.whole", name=procedure.name, body="\n\n".join([*who, *sections, *lacking]))


def _form_name(form: str | None) -> str | None:
    return f"mẫu {form}" if form else None


def _in_brackets(*notes: str | None) -> str:
    text = "; ".join(note for note in notes if note)
    return f" ({text})" if text else ""


def _buttons(ctx: Context, procedure: Procedure, facet: str) -> list[Button]:
    """At most five: what can be done now first, what may be asked next behind it."""
    buttons: list[Button] = []
    if facet in {"form", "papers"}:
        buttons = [tap(form.id, f"#mau {form.id}") for form in ctx.content.forms_of(procedure.key)[:2]]
    if procedure.online and facet != "online":
        buttons.append(link(ctx.text("button.online"), procedure.online.url))
    if procedure.appointment and "f_dat_lich" in ctx.pack.flows:
        buttons.append(tap(ctx.text("button.book"), f"#lam f_dat_lich {procedure.key}"))
    if facet in _PLACE_FACETS and "f_don_vi" in ctx.pack.flows and ctx.content.offices_doing(procedure.key):
        buttons.append(tap(ctx.text("button.unit_near"), f"#lam f_don_vi {OFFICE_FOR} {procedure.key}"))
    for other in _NEXT[facet]:
        buttons.append(tap(ctx.text(_TITLES.get(other, f"button.{other}")), f"#hoi {procedure.key} {other}"))
    return buttons[:5]


def knowledge_answer(ctx: Context, knowledge: Knowledge) -> tuple[MessagePart, ...]:
    return _cached(ctx, ("knowledge", ctx.pack.id, knowledge.key), lambda: _knowledge(ctx, knowledge))


def _knowledge(ctx: Context, knowledge: Knowledge) -> tuple[MessagePart, ...]:
    body = "\n\n".join(f"{section.title}\n{section.text}" for section in knowledge.sections)
    sources = "; ".join(dict.fromkeys(f"{source.title}, {source.date:%d/%m/%Y}" for source in knowledge.sources))
    sources_line = ctx.text("procedure.sources", sources=sources)
    buttons = [tap(FLOW_TITLES["f_don_vi"], "#lam f_don_vi")] if "f_don_vi" in ctx.pack.flows else []
    buttons += [tap(ctx.text("button.officer"), "#canbo"), ctx.menu_button]
    return compose(f"{knowledge.name}\n\n{body}\n\n{sources_line}", buttons)


def menu_answer(ctx: Context, name: str = "goc") -> tuple[MessagePart, ...]:
    menu = ctx.menu(name) or ctx.menu()
    if menu is None:
        return ctx.say("menu.gone")
    buttons = menu.buttons
    key = ("menu", ctx.pack.menu, name if ctx.menu(name) else "goc")
    return _cached(ctx, key, lambda: compose(menu.text, [menu_button(button) for button in buttons]))


def menu_button_payload(text: str, ctx: Context) -> str | None:
    """The payload of the menu's button that reads so, however it is typed: what can be tapped can be said."""
    payloads: dict[str, str] = ctx.content.cache.get_or_make(("titles", ctx.pack.id), lambda: _titles(ctx))
    return payloads.get(fold(text).strip(" .!?"))


def _titles(ctx: Context) -> dict[str, str]:
    buttons = [button for menu in ctx.content.menus_of(ctx.pack.id).values() for button in menu.buttons]
    return {
        fold(button.title): menu_button(button).payload for button in buttons if button.verb not in {"url", "phone"}
    }


def menu_button(button: MenuButton) -> Button:
    """A menu's target as the payload that comes back, or as what the phone does by itself."""
    match button.verb:
        case "url":
            return link(button.title, button.target)
        case "phone":
            return call(button.title, button.target)
        case "procedure":
            return tap(button.title, f"#hoi {button.target}")
        case "knowledge":
            return tap(button.title, f"#biet {button.target}")
        case "topic":
            return tap(button.title, f"#lam f_tin_tuc {button.target}")
        case "flow":
            return tap(button.title, flow_payload(button.target))
        case _:
            return tap(button.title, f"#menu {button.target}")


def flow_payload(flow: str) -> str:
    """Two flows have a command of their own: one is handled by tips, the other has no steps."""
    return {"f_tin_bao": OPEN, "f_can_bo": "#canbo"}.get(flow, f"#lam {flow}")


def choices_answer(ctx: Context, choices: list[tuple[str, str]]) -> tuple[MessagePart, ...]:
    """`(payload, title)` of each choice, best first: doubt is shown, not hidden."""
    buttons = [tap(title, payload) for payload, title in choices[:3]]
    buttons.append(tap(ctx.text("button.none_of_these"), "#khongphai"))
    return ctx.say("understand.which", *buttons)
