"""One kept paper: send it to its owner, or delete it for good."""

from uuid import UUID

from contracts.message import Asset, Button, Part
from services.chatbot.asks import Asking, Unavailable, ask
from services.chatbot.context import Context
from services.chatbot.flows.dates import yes_or_no
from services.chatbot.flows.kit import Again, Done, Entered, Go, NotMine, Taken, Wait, picked
from services.chatbot.flows.stepup import away, menu
from services.chatbot.papers import JPEG, PNG, DropPaper, LinkPaper
from services.chatbot.speech import parts, tap
from services.chatbot.state import Run
from services.chatbot.turn import Turn, plain

SEND, DELETE = "gui", "xoa"
_TYPED = {"gui": SEND, "gui cho toi": SEND, "xem": SEND, "tai ve": SEND, "xoa": DELETE, "xoa han": DELETE}


def what(ctx: Context, run: Run) -> Entered:
    buttons = [tap(ctx.text("button.send"), f"#chon {SEND}"), tap(ctx.text("button.delete"), f"#chon {DELETE}")]
    return Wait(parts(ctx.text("papers.what", name=run.slots["name"]), buttons))


def what_chosen(ctx: Context, run: Run, turn: Turn) -> Asking[Taken]:
    match picked(turn) or _TYPED.get(plain(turn.text)):
        case "gui":
            return (yield from _send(ctx, run))
        case "xoa":
            return Go("sure")
        case _:
            return NotMine()


def _send(ctx: Context, run: Run) -> Asking[Taken]:
    link = yield from ask(LinkPaper(UUID(run.slots["paper"]), ctx.conversation))
    if isinstance(link, Unavailable):
        return away(ctx)
    if link is None:
        return Done(parts(ctx.text("papers.gone"), _again(ctx)), "refused")
    asset = Asset(url=link.url, name=link.name, media_type=link.media_type)
    said = ctx.text("papers.sent", name=run.slots["name"])
    if link.media_type in {JPEG, PNG}:
        return Done((Part(text=said, image=asset), *parts(ctx.text("common.done"), _again(ctx))))
    return Done((Part(text=said), Part(file=asset), *parts(ctx.text("common.done"), _again(ctx))))


def sure(ctx: Context, run: Run) -> Entered:
    buttons = [tap(ctx.text("button.yes"), "#chon co"), tap(ctx.text("button.no"), "#chon khong")]
    return Wait(parts(ctx.text("papers.ask_delete", name=run.slots["name"]), buttons))


def sure_chosen(ctx: Context, run: Run, turn: Turn) -> Asking[Taken]:
    answer = yes_or_no(picked(turn) or turn.text)
    if answer is None:
        return Again(parts(ctx.text("common.yes_or_no")))
    if not answer:
        return Go("list")
    gone = yield from ask(DropPaper(UUID(run.slots["paper"]), ctx.conversation))
    if isinstance(gone, Unavailable):
        return away(ctx)
    key = "papers.deleted" if gone else "papers.gone"
    said = ctx.text(key, name=run.slots["name"]) if gone else ctx.text(key)
    return Done(parts(said, _again(ctx)))


def _again(ctx: Context) -> list[Button]:
    return [tap(ctx.text("button.kept_papers"), "#lam f_giay_to"), menu(ctx)]
