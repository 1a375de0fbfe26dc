"""What content says of a procedure, as messages: the facet that was asked, and the others a tap away."""

from collections.abc import Callable, Hashable

from contracts.floor import OPEN
from contracts.message import Button, Part
from services.chatbot.content.flows import FLOWS
from services.chatbot.content.models.pack import Button as MenuButton
from services.chatbot.content.models.procedure import Knowledge, Procedure
from services.chatbot.context import Context
from services.chatbot.speech import Fixed, bullets, call, link, numbered, parts, tap
from services.chatbot.turn import plain

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
DOES = "viec"  # `#lam f_don_vi viec cc_doi`: an office that does this, near the citizen.
_WHERE = frozenset({"whole", "place", "steps"})  # Where the next thing is to go somewhere.
_TITLES = {"place": "button.where", "form": "button.forms"}  # The rest are called as the facet is.


def procedure_answer(ctx: Context, one: Procedure, facet: str = "whole") -> tuple[Part, ...]:
    """The facet asked, where it comes from, and the next questions a tap away. A missing fact is said to be missing."""
    facet = facet if facet in FACETS else "whole"
    sender = "" if one.where else ctx.oa.name  # Named where the procedure names no place.
    key = ("procedure", ctx.pack.id, sender, one.key, facet)
    return _kept(ctx, key, lambda: _procedure(ctx, one, facet))


def _kept(ctx: Context, key: Hashable, make: Callable[[], tuple[Part, ...]]) -> Fixed:
    told: Fixed = ctx.content.kept.of(key, lambda: Fixed(make()))
    return told


def _procedure(ctx: Context, one: Procedure, facet: str) -> tuple[Part, ...]:
    told = _whole(ctx, one) if facet == "whole" else _facet(ctx, one, facet)
    sources = "; ".join(dict.fromkeys(f"{source.title}, {source.date:%d/%m/%Y}" for source in one.sources))
    return parts(f"{told}\n\n{ctx.text('procedure.sources', sources=sources)}", _buttons(ctx, one, facet))


def _facet(ctx: Context, one: Procedure, facet: str) -> str:
    match facet:
        case "papers" if one.papers:
            papers = bullets(
                f"{paper.name}{_aside(_form_name(paper.form), paper.copies, paper.note)}" for paper in one.papers
            )
            return ctx.text("procedure.papers", name=one.name, list=papers)
        case "steps" if one.steps:
            return ctx.text("procedure.steps", name=one.name, list=numbered(one.steps))
        case "fee" if one.fee:
            return ctx.text("procedure.fee", name=one.name, fee=one.fee)
        case "time" if one.time:
            return ctx.text("procedure.time", name=one.name, time=one.time)
        case "place" if one.where:
            return ctx.text("procedure.where", name=one.name, where=one.where)
        case "legal" if one.legal:
            return ctx.text("procedure.legal", name=one.name, list=bullets(one.legal))
        case "online" if one.online:
            return ctx.text("procedure.online", name=one.name, label=one.online.label, url=one.online.url)
        case "online":
            return ctx.text("procedure.no_online", name=one.name, where=one.where or ctx.oa.name)
        case "form":
            return _forms(ctx, one)
        case _:
            what = ctx.text(_TITLES.get(facet, f"button.{facet}")).casefold()
            return ctx.text("procedure.missing", name=one.name, what=what, where=one.where or ctx.oa.name)


def _forms(ctx: Context, one: Procedure) -> str:
    forms = ctx.content.forms_of(one.key)
    if not forms:
        return ctx.text("procedure.no_forms", name=one.name)
    return f"{ctx.text('procedure.forms', name=one.name)}\n{bullets(f'{form.id}: {form.name}' for form in forms)}"


def _whole(ctx: Context, one: Procedure) -> str:
    """Everything at a glance: short headings, since the procedure's name stands above them once."""
    papers = bullets(f"{paper.name}{_aside(_form_name(paper.form), paper.copies, paper.note)}" for paper in one.papers)
    facts = {"papers": papers, "time": one.time, "fee": one.fee, "where": one.where}
    who = [one.who] if one.who else []
    told = [f"{ctx.text(f'button.{name}').upper()}\n{fact}" for name, fact in facts.items() if fact]
    missing = [ctx.text(f"button.{name}").casefold() for name, fact in facts.items() if not fact]
    where = one.where or ctx.oa.name
    lacking = [ctx.text("procedure.missing", name=one.name, what=", ".join(missing), where=where)] if missing else []
    return ctx.text("procedure.whole", name=one.name, body="\n\n".join([*who, *told, *lacking]))


