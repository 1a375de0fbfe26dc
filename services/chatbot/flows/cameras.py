"""Traffic cameras: by the name of a road, or nearest to a position; then the picture."""

from contracts.message import Asset, Button, Kind, Part
from services.chatbot.content.hours import VIETNAM
from services.chatbot.content.models.place import Camera
from services.chatbot.context import Context
from services.chatbot.flows.kit import Again, Entered, Flow, Go, NotMine, StepTable, Taken, Wait, at_once, picked
from services.chatbot.flows.offices import distance
from services.chatbot.speech import bullets, parts, tap
from services.chatbot.state import Run
from services.chatbot.turn import Turn

FAR_METRES = 20_000.0  # Beyond this a camera says nothing about where the citizen is.
SHOWN = 4


def _choose(ctx: Context, run: Run) -> Entered:  # noqa: ARG001 — a step's shape.
    cameras = ctx.content.cameras.all[:SHOWN]
    text = f"{ctx.text('camera.choose')}\n\n{ctx.text('camera.list', list=bullets(one.name for one in ctx.content.cameras.all))}"
    return Wait(parts(text, _buttons(cameras)))


def _chosen(ctx: Context, run: Run, turn: Turn) -> Taken:  # noqa: ARG001 — a step's shape.
    chosen = ctx.content.cameras.get(picked(turn) or "")
    if chosen is not None:
        return Go("picture", {"camera": chosen.id})
    if turn.kind is Kind.LOCATION and turn.attachments:
        at = turn.attachments[0]
        return _nearest(ctx, ctx.content.cameras.nearest(at.latitude or 0.0, at.longitude or 0.0, SHOWN))
    if not turn.text:
        return NotMine()
    named = ctx.content.cameras.named(turn.text, SHOWN)
    if len(named) == 1:
        return Go("picture", {"camera": named[0].id})
    if named:
        return Wait(parts(ctx.text("camera.list", list=bullets(one.name for one in named)), _buttons(named)))
    return Again(parts(ctx.text("camera.none"))) if len(turn.text) < 40 else NotMine()  # noqa: PLR2004 — a road's name is short.


def _nearest(ctx: Context, hits: list[tuple[Camera, float]]) -> Taken:
    near = [(one, metres) for one, metres in hits if metres <= FAR_METRES]
    if not near:
        return Again(parts(ctx.text("camera.far", distance=distance(FAR_METRES))))
    lines = [ctx.text("camera.entry", name=one.name, distance=distance(metres)) for one, metres in near]
    return Wait(parts(ctx.text("camera.nearest", list=bullets(lines)), _buttons([one for one, _ in near])))


def _picture(ctx: Context, run: Run) -> Entered:
    one = ctx.content.cameras.get(run.slots["camera"])
    if one is None:
        return Go("choose")
    minute = f"{ctx.now.astimezone(VIETNAM):%H%M}"  # In the name, so that an upload is not reused for a later picture.
    url = one.picture or f"loa:/cameras/{one.id}/{minute}.jpg"
    when = f"{ctx.now.astimezone(VIETNAM):%H:%M %d/%m/%Y}"
    picture = Asset(url=url, name=f"{one.id}-{minute}.jpg", media_type="image/jpeg")
    said = Part(text=ctx.text("camera.picture", name=one.name, when=when), image=picture)
    buttons = [tap(ctx.text("button.other"), "#chon lai"), tap(ctx.text("button.menu"), "#menu")]
    return Wait((said, *parts(ctx.text("common.demo" if one.picture is None else "menu.choose"), buttons)))


def _after_picture(ctx: Context, run: Run, turn: Turn) -> Taken:
    return Go("choose") if picked(turn) == "lai" else _chosen(ctx, run, turn)


def _buttons(cameras: "tuple[Camera, ...] | list[Camera]") -> list[Button]:
    return [tap(one.name, f"#chon {one.id}") for one in cameras]


CAMERAS = Flow(
    "f_camera",
    {
        "choose": StepTable(at_once(_choose), at_once(_chosen)),
        "picture": StepTable(at_once(_picture), at_once(_after_picture)),
    },
    "choose",
)
