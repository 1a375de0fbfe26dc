"""My papers: send a picture or a file here and it is kept; list, get back, delete."""

from collections.abc import Sequence
from uuid import UUID

from chassis.clock import VIETNAM
from contracts.message import Attachment, Button, Kind, MessagePart
from contracts.text import read_number
from services.chatbot.dialogue.context import Context
from services.chatbot.dialogue.effects import EffectProcess, Unavailable, perform
from services.chatbot.dialogue.messages import compose, numbered, tap
from services.chatbot.dialogue.state import FlowState
from services.chatbot.dialogue.steps import (
    Ask,
    Finish,
    Flow,
    GoTo,
    HandleResult,
    NotHandled,
    PromptResult,
    Retry,
    Step,
    page_of,
    picked,
    pure,
    unavailable,
)
from services.chatbot.dialogue.turn import Turn
from services.chatbot.features.papers.effects import (
    FILE_ENDINGS,
    KEEP_NAMED,
    MAX_MEGABYTES,
    MAX_NAME_CHARACTERS,
    MAX_PAPERS,
    MAX_PAPERS_A_DAY,
    KeepPaper,
    MyPapers,
    NamePaper,
    Paper,
    RejectReason,
)
from services.chatbot.features.papers.flow import manage

MAX_SHOWN = 4
_PLACE_DIGITS = 2  # Of a place in the list; a longer number is a name.
MORE_CHOICE, SKIP_CHOICE = "them", "bo_qua"


def _prompt_list(ctx: Context, flow_state: FlowState) -> EffectProcess[PromptResult]:
    papers = yield from perform(MyPapers(ctx.conversation))
    if isinstance(papers, Unavailable):
        return unavailable(ctx)
    if not papers:
        return Ask(
            compose(f"{ctx.text('papers.empty')}\n{ctx.text('papers.how', days=KEEP_NAMED.days)}", [ctx.menu_button])
        )
    lines = numbered(_entry(ctx, paper) for paper in papers)
    text = f"{ctx.text('papers.list', list=lines)}\n\n{ctx.text('papers.which')} {ctx.text('papers.send_here')}"
    return Ask(compose(text, _choices(ctx, papers, page_of(flow_state))))


def _entry(ctx: Context, paper: Paper) -> str:
    kind = FILE_ENDINGS[paper.media_type].lstrip(".").upper()
    size = f"{max(1, round(paper.size / 1024))} KB"
    return ctx.text(
        "papers.entry", name=paper.name, kind=kind, size=size, day=f"{paper.kept_at.astimezone(VIETNAM):%d/%m/%Y}"
    )


