"""Traffic cameras: by the name of a road, or nearest to a position; then the picture."""

from chassis.clock import VIETNAM
from contracts.message import Asset, Button, Kind, MessagePart
from services.chatbot.content.models.place import Camera
from services.chatbot.content.search.geo import distance
from services.chatbot.dialogue.context import Context
from services.chatbot.dialogue.messages import bullets, compose, tap
from services.chatbot.dialogue.state import FlowState
from services.chatbot.dialogue.steps import (
    Ask,
    Flow,
    GoTo,
    HandleResult,
    NotHandled,
    PromptResult,
    Retry,
    Step,
    picked,
    pure,
)
from services.chatbot.dialogue.turn import Turn

FAR_METRES = 20_000.0  # Beyond this a camera says nothing about where the citizen is.
MAX_SHOWN = 4


def _choose(ctx: Context, _flow_state: FlowState) -> PromptResult:
    cameras = ctx.content.cameras.all[:MAX_SHOWN]
    names = bullets(camera.name for camera in ctx.content.cameras.all)
    text = f"{ctx.text('camera.choose')}\n\n{ctx.text('camera.list', list=names)}"
    return Ask(compose(text, _buttons(cameras)))


def _chosen(ctx: Context, _flow_state: FlowState, turn: Turn) -> HandleResult:
    chosen = ctx.content.cameras.get(picked(turn) or "")
    if chosen is not None:
        return GoTo("picture", {"camera": chosen.id})
    if turn.kind is Kind.LOCATION and turn.attachments:
        position = turn.attachments[0]
        return _nearest(
            ctx, ctx.content.cameras.nearest(position.latitude or 0.0, position.longitude or 0.0, MAX_SHOWN)
        )
    if not turn.text:
        return NotHandled()
    matches = ctx.content.cameras.search(turn.text, MAX_SHOWN)
    if len(matches) == 1:
        return GoTo("picture", {"camera": matches[0].id})
    if matches:
        return Ask(ctx.say("camera.list", *_buttons(matches), list=bullets(match.name for match in matches)))
    return Retry(ctx.say("camera.none")) if len(turn.text) < 40 else NotHandled()  # noqa: PLR2004 — a road's name is short.


def _nearest(ctx: Context, hits: list[tuple[Camera, float]]) -> HandleResult:
    near = [(camera, metres) for camera, metres in hits if metres <= FAR_METRES]
    if not near:
        return Retry(ctx.say("camera.far", distance=distance(FAR_METRES)))
    lines = [ctx.text("camera.entry", name=camera.name, distance=distance(metres)) for camera, metres in near]
    return Ask(ctx.say("camera.nearest", *_buttons([camera for camera, _ in near]), list=bullets(lines)))


def _picture(ctx: Context, flow_state: FlowState) -> PromptResult:
    camera = ctx.content.cameras.get(flow_state.slots["camera"])
    if camera is None:
        return GoTo("choose")
    minute = f"{ctx.now.astimezone(VIETNAM):%H%M}"  # In the name, so that an upload is not reused for a later picture.
    url = camera.picture or f"loa:/cameras/{camera.id}/{minute}.jpg"
    when = f"{ctx.now.astimezone(VIETNAM):%H:%M %d/%m/%Y}"
    picture = Asset(url=url, name=f"{camera.id}-{minute}.jpg", media_type="image/jpeg")
    part = MessagePart(text=ctx.text("camera.picture", name=camera.name, when=when), image=picture)
    buttons = [tap(ctx.text("button.other"), "#chon lai"), ctx.menu_button]
    return Ask((part, *ctx.say("common.demo" if camera.picture is None else "menu.choose", *buttons)))


def _after_picture(ctx: Context, flow_state: FlowState, turn: Turn) -> HandleResult:
    return GoTo("choose") if picked(turn) == "lai" else _chosen(ctx, flow_state, turn)


def _buttons(cameras: "tuple[Camera, ...] | list[Camera]") -> list[Button]:
    return [tap(camera.name, f"#chon {camera.id}") for camera in cameras]


CAMERAS = Flow(
    "f_camera",
    {
        "choose": Step(pure(_choose), pure(_chosen)),
        "picture": Step(pure(_picture), pure(_after_picture)),
    },
    "choose",
)
FLOWS = (CAMERAS,)
