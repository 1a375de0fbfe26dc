"""The step-up before anything personal: dossier code and birthday, once in half an hour; and what comes right after it.

A proof is kept in the conversation (`known`) with its end; what an errand carries along has the same end, so an errand that was
left for a day asks again.
"""

from collections.abc import Sequence
from datetime import datetime

from contracts.message import Button
from services.chatbot.asks import Asking, Unavailable, ask
from services.chatbot.content.hours import VIETNAM
from services.chatbot.context import Context
from services.chatbot.dossiers import (
    EXAMPLE,
    HOLDS,
    STAGES,
    Dossier,
    FindDossier,
    MyDossiers,
    ProveDossier,
    read_birthday,
    read_code,
)
from services.chatbot.fines import Locked
from services.chatbot.flows.kit import Again, Done, Entered, Go, NotMine, StepTable, Taken, Wait, at_once, picked
from services.chatbot.lookup import Found, origin
from services.chatbot.speech import numbered, parts, tap
from services.chatbot.state import Run
from services.chatbot.turn import Turn

SHOWN = 4
LISTED = 20
MORE = "them"


def proven(ctx: Context, run: Run) -> str | None:
    """The applicant who has proven themselves in this conversation within the last half hour."""
    for known in (run.slots, ctx.before.known):
        until = known.get("until")
        if until and ctx.now < datetime.fromisoformat(until):
            return known.get("applicant")
    return None


def owned(ctx: Context, run: Run) -> Asking[Found[Dossier] | Entered]:
    """The dossier under way, if it is the proven person's; otherwise where to go from here. Asked at every step that acts."""
    applicant = proven(ctx, run)
    if applicant is None:
        return Go("birthday" if run.slots.get("code") else "code")
    found = yield from ask(FindDossier(run.slots["code"], applicant))
    if isinstance(found, Unavailable):
        return away(ctx)
    return Go("birthday") if found is None else found


def away(ctx: Context) -> Done:
    return Done(parts(ctx.text("common.unavailable"), [menu(ctx)]), "refused")


def menu(ctx: Context) -> Button:
    return tap(ctx.text("button.menu"), "#menu")


def proof(then: str) -> dict[str, StepTable]:
    """The steps of the step-up; `then` is entered once it is passed."""

    def look(ctx: Context, run: Run) -> Asking[Entered]:
        found = yield from owned(ctx, run)
        return Go(then) if isinstance(found, Found) else found

    def birthday_said(ctx: Context, run: Run, turn: Turn) -> Asking[Taken]:
        return (yield from _birthday_said(ctx, run, turn, then))

    return {
        "code": StepTable(at_once(_code), at_once(_code_said)),
        "look": StepTable(look, at_once(_code_said)),
        "birthday": StepTable(at_once(_birthday), birthday_said),
    }


def _code(ctx: Context, run: Run) -> Entered:  # noqa: ARG001 — a step's shape.
    return Wait(parts(ctx.text("dossier.ask_code", example=EXAMPLE)))


def _code_said(ctx: Context, run: Run, turn: Turn) -> Taken:  # noqa: ARG001 — a step's shape.
    code = read_code(turn.text)
    if code is not None:
        return Go("look", {"code": code})
    digits = any(letter.isdigit() for letter in turn.text)
    return Again(parts(ctx.text("dossier.bad_code", example=EXAMPLE))) if digits else NotMine()


def _birthday(ctx: Context, run: Run) -> Entered:  # noqa: ARG001 — a step's shape.
    return Wait(parts(f"{ctx.text('stepup.why')}\n{ctx.text('stepup.ask_birthday')}"))


