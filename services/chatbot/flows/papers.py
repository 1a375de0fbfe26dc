"""My papers: send a picture or a file here and it is kept; list, get back, delete."""

from collections.abc import Sequence
from uuid import UUID

from contracts.message import Attachment, Button, Kind, Part
from services.chatbot.asks import Asking, Unavailable, ask
from services.chatbot.content.hours import VIETNAM
from services.chatbot.context import Context
from services.chatbot.flows import kept_paper
from services.chatbot.flows.kit import Again, Done, Entered, Flow, Go, NotMine, StepTable, Taken, Wait, at_once, picked
from services.chatbot.flows.stepup import away, menu
from services.chatbot.papers import (
    AT_MOST,
    ENDINGS,
    KEEP,
    MEGABYTES,
    NAME,
    KeepPaper,
    MyPapers,
    NamePaper,
    NotKept,
    Paper,
)
from services.chatbot.speech import numbered, parts, tap
from services.chatbot.state import Run
from services.chatbot.turn import Turn

SHOWN = 4
MORE, SKIP = "them", "bo_qua"


def _list(ctx: Context, run: Run) -> Asking[Entered]:
    mine = yield from ask(MyPapers(ctx.conversation))
    if isinstance(mine, Unavailable):
        return away(ctx)
    if not mine:
        return Wait(parts(f"{ctx.text('papers.empty')}\n{ctx.text('papers.how', days=KEEP.days)}", [menu(ctx)]))
    lines = numbered(_entry(ctx, one) for one in mine)
    text = f"{ctx.text('papers.list', list=lines)}\n\n{ctx.text('papers.which')} {ctx.text('papers.send_here')}"
    return Wait(parts(text, _choices(ctx, mine, int(run.slots.get("page", "0")))))


def _entry(ctx: Context, one: Paper) -> str:
    kind = ENDINGS[one.media_type].lstrip(".").upper()
    size = f"{max(1, round(one.size / 1024))} KB"
    return ctx.text(
        "papers.entry", name=one.name, kind=kind, size=size, day=f"{one.kept_at.astimezone(VIETNAM):%d/%m/%Y}"
    )


def _choices(ctx: Context, mine: Sequence[Paper], page: int) -> list[Button]:
    page %= max(1, -(-len(mine) // SHOWN))
    buttons = [tap(one.name, f"#chon {one.id}") for one in mine[page * SHOWN : (page + 1) * SHOWN]]
    return [*buttons, tap(ctx.text("button.more"), f"#chon {MORE}")] if len(mine) > SHOWN else buttons


def _listed(ctx: Context, run: Run, turn: Turn) -> Asking[Taken]:
    """A file to keep, or one of those that are kept: by button, by number, by name."""
    sent = _sent(turn)
    if sent is not None:
        return (yield from _keep(ctx, sent))
    chosen = picked(turn) or turn.text.strip(" .)")
    if chosen == MORE:
        return Go("list", {"page": str(int(run.slots.get("page", "0")) + 1)})
    mine = yield from ask(MyPapers(ctx.conversation))
    if isinstance(mine, Unavailable):
        return away(ctx)
    if chosen.isdigit() and len(chosen) <= 2:  # noqa: PLR2004 — a place in the list.
        if not 1 <= int(chosen) <= len(mine):
            return Again(parts(ctx.text("common.pick_number", last=len(mine))))
        return _to(mine[int(chosen) - 1])
    one = next((one for one in mine if chosen in {str(one.id), one.name}), None)
    return _to(one) if one else NotMine()


def _to(one: Paper) -> Go:
    return Go("what", {"paper": str(one.id), "name": one.name})


def _sent(turn: Turn) -> Attachment | None:
    if turn.kind not in {Kind.IMAGE, Kind.FILE}:
        return None
    return next((one for one in turn.attachments if one.url), None)


def _keep(ctx: Context, sent: Attachment) -> Asking[Taken]:
    """Fetched at once; it has a name of its own already, in case nobody gives it a better one."""
    given = " ".join((sent.name or "").rpartition(".")[0].split())[:NAME]
    name = given or f"{ctx.text('papers.unnamed')} {ctx.now.astimezone(VIETNAM):%H:%M %d/%m/%Y}"
    question = KeepPaper(ctx.id_for("paper"), ctx.conversation, ctx.oa.oa_id, ctx.now, sent.url or "", name)
    kept = yield from ask(question)
    if isinstance(kept, Unavailable):
        return Again(parts(ctx.text("papers.not_fetched")))
    match kept:
        case NotKept.TOO_BIG:
            return Again(parts(ctx.text("papers.too_big", limit=MEGABYTES)))
        case NotKept.BAD_KIND:
            return Again(parts(ctx.text("papers.bad_kind")))
        case NotKept.FULL:
            return Go("list", parts=parts(ctx.text("papers.full", limit=AT_MOST)))
        case NotKept.GONE:
            return Again(parts(ctx.text("papers.not_fetched")))
        case Paper():
            return Go("name", {"paper": str(kept.id), "name": kept.name})


def _name(ctx: Context, run: Run) -> Entered:
    said = f"{ctx.text('papers.ask_name')}\n({run.slots['name']})"
    return Wait(parts(said, [tap(ctx.text("button.skip"), f"#chon {SKIP}")]))


def _named(ctx: Context, run: Run, turn: Turn) -> Asking[Taken]:
    """Another file instead of a name: the first keeps the name it has, and the next one is asked about."""
    sent = _sent(turn)
    if sent is None and not turn.text.strip():
        return Again(parts(ctx.text("papers.ask_name")))
    given = "" if sent or picked(turn) == SKIP else " ".join(turn.text.split())[:NAME]
    name = run.slots["name"] if not given or given.startswith("#") else given
    named = yield from ask(NamePaper(UUID(run.slots["paper"]), ctx.conversation, name))
    if isinstance(named, Unavailable):
        return away(ctx)
    if not named:
        return Done(parts(ctx.text("papers.gone"), _again(ctx)), "refused")
    said = parts(ctx.text("papers.kept", name=name))
    if sent is None:
        return Done(parts(said[-1].text, _again(ctx)))
    taken = yield from _keep(ctx, sent)
    return _after(said, taken)


def _after(said: tuple[Part, ...], taken: Taken) -> Taken:
    match taken:
        case Go(step, slots, told, changes):
            return Go(step, slots, (*said, *told), changes)
        case Again(told):
            return Go("list", parts=(*said, *told))
        case _:
            return taken


def _again(ctx: Context) -> list[Button]:
    return [tap(ctx.text("button.kept_papers"), "#lam f_giay_to"), menu(ctx)]


PAPERS = Flow(
    "f_giay_to",
    {
        "list": StepTable(_list, _listed),
        "name": StepTable(at_once(_name), _named),
        "what": StepTable(at_once(kept_paper.what), kept_paper.what_chosen),
        "sure": StepTable(at_once(kept_paper.sure), kept_paper.sure_chosen),
    },
    "list",
)
