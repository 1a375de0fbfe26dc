"""What a traffic offence costs (Decree 168/2024/NĐ-CP), by the words a driver would use. Told, never guessed."""

from collections.abc import Mapping

from contracts.message import Part
from services.chatbot.content.models.fine import Fine, Vehicle
from services.chatbot.context import Context
from services.chatbot.speech import parts, tap

SHOWN = 3
_VEHICLES: Mapping[Vehicle, str] = {
    Vehicle.CAR: "ô tô",
    Vehicle.MOTORCYCLE: "xe máy",
    Vehicle.BICYCLE: "xe đạp",
    Vehicle.PEDESTRIAN: "người đi bộ",
    Vehicle.PASSENGER: "người được chở",
    Vehicle.OWNER_MOTORCYCLE: "chủ xe máy",
    Vehicle.OWNER_CAR: "chủ ô tô",
    Vehicle.ANYONE: "mọi người tham gia giao thông",
}


def penalty_answer(ctx: Context, question: str) -> tuple[Part, ...]:
    found = ctx.content.fines.search(question, limit=SHOWN)
    buttons = [tap(ctx.text("button.officer"), "#canbo"), tap(ctx.text("button.menu"), "#menu")]
    if not found:
        return parts(ctx.text("fine.level_unknown"), buttons)
    told = "\n\n".join(_level(ctx, one.fine) for one in found)
    return parts(f"{told}\n\n{ctx.text('fine.level_note')}", buttons)


def _level(ctx: Context, one: Fine) -> str:
    points = ctx.text("fine.level_points", points=one.points) if one.points else ""
    extra = ctx.text("fine.level_extra", extra=one.extra) if one.extra else ""
    amount = f"{dong(one.low)} đến {dong(one.high)}" if one.low and one.high else "không quy định mức tiền"
    more = "\n".join(filter(None, (points, extra)))
    text = ctx.text(
        "fine.level", offence=one.offence, vehicle=_VEHICLES[one.vehicle], amount=amount, points=more, basis=one.basis
    )
    return text.replace("\n\n", "\n")


def dong(amount: int) -> str:
    """1200000 → `1.200.000 đồng`, as Vietnamese write it."""
    return f"{amount:,} đồng".replace(",", ".")