def _choices(ctx: Context, papers: Sequence[Paper], page: int) -> list[Button]:
    page %= max(1, -(-len(papers) // MAX_SHOWN))
    buttons = [tap(paper.name, f"#chon {paper.id}") for paper in papers[page * MAX_SHOWN : (page + 1) * MAX_SHOWN]]
    return [*buttons, tap(ctx.text("button.more"), f"#chon {MORE_CHOICE}")] if len(papers) > MAX_SHOWN else buttons


def _handle_list(ctx: Context, flow_state: FlowState, turn: Turn) -> EffectProcess[HandleResult]:
    """A file to keep, or one of those that are kept: by button, by number, by name."""
    attachment = _sent(turn)
    if attachment is not None:
        return (yield from _store_paper(ctx, attachment))
    chosen = picked(turn) or turn.text.strip(" .)")
    if chosen == MORE_CHOICE:
        return GoTo("list", {"page": str(page_of(flow_state) + 1)})
    papers = yield from perform(MyPapers(ctx.conversation))
    if isinstance(papers, Unavailable):
        return unavailable(ctx)
    place = read_number(chosen, _PLACE_DIGITS)
    if place is not None:
        is_listed = 1 <= place <= len(papers)
        return _to(papers[place - 1]) if is_listed else Retry(ctx.say("common.pick_number", last=len(papers)))
    paper = next((paper for paper in papers if chosen in {str(paper.id), paper.name}), None)
    return _to(paper) if paper else NotHandled()


def _to(paper: Paper) -> GoTo:
    return GoTo("what", {"paper": str(paper.id), "name": paper.name})


def _sent(turn: Turn) -> Attachment | None:
    if turn.kind not in {Kind.IMAGE, Kind.FILE}:
        return None
    return next((attachment for attachment in turn.attachments if attachment.url), None)


def _store_paper(ctx: Context, attachment: Attachment) -> EffectProcess[GoTo | Retry]:
    """Fetched at once; it has a name of its own already, in case nobody gives it a better one."""
    file_name = " ".join((attachment.name or "").rpartition(".")[0].split())[:MAX_NAME_CHARACTERS]
    name = file_name or f"{ctx.text('papers.unnamed')} {ctx.now.astimezone(VIETNAM):%H:%M %d/%m/%Y}"
    effect = KeepPaper(ctx.id_for("paper"), ctx.conversation, ctx.oa.oa_id, ctx.now, attachment.url or "", name)
    stored = yield from perform(effect)
    if isinstance(stored, Unavailable):
        return Retry(ctx.say("papers.not_fetched"))
    match stored:
        case RejectReason.TOO_BIG:
            return Retry(ctx.say("papers.too_big", limit=MAX_MEGABYTES))
        case RejectReason.BAD_KIND:
            return Retry(ctx.say("papers.bad_kind"))
        case RejectReason.BAD_PICTURE:
            return Retry(ctx.say("papers.bad_picture"))
        case RejectReason.FULL:
            return GoTo("list", parts=ctx.say("papers.full", limit=MAX_PAPERS))
        case RejectReason.TODAY:
            return Retry(ctx.say("papers.enough_today", limit=MAX_PAPERS_A_DAY))
        case RejectReason.NO_ROOM:
            return Retry(ctx.say("papers.no_room"))
        case RejectReason.GONE:
            return Retry(ctx.say("papers.not_fetched"))
        case Paper():  # exhaustive
            return GoTo("name", {"paper": str(stored.id), "name": stored.name})


def _prompt_name(ctx: Context, flow_state: FlowState) -> PromptResult:
    text = f"{ctx.text('papers.ask_name')}\n({flow_state.slots['name']})"
    return Ask(compose(text, [tap(ctx.text("button.skip"), f"#chon {SKIP_CHOICE}")]))


def _handle_name(ctx: Context, flow_state: FlowState, turn: Turn) -> EffectProcess[HandleResult]:
    """Another file instead of a name: the first keeps the name it has, and the next one is asked about."""
    attachment = _sent(turn)
    if attachment is None and not turn.text.strip():
        return Retry(ctx.say("papers.ask_name"))
    typed_name = "" if attachment or picked(turn) == SKIP_CHOICE else " ".join(turn.text.split())[:MAX_NAME_CHARACTERS]
    name = flow_state.slots["name"] if not typed_name or typed_name.startswith("#") else typed_name
    is_named = yield from perform(NamePaper(UUID(flow_state.slots["paper"]), ctx.conversation, name))
    if isinstance(is_named, Unavailable):
        return unavailable(ctx)
    if not is_named:
        return Finish(ctx.say("papers.gone", *_next_buttons(ctx)), "refused")
    message = ctx.say("papers.kept", name=name)
    if attachment is None:
        return Finish(compose(message[-1].text, _next_buttons(ctx)))
    result = yield from _store_paper(ctx, attachment)
    return _with_preface(message, result)


def _with_preface(preface: tuple[MessagePart, ...], result: GoTo | Retry) -> GoTo:
    match result:
        case GoTo(step, slots, message, changes):
            return GoTo(step, slots, (*preface, *message), changes)
        case Retry(message):  # exhaustive
            return GoTo("list", parts=(*preface, *message))


def _next_buttons(ctx: Context) -> list[Button]:
    return [tap(ctx.text("button.kept_papers"), "#lam f_giay_to"), ctx.menu_button]


PAPERS = Flow(
    "f_giay_to",
    {
        "list": Step(_prompt_list, _handle_list),
        "name": Step(pure(_prompt_name), _handle_name),
        "what": Step(pure(manage.prompt_action), manage.handle_action),
        "sure": Step(pure(manage.prompt_delete), manage.handle_delete),
    },
    "list",
)