def _birthday_said(ctx: Context, run: Run, turn: Turn, then: str) -> Asking[Taken]:
    other = read_code(turn.text)
    if other is not None:
        return Go("look", {"code": other})  # A second thought about which dossier it is.
    birthday = read_birthday(turn.text, ctx.now.astimezone(VIETNAM).date())
    if birthday is None:
        digits = any(letter.isdigit() for letter in turn.text)
        return Again(parts(ctx.text("stepup.bad_birthday"))) if digits else NotMine()
    found = yield from ask(ProveDossier(str(ctx.id_for("proof")), ctx.conversation, run.slots["code"], birthday))
    if isinstance(found, Unavailable):
        return away(ctx)
    if isinstance(found, Locked):
        return Done(parts(ctx.text("stepup.locked", minutes=found.minutes), [menu(ctx)]), "refused")
    if found is None:
        return Again(parts(ctx.text("stepup.no_match")))
    until = {"applicant": found.applicant, "until": (ctx.now + HOLDS).isoformat()}
    said = parts(ctx.text("stepup.passed", minutes=int(HOLDS.total_seconds() // 60)))
    return Go(then, until, said, {"known": {**ctx.before.known, **until}})


def begin(ctx: Context, run: Run) -> Entered:
    """Who has proven themselves chooses among their own; who has not is asked for a code."""
    if run.slots.get("code"):
        return Go("look")
    return Go("which") if proven(ctx, run) else Go("code")


def which(ctx: Context, run: Run) -> Asking[Entered]:
    """The proven person's dossiers, to choose from."""
    found = yield from _mine(ctx, run)
    if isinstance(found, Unavailable):
        return away(ctx)
    if found is None or not found.value:
        return Go("code", parts=parts(ctx.text("dossier.mine_empty")))
    mine = found.value
    page = int(run.slots.get("page", "0")) % max(1, -(-len(mine) // SHOWN))
    told = f"{listed(ctx, mine)}\n\n{origin(ctx, found.source, found.as_of, stale=found.stale)}"
    return Wait(parts(f"{told}\n\n{ctx.text('dossier.choose')}", _choices(ctx, mine, page)))


def listed(ctx: Context, mine: Sequence[Dossier]) -> str:
    """With numbers to answer by; a long list ends with how many more there are."""
    lines = numbered(f"{one.code}: {one.procedure} ({STAGES[one.stage]})" for one in mine[:LISTED])
    told = ctx.text("dossier.mine", list=lines)
    return f"{told}\n{ctx.text('dossier.mine_more', more=len(mine) - LISTED)}" if len(mine) > LISTED else told


def _choices(ctx: Context, mine: Sequence[Dossier], page: int) -> list[Button]:
    buttons = [tap(one.code, f"#chon {one.code}") for one in mine[page * SHOWN : (page + 1) * SHOWN]]
    return [*buttons, tap(ctx.text("button.more"), f"#chon {MORE}")] if len(mine) > SHOWN else buttons


def _mine(ctx: Context, run: Run) -> Asking[Found[tuple[Dossier, ...]] | Unavailable | None]:
    applicant = proven(ctx, run)
    return (yield from ask(MyDossiers(applicant))) if applicant else None


def which_chosen(ctx: Context, run: Run, turn: Turn) -> Asking[Taken]:
    """By button, by number in the list, or by a code as typed: also one that another birthday belongs to."""
    chosen = picked(turn) or turn.text
    if chosen == MORE:
        return Go("which", {"page": str(int(run.slots.get("page", "0")) + 1)})
    bare = chosen.strip(" .)")
    if bare.isdigit() and len(bare) <= 3:  # noqa: PLR2004 — a place in the list.
        found = yield from _mine(ctx, run)
        if isinstance(found, Unavailable):
            return away(ctx)
        mine, nth = found.value if found else (), int(bare) - 1
        if 0 <= nth < len(mine):
            return Go("look", {"code": mine[nth].code})
        return Again(parts(ctx.text("common.pick_number", last=len(mine))))
    code = read_code(chosen)
    return Go("look", {"code": code}) if code else NotMine()


CHOICE = {"begin": StepTable(at_once(begin), at_once(_code_said)), "which": StepTable(which, which_chosen)}


def start(words: tuple[str, ...]) -> tuple[str, dict[str, str]]:
    """From `#lam <flow> <code>`."""
    code = read_code(words[0]) if words else None
    return "begin", {"code": code} if code else {}
