"""One dossier: where it stands, what happened to it, and a notice when it changes."""

from contracts.message import Button
from services.chatbot.asks import Asking, Unavailable, ask
from services.chatbot.content.hours import VIETNAM
from services.chatbot.context import Context
from services.chatbot.dossiers import (
    AWAITED,
    OPEN,
    STAGES,
    Dossier,
    DossierHistory,
    Entry,
    Watch,
    Watches,
)
from services.chatbot.flows.kit import Done, Entered, Flow, Go, StepTable
from services.chatbot.flows.stepup import CHOICE, away, menu, owned, proof, start
from services.chatbot.lookup import Found, origin
from services.chatbot.speech import bullets, parts, tap
from services.chatbot.state import Run

HISTORY, WATCH, UNWATCH = "lich_su", "theo_doi", "thoi"
_DEEDS = {HISTORY: "history", WATCH: "watch", UNWATCH: "watch"}
_FOLLOWING = (
    ("f_buu_chinh", "button.post", AWAITED),
    ("f_uy_quyen", "button.authorise", AWAITED),
    ("f_rut_ho_so", "button.withdraw", OPEN),
)


def show(ctx: Context, run: Run) -> Asking[Entered]:
    """Ends the errand: what can be done next are errands of their own."""
    if (deed := run.slots.get("deed", "")) in _DEEDS:
        return Go(_DEEDS[deed], {"deed": deed})
    found = yield from owned(ctx, run)
    if not isinstance(found, Found):
        return found
    watches = yield from ask(Watches(ctx.conversation, found.value.code))
    told = f"{status(ctx, found.value)}\n\n{origin(ctx, found.source, found.as_of, stale=found.stale)}"
    return Done(parts(told, _next(ctx, found.value, watches=watches is True)))


def status(ctx: Context, one: Dossier) -> str:
    none = ctx.text("dossier.no_date")
    lines = [
        ctx.text(
            "dossier.status",
            code=one.code,
            name=one.procedure,
            status=STAGES[one.stage],
            submitted=f"{one.submitted:%d/%m/%Y}" if one.submitted else none,
            due=f"{one.due:%d/%m/%Y}" if one.due else none,
        )
    ]
    today = ctx.now.astimezone(VIETNAM).date()
    if one.stage in OPEN and one.due is not None and one.due < today:
        lines.append(ctx.text("dossier.overdue", days=(today - one.due).days))
    if one.stage == "needs_more" and one.missing:
        lines.append(ctx.text("dossier.need_more", what=one.missing))
    if one.stage == "ready":
        lines.append(ctx.text("dossier.ready", where=one.where or ctx.oa.name))
    return "\n".join(lines)


def _next(ctx: Context, one: Dossier, *, watches: bool) -> list[Button]:
    deed, title = (UNWATCH, "button.unsubscribe") if watches else (WATCH, "button.subscribe")
    buttons = [
        tap(ctx.text("button.history"), f"#lam f_ho_so {one.code} {HISTORY}"),
        tap(ctx.text(title), f"#lam f_ho_so {one.code} {deed}"),
    ]
    buttons += [
        tap(ctx.text(title), f"#lam {flow} {one.code}")
        for flow, title, stages in _FOLLOWING
        if flow in ctx.pack.flows and one.stage in stages
    ]
    return buttons


def history(ctx: Context, run: Run) -> Asking[Entered]:
    found = yield from owned(ctx, run)
    if not isinstance(found, Found):
        return found
    one = found.value
    entries = yield from ask(DossierHistory(one.code))
    if isinstance(entries, Unavailable):
        return away(ctx)
    lines = [ctx.text("history.submitted", when=f"{one.submitted:%d/%m/%Y}")] if one.submitted else []
    lines += [_line(ctx, entry) for entry in entries]
    back = [tap(ctx.text("button.whole"), f"#lam f_ho_so {one.code}"), menu(ctx)]
    if not lines:
        return Done(parts(ctx.text("dossier.history_empty", code=one.code), back))
    return Done(parts(ctx.text("dossier.history", code=one.code, list=bullets(lines)), back))


def _line(ctx: Context, entry: Entry) -> str:
    when = f"{entry.at.astimezone(VIETNAM):%H:%M %d/%m/%Y}"
    match entry.kind:
        case "status":
            note = f" ({entry.get('note')})" if entry.get("note") else ""
            return ctx.text("history.status", when=when, status=STAGES.get(entry.get("stage"), ""), note=note)
        case "post" | "withdraw":
            return ctx.text(f"history.{entry.kind}", when=when)
        case _:
            return ctx.text(f"history.{entry.kind}", when=when, name=entry.get("name"))


def _watch(ctx: Context, run: Run) -> Asking[Entered]:
    found = yield from owned(ctx, run)
    if not isinstance(found, Found):
        return found
    code, wanted = found.value.code, run.slots.get("deed") != UNWATCH
    changed = yield from ask(Watch(ctx.conversation, ctx.oa.oa_id, code, ctx.before.address, wanted))
    if isinstance(changed, Unavailable):
        return away(ctx)
    key = "dossier.unsubscribed" if not wanted else "dossier.subscribed" if changed else "dossier.already_subscribed"
    return Done(parts(ctx.text(key, code=code), [tap(ctx.text("button.whole"), f"#lam f_ho_so {code}"), menu(ctx)]))


def _start(words: tuple[str, ...]) -> tuple[str, dict[str, str]]:
    """From `code deed`."""
    step, slots = start(words)
    deed = words[1] if len(words) > 1 and words[1] in _DEEDS else ""
    return step, {**slots, "deed": deed} if deed else slots


SHOW = {"show": StepTable(show, CHOICE["which"].take), "history": StepTable(history, CHOICE["which"].take)}

DOSSIER = Flow(
    "f_ho_so",
    {**CHOICE, **proof("show"), **SHOW, "watch": StepTable(_watch, CHOICE["which"].take)},
    "begin",
    _start,
)
