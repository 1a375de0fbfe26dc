"""The unit directory: an office by name, by ward old or new, or nearest to a position; with its own OA and its QR code."""

from contracts.message import Asset, Button, Kind, Part
from services.chatbot.answers import DOES
from services.chatbot.content.directory import OfficeHit
from services.chatbot.content.hours import in_words
from services.chatbot.content.models.place import Office
from services.chatbot.content.models.procedure import Procedure
from services.chatbot.context import Context
from services.chatbot.flows.kit import Again, Done, Entered, Flow, Go, NotMine, StepTable, Taken, Wait, at_once, picked
from services.chatbot.speech import bullets, call, link, parts, tap
from services.chatbot.state import Run
from services.chatbot.turn import Turn, plain

OA_LINK = "https://zalo.me/{oa_id}"
SHOWN = 4
FAR_METRES = 100_000.0  # Beyond a province's size only the very nearest is worth a line.
SAID = 1.5  # From which score a ward was really said: "phí hộ chiếu" is no question about thị trấn Hồ.


def _ask(ctx: Context, run: Run) -> Entered:
    """`#lam f_don_vi place` may bring the answer along."""
    if run.slots.get("office") in ctx.content.directory.offices:
        return Go("show")
    about = _about(ctx, run)
    if about is None:
        return Wait(parts(ctx.text("office.ask")))
    return Wait(parts(f"{ctx.text('procedure.about', name=about.name)}\n{ctx.text('procedure.ask_place')}"))


def _about(ctx: Context, run: Run) -> Procedure | None:
    """The procedure for which an office is wanted, where one was named."""
    return ctx.procedure(run.slots.get("about", ""))


def _asked(ctx: Context, run: Run, turn: Turn) -> Taken:
    directory, about = ctx.content.directory, _about(ctx, run)
    doing = {one.id for one in ctx.content.offices_doing(about.key)} if about else None
    chosen = picked(turn)
    if chosen is not None and chosen in directory.offices:
        return Go("show", {"office": chosen})
    if turn.kind is Kind.LOCATION and turn.attachments:
        at = turn.attachments[0]
        return _nearest(ctx, directory.nearest(at.latitude or 0.0, at.longitude or 0.0, limit=SHOWN, among=doing))
    if not turn.text:
        return NotMine()
    named = [hit for hit in directory.named(turn.text, limit=SHOWN) if hit.place is None or hit.place.score >= SAID]
    hits = [hit for hit in named if doing is None or hit.office.id in doing]
    if len(hits) == 1:
        return _one(ctx, hits[0], turn.text)
    if hits:
        return Wait(parts(ctx.text("office.which"), [tap(hit.office.name, f"#chon {hit.office.id}") for hit in hits]))
    places = [place for place in directory.wards.named(turn.text, limit=1) if place.score >= SAID]
    if places and doing:
        here = places[0].ward  # None of its own does it: whoever does, from there on outwards.
        return _nearest(ctx, directory.nearest(here.lat, here.lon, limit=SHOWN, among=doing))
    if places:
        ward, province = places[0].ward.name, places[0].province.name
        return Done(
            parts(ctx.text("office.ward_only", ward=ward, province=province), [tap(ctx.text("button.menu"), "#menu")])
        )
    return Again(parts(ctx.text("office.none")))


def _one(ctx: Context, hit: OfficeHit, said: str) -> Go:
    was = hit.place.was.ward if hit.place is not None and hit.place.was is not None else None
    if hit.place is None or was is None or plain(was) not in plain(said):
        return Go("show", {"office": hit.office.id})
    told = parts(ctx.text("office.merged", old=was, new=hit.place.ward.name))
    return Go("show", {"office": hit.office.id}, told)


def _nearest(ctx: Context, hits: list[OfficeHit]) -> Taken:
    if not hits:
        return Again(parts(ctx.text("office.none")))
    hits = [hit for hit in hits if (hit.metres or 0.0) <= FAR_METRES] or hits[:1]
    lines = [ctx.text("office.entry", name=hit.office.name, distance=distance(hit.metres or 0.0)) for hit in hits]
    return Wait(
        parts(
            ctx.text("office.nearest", list=bullets(lines)),
            [tap(hit.office.name, f"#chon {hit.office.id}") for hit in hits],
        )
    )


def _show(ctx: Context, run: Run) -> Entered:
    office, about = ctx.content.directory.offices[run.slots["office"]], _about(ctx, run)
    card = _card(ctx, office)
    told = f"{ctx.text('procedure.about', name=about.name)}\n{card}" if about else card
    return Done((*parts(told, _buttons(ctx, office, about)), *_qr(ctx, office)))


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
    return [*buttons, tap(ctx.text("button.menu"), "#menu")]


def _qr(ctx: Context, office: Office) -> tuple[Part, ...]:
    """The office's own OA, to be followed: as a link, and as a picture to show a neighbour."""
    if office.oa_id is None:
        return ()
    url = OA_LINK.format(oa_id=office.oa_id)
    words = ctx.text("office.own_oa", name=office.name, url=url)
    picture = Asset(url=f"loa:/qr/{office.oa_id}.png", name=f"{office.oa_id}.png", media_type="image/png")
    return (Part(text=words, image=picture), Part(text=url, buttons=(link(office.name, url),)))


def distance(metres: float) -> str:
    """`350 m`, `2,4 km`: as people say it."""
    return f"{round(metres / 10) * 10:.0f} m" if metres < 1_000 else f"{metres / 1_000:.1f} km".replace(".", ",")  # noqa: PLR2004


def _start(words: tuple[str, ...]) -> tuple[str, dict[str, str]]:
    """An office's id; or `viec procedure`, for one that does it."""
    if len(words) == 2 and words[0] == DOES:  # noqa: PLR2004
        return "ask", {"about": words[1]}
    return "ask", {"office": words[0]} if words else {}


OFFICES = Flow(
    "f_don_vi",
    {
        "ask": StepTable(at_once(_ask), at_once(_asked)),
        "show": StepTable(at_once(_show), at_once(_asked)),
    },
    "ask",
    _start,
)