def _form_name(form: str | None) -> str | None:
    return f"mẫu {form}" if form else None


def _aside(*notes: str | None) -> str:
    told = "; ".join(note for note in notes if note)
    return f" ({told})" if told else ""


def _buttons(ctx: Context, one: Procedure, facet: str) -> list[Button]:
    """At most five: what can be done now first, what may be asked next behind it."""
    buttons: list[Button] = []
    if facet in {"form", "papers"}:
        buttons = [tap(form.id, f"#mau {form.id}") for form in ctx.content.forms_of(one.key)[:2]]
    if one.online and facet != "online":
        buttons.append(link(ctx.text("button.online"), one.online.url))
    if one.appointment and "f_dat_lich" in ctx.pack.flows:
        buttons.append(tap(ctx.text("button.book"), f"#lam f_dat_lich {one.key}"))
    if facet in _WHERE and "f_don_vi" in ctx.pack.flows and ctx.content.offices_doing(one.key):
        buttons.append(tap(ctx.text("button.unit_near"), f"#lam f_don_vi {DOES} {one.key}"))
    for other in _NEXT[facet]:
        buttons.append(tap(ctx.text(_TITLES.get(other, f"button.{other}")), f"#hoi {one.key} {other}"))
    return buttons[:5]


def knowledge_answer(ctx: Context, one: Knowledge) -> tuple[Part, ...]:
    return _kept(ctx, ("knowledge", ctx.pack.id, one.key), lambda: _knowledge(ctx, one))


def _knowledge(ctx: Context, one: Knowledge) -> tuple[Part, ...]:
    body = "\n\n".join(f"{section.title}\n{section.text}" for section in one.sections)
    sources = "; ".join(dict.fromkeys(f"{source.title}, {source.date:%d/%m/%Y}" for source in one.sources))
    origin = ctx.text("procedure.sources", sources=sources)
    buttons = [tap(FLOWS["f_don_vi"], "#lam f_don_vi")] if "f_don_vi" in ctx.pack.flows else []
    buttons += [tap(ctx.text("button.officer"), "#canbo"), tap(ctx.text("button.menu"), "#menu")]
    return parts(f"{one.name}\n\n{body}\n\n{origin}", buttons)


def menu_answer(ctx: Context, name: str = "goc") -> tuple[Part, ...]:
    menu = ctx.menu(name) or ctx.menu()
    if menu is None:
        return parts(ctx.text("menu.gone"))
    buttons = menu.buttons
    key = ("menu", ctx.pack.menu, name if ctx.menu(name) else "goc")
    return _kept(ctx, key, lambda: parts(menu.text, [_menu_button(button) for button in buttons]))


def written_on_a_button(text: str, ctx: Context) -> str | None:
    """The payload of the menu's button that reads so, however it is typed: what can be tapped can be said."""
    told: dict[str, str] = ctx.content.kept.of(("titles", ctx.pack.id), lambda: _titles(ctx))
    return told.get(plain(text).strip(" .!?"))


def _titles(ctx: Context) -> dict[str, str]:
    buttons = [button for menu in ctx.content.menus_of(ctx.pack.id).values() for button in menu.buttons]
    return {plain(one.title): _menu_button(one).payload for one in buttons if one.verb not in {"url", "phone"}}


def _menu_button(button: MenuButton) -> Button:
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
    """Two errands have a word of their own: tips hears the one, and the other has no steps."""
    return {"f_tin_bao": OPEN, "f_can_bo": "#canbo"}.get(flow, f"#lam {flow}")


def choices_answer(ctx: Context, named: list[tuple[str, str]]) -> tuple[Part, ...]:
    """`(payload, title)` of each choice, best first: doubt is shown, not hidden."""
    buttons = [tap(title, payload) for payload, title in named[:3]]
    buttons.append(tap(ctx.text("button.none_of_these"), "#khongphai"))
    return parts(ctx.text("understand.which"), buttons)
