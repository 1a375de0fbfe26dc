"""Satisfaction: one to five, and words if one likes. Asked after an errand, at most once a month, and never twice for one."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from contracts.message import Part
from services.chatbot.asks import Asking, Question, ask
from services.chatbot.context import Context
from services.chatbot.decision import Decision, EndErrand, Say, TellSurvey
from services.chatbot.flows.kit import Again, Done, Entered, Flow, Go, StepTable, Taken, Wait, at_once, picked
from services.chatbot.speech import parts, tap
from services.chatbot.state import Run
from services.chatbot.turn import Turn, plain

AGAIN_AFTER = timedelta(days=30)
STARS = ("1", "2", "3", "4", "5")
PERIOD = "period"  # Asked about the OA as a whole, not about one errand.
WORDS = 1_000  # Characters kept.
ENOUGH_ANSWERS = 12  # Answers after which somebody can judge the OA as a whole.
_LOW = 2  # Up to here we ask what went wrong.
# Not after what was no errand; nor after scores, when everybody asks within the hour and wants nothing else.
_NOT_ASKED = frozenset({"f_khao_sat", "f_tin_tuc", "f_dang_ky_tin", "f_tin_bao", "f_diem_thi"})


@dataclass(frozen=True, slots=True)
class FileSurvey(Question[bool]):
    """Keep an answer; the same id is kept once."""

    id: UUID
    oa_id: str
    errand: str
    stars: int
    at: datetime
    words: str = field(default="", repr=False)


def invited(decision: Decision, ctx: Context) -> Decision:
    """After an errand well ended, or after some answers: five buttons under the last words; then not again for a month."""
    said = next((do for do in decision.do if isinstance(do, Say)), None)
    answered = said is not None and said.outcome == "answer"
    after = decision.after.model_copy(update={"answers": decision.after.answers + 1}) if answered else decision.after
    asked = after.surveyed_at
    fresh = asked is not None and ctx.now - asked < AGAIN_AFTER
    about = _about(decision, after.answers if answered else 0)
    if said is None or about is None or fresh or "f_khao_sat" not in ctx.pack.flows:
        return replace(decision, after=after)
    text = ctx.text("survey.ask_period", oa=ctx.oa.name) if about == PERIOD else ctx.text("survey.ask")
    more = replace(said, parts=(*said.parts, *_stars_part(about, text)))
    do = tuple(more if one is said else one for one in decision.do)
    return Decision(after.model_copy(update={"surveyed_at": ctx.now, "answers": 0}), do)


def _about(decision: Decision, answers: int) -> str | None:
    """The errand that ended well; or the OA as a whole, for who has asked it often enough to judge."""
    ended = next((do for do in decision.do if isinstance(do, EndErrand)), None)
    if ended is not None and ended.ending == "done" and ended.errand not in _NOT_ASKED:
        return ended.errand
    return PERIOD if answers >= ENOUGH_ANSWERS else None


def _stars_part(errand: str, text: str) -> tuple[Part, ...]:
    return parts(text, [tap(stars, f"#lam f_khao_sat {errand} {stars}") for stars in STARS])


def _ask_stars(ctx: Context, run: Run) -> Entered:
    if run.slots.get("stars") in STARS:
        return Go("words")
    return Wait(parts(ctx.text("survey.ask_period", oa=ctx.oa.name), [tap(stars, f"#chon {stars}") for stars in STARS]))


def _stars(ctx: Context, run: Run, turn: Turn) -> Taken:  # noqa: ARG001 — a step's shape.
    said = picked(turn) or turn.text.strip(" .⭐")
    if said in STARS:
        return Go("words", {"stars": said})
    if plain(turn.text) in {"khong hoi nua", "dung hoi nua"}:
        return Done(parts(ctx.text("survey.no_more")), "cancelled", {"surveyed_at": ctx.now + timedelta(days=3_650)})
    return Again(parts(ctx.text("survey.bad"), [tap(stars, f"#chon {stars}") for stars in STARS]))


def _ask_words(ctx: Context, run: Run) -> Asking[Entered]:
    """The stars count at once: most people leave here."""
    errand, stars = run.slots.get("errand", PERIOD), int(run.slots["stars"])
    yield from ask(FileSurvey(ctx.id_for("survey"), ctx.oa.oa_id, errand, stars, ctx.now))
    key = "survey.ask_why" if stars <= _LOW else "survey.ask_words"
    return Wait(parts(ctx.text(key), [tap(ctx.text("button.skip"), "#chon bo_qua")]), {"id": str(ctx.id_for("survey"))})


def _words(ctx: Context, run: Run, turn: Turn) -> Asking[Taken]:
    errand, stars = run.slots.get("errand", PERIOD), int(run.slots["stars"])
    if picked(turn) == "bo_qua":
        return Done(
            parts(ctx.text("survey.skipped")), changes={"surveyed_at": ctx.now}, do=(TellSurvey(errand, stars),)
        )
    words = turn.text[:WORDS]
    yield from ask(FileSurvey(UUID(run.slots["id"]), ctx.oa.oa_id, errand, stars, ctx.now, words))
    said = parts(ctx.text("survey.thanks", oa=ctx.oa.name))
    return Done(said, changes={"surveyed_at": ctx.now}, do=(TellSurvey(errand, stars, words),))


def _start(words: tuple[str, ...]) -> tuple[str, dict[str, str]]:
    """`errand stars`, from the buttons under an errand's last words."""
    if len(words) == 2 and words[1] in STARS and words[0].replace("_", "").isalpha():  # noqa: PLR2004
        return "words", {"errand": words[0], "stars": words[1]}
    return "stars", {}


SURVEY = Flow(
    "f_khao_sat",
    {"stars": StepTable(at_once(_ask_stars), at_once(_stars)), "words": StepTable(_ask_words, _words)},
    "stars",
    _start,
)
