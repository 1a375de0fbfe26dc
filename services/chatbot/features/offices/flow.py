"""The unit directory: an office by name, by ward old or new, or nearest to a position; with its own OA and its QR code."""

from contracts.message import Asset, Button, Kind, MessagePart
from contracts.text import fold
from services.chatbot.content.hours import in_words
from services.chatbot.content.models.pack import OA_LINK
from services.chatbot.content.models.place import Office
from services.chatbot.content.models.procedure import Procedure
from services.chatbot.content.search.geo import distance
from services.chatbot.content.search.offices import OfficeMatch
from services.chatbot.dialogue.context import Context
from services.chatbot.dialogue.messages import bullets, call, compose, link, tap
from services.chatbot.dialogue.state import FlowState
from services.chatbot.dialogue.steps import (
    Ask,
    Finish,
    Flow,
    GoTo,
    HandleResult,
    NotHandled,
    Opening,
    PromptResult,
    Retry,
    Step,
    picked,
    pure,
)
from services.chatbot.dialogue.turn import Turn

MAX_SHOWN = 4
FAR_METRES = 100_000.0  # Beyond a province's size only the very nearest is worth a line.
MIN_WARD_SCORE = 1.5  # From which score a ward was really said: "phí hộ chiếu" is no question about thị trấn Hồ.


def _prompt_place(ctx: Context, flow_state: FlowState) -> PromptResult:
    """`#lam f_don_vi place` may bring the answer along."""
    if flow_state.slots.get("office") in ctx.content.office_index.offices:
        return GoTo("show")
    about = _about(ctx, flow_state)
    if about is None:
        return Ask(ctx.say("office.ask"))
    return Ask(compose(f"{ctx.text('procedure.about', name=about.name)}\n{ctx.text('procedure.ask_place')}"))


def _about(ctx: Context, flow_state: FlowState) -> Procedure | None:
    """The procedure for which an office is wanted, where one was named."""
    return ctx.procedure(flow_state.slots.get("about", ""))


def _handle_place(ctx: Context, flow_state: FlowState, turn: Turn) -> HandleResult:
    office_index, about = ctx.content.office_index, _about(ctx, flow_state)
    office_ids = {office.id for office in ctx.content.offices_doing(about.key)} if about else None
    chosen = picked(turn)
    if chosen is not None and chosen in office_index.offices:
        return GoTo("show", {"office": chosen})
    if turn.kind is Kind.LOCATION and turn.attachments:
        position = turn.attachments[0]
        return _nearest(
            ctx,
            office_index.nearest(
                position.latitude or 0.0, position.longitude or 0.0, limit=MAX_SHOWN, among=office_ids
            ),
        )
    if not turn.text:
        return NotHandled()
    matches = [
        hit
        for hit in office_index.search(turn.text, limit=MAX_SHOWN)
        if hit.ward_match is None or hit.ward_match.score >= MIN_WARD_SCORE
    ]
    hits = [hit for hit in matches if office_ids is None or hit.office.id in office_ids]
    if len(hits) == 1:
        return _to_office(ctx, hits[0], turn.text)
    if hits:
        return Ask(ctx.say("office.which", *(tap(hit.office.name, f"#chon {hit.office.id}") for hit in hits)))
    wards = [
        ward_match for ward_match in office_index.wards.search(turn.text, limit=1) if ward_match.score >= MIN_WARD_SCORE
    ]
    if wards and office_ids:
        ward_found = wards[0].ward  # None of its own does it: whoever does, from there on outwards.
        return _nearest(ctx, office_index.nearest(ward_found.lat, ward_found.lon, limit=MAX_SHOWN, among=office_ids))
    if wards:
        ward, province = wards[0].ward.name, wards[0].province.name
        return Finish(ctx.say("office.ward_only", ctx.menu_button, ward=ward, province=province))
    return Retry(ctx.say("office.none"))


def _to_office(ctx: Context, hit: OfficeMatch, typed: str) -> GoTo:
    old_ward = (
        hit.ward_match.old_ward.ward if hit.ward_match is not None and hit.ward_match.old_ward is not None else None
    )
    if hit.ward_match is None or old_ward is None or fold(old_ward) not in fold(typed):
        return GoTo("show", {"office": hit.office.id})
    message = ctx.say("office.merged", old=old_ward, new=hit.ward_match.ward.name)
    return GoTo("show", {"office": hit.office.id}, message)


def _nearest(ctx: Context, hits: list[OfficeMatch]) -> HandleResult:
    if not hits:
        return Retry(ctx.say("office.none"))
    hits = [hit for hit in hits if (hit.metres or 0.0) <= FAR_METRES] or hits[:1]
    lines = [ctx.text("office.entry", name=hit.office.name, distance=distance(hit.metres or 0.0)) for hit in hits]
    return Ask(
        ctx.say(
            "office.nearest", *(tap(hit.office.name, f"#chon {hit.office.id}") for hit in hits), list=bullets(lines)
        )
    )


def _show(ctx: Context, flow_state: FlowState) -> PromptResult:
    office, about = ctx.content.office_index.offices[flow_state.slots["office"]], _about(ctx, flow_state)
    card = _card(ctx, office)
    text = f"{ctx.text('procedure.about', name=about.name)}\n{card}" if about else card
    return Finish((*compose(text, _buttons(ctx, office, about)), *_qr(ctx, office)))


def _card(ctx: Context, office: Office) -> str:
    hours = in_words(office.hours)
    if office.phone:
        card = ctx.text("office.card", name=office.name, address=office.address, phone=office.phone, hours=hours)
    else:
        card = ctx.text("office.card_no_phone", name=office.name, address=office.address, hours=hours)
    return f"{card}\n{ctx.text('office.demo')}" if office.demo else card


def _buttons(ctx: Context, office: Office, about: Procedure | None) -> list[Button]:
    buttons = [call(office.phone, office.phone.replace(" ", ""))] if office.phone else []
    if "f_dat_lich" in ctx.pack.flows:
        where = f" {about.key} {office.id}" if about else ""
        buttons.append(tap(ctx.text("button.book"), f"#lam f_dat_lich{where}"))
    return [*buttons, ctx.menu_button]


def _qr(ctx: Context, office: Office) -> tuple[MessagePart, ...]:
    """The office's own OA, to be followed: as a link, and as a picture to show a neighbour."""
    if office.oa_id is None:
        return ()
    url = OA_LINK.format(oa_id=office.oa_id)
    words = ctx.text("office.own_oa", name=office.name, url=url)
    picture = Asset(url=f"loa:/qr/{office.oa_id}.png", name=f"{office.oa_id}.png", media_type="image/png")
    return (MessagePart(text=words, image=picture), MessagePart(text=url, buttons=(link(office.name, url),)))


def _start(ctx: Context, words: tuple[str, ...]) -> Opening | None:
    """An office's id; or `viec procedure`, for one that does it."""
    match words:
        case ():
            return "ask", {}
        case (office,) if office in ctx.content.office_index.offices:
            return "ask", {"office": office}
        case ("viec", procedure) if ctx.procedure(procedure) is not None:
            return "ask", {"about": procedure}
        case _:
            return None


OFFICES = Flow(
    "f_don_vi",
    {
        "ask": Step(pure(_prompt_place), pure(_handle_place)),
        "show": Step(pure(_show), pure(_handle_place)),
    },
    "ask",
    _start,
)
FLOWS = (OFFICES,)
