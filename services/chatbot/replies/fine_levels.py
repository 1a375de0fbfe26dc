"""What a traffic offence costs (Decree 168/2024/NĐ-CP), by the words a driver would use. Never guessed."""

from collections.abc import Mapping

from contracts.message import MessagePart
from services.chatbot.content.models.fine import Fine, Vehicle
from services.chatbot.dialogue.context import Context
from services.chatbot.dialogue.messages import compose, tap

MAX_SHOWN = 3
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


def fine_levels_answer(ctx: Context, question: str) -> tuple[MessagePart, ...]:
    matches = ctx.content.fines.search(question, limit=MAX_SHOWN)
    buttons = [tap(ctx.text("button.officer"), "#canbo"), ctx.menu_button]
    if not matches:
        return ctx.say("fine.level_unknown", *buttons)
    levels = "\n\n".join(_level(ctx, match.fine) for match in matches)
    return compose(f"{levels}\n\n{ctx.text('fine.level_note')}", buttons)


def _level(ctx: Context, fine: Fine) -> str:
    points = ctx.text("fine.level_points", points=fine.points) if fine.points else ""
    extra = ctx.text("fine.level_extra", extra=fine.extra) if fine.extra else ""
    amount = f"{in_dong(fine.low)} đến {in_dong(fine.high)}" if fine.low and fine.high else "không quy định mức tiền"
    extras = "\n".join(filter(None, (points, extra)))
    text = ctx.text(
        "fine.level",
        offence=fine.offence,
        vehicle=_VEHICLES[fine.vehicle],
        amount=amount,
        points=extras,
        basis=fine.basis,
    )
    return text.replace("\n\n", "\n")


def in_dong(amount: int) -> str:
    """1200000 → `1.200.000 đồng`, as Vietnamese write it."""
    return f"{amount:,} đồng".replace(",", ".")
