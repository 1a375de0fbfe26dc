"""The end of a booking: confirm the seat that is held, give a name, get the ticket; or wait in line for a seat."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

from contracts.message import Asset, Button, Part
from services.chatbot.asks import Asking, Unavailable, ask
from services.chatbot.bells import MuteBells, SetBell
from services.chatbot.booking import HOLD, ConfirmSeat, JoinWaiting, booking_code
from services.chatbot.content.hours import VIETNAM
from services.chatbot.content.models.service import Service
from services.chatbot.context import Context
from services.chatbot.flows import dates
from services.chatbot.flows.kit import Again, Done, Entered, Go, Taken, Wait, picked
from services.chatbot.speech import parts, tap
from services.chatbot.state import Run
from services.chatbot.turn import Turn


def service_of(ctx: Context, run: Run) -> Service:
    return ctx.content.services[run.slots["service"]]


def starts_of(run: Run) -> datetime:
    return datetime.fromisoformat(run.slots["starts"])


def told(run: Run, ctx: Context) -> dict[str, str]:
    """The places that most sentences about an appointment have."""
    local = starts_of(run).astimezone(VIETNAM)
    office = ctx.content.directory.offices[run.slots["office"]]
    return {
        "service": service_of(ctx, run).short,
        "office": office.name,
        "day": f"{local:%d/%m/%Y}",
        "time": f"{local:%H:%M}",
    }


def confirm(ctx: Context, run: Run) -> Entered:
    said = told(run, ctx)
    text = ctx.text("booking.held", day=said["day"], time=said["time"], minutes=int(HOLD.total_seconds() // 60))
    return Wait(parts(text, [tap(ctx.text("button.confirm"), "#chon co"), tap(ctx.text("button.other"), "#chon khac")]))


def confirmed(ctx: Context, run: Run, turn: Turn) -> Taken:
    answer = dates.yes_or_no(picked(turn) or turn.text)
    if answer is None:
        return Go("slot") if picked(turn) == "khac" else Again(parts(ctx.text("common.yes_or_no")))
    if not answer:
        return Go("slot")
    return Go("done", {"name": run.slots["name"]}) if run.slots.get("name") else Go("name")


def name(ctx: Context, run: Run) -> Entered:  # noqa: ARG001 — a step's shape.
    return Wait(parts(ctx.text("booking.ask_name")))


def named(ctx: Context, run: Run, turn: Turn) -> Taken:  # noqa: ARG001 — a step's shape.
    name = " ".join(turn.text.split())
    good = 2 <= len(name) <= 80 and not any(letter.isdigit() for letter in name)  # noqa: PLR2004
    return Go("done", {"name": name}) if good else Again(parts(ctx.text("booking.ask_name")))


def done(ctx: Context, run: Run) -> Asking[Entered]:
    booking = UUID(run.slots["booking"])
    old = UUID(run.slots["change"]) if "change" in run.slots else None
    kept = yield from ask(ConfirmSeat(booking, ctx.conversation, ctx.oa.oa_id, ctx.now, run.slots.get("name", ""), old))
    if kept is not True:
        return Go("slot", parts=parts(ctx.text("booking.hold_expired")))
    said = told(run, ctx)
    if old is not None:
        yield from ask(MuteBells((old,)))
    bell = reminder(ctx, run, booking, said)
    if bell.due > ctx.now:
        yield from ask(bell)
    return Done(ticket(ctx, run, booking, said))


def reminder(ctx: Context, run: Run, booking: UUID, said: Mapping[str, str]) -> SetBell:
    """At nine the day before. Who books later than that needs no reminder."""
    starts = starts_of(run).astimezone(VIETNAM)
    due = datetime.combine(starts.date() - timedelta(days=1), dates.NINE, VIETNAM).astimezone(UTC)
    words = parts(
        ctx.text("booking.reminder", code=booking_code(booking), **said),
        [tap(ctx.text("button.change"), "#lam f_lich_hen")],
    )
    return SetBell(booking, ctx.conversation, ctx.oa.oa_id, ctx.before.address, due, words)


def ticket(ctx: Context, run: Run, booking: UUID, said: Mapping[str, str]) -> tuple[Part, ...]:
    code = booking_code(booking)
    office = ctx.content.directory.offices[run.slots["office"]]
    text = ctx.text("booking.confirmed", address=office.address, code=code, **said)
    bring = service_of(ctx, run).bring
    qr = Asset(url=f"loa:/checkin/{code}.png", name=f"{code}.png", media_type="image/png")
    return (
        *parts(f"{text}\n{ctx.text('booking.bring', bring=bring)}" if bring else text),
        Part(text=code, image=qr, buttons=after(ctx)),
    )


def after(ctx: Context) -> tuple[Button, ...]:
    return (tap(ctx.text("button.change"), "#lam f_lich_hen"), tap(ctx.text("button.menu"), "#menu"))


def line(ctx: Context, run: Run) -> Asking[Entered]:
    service, office = service_of(ctx, run), run.slots["office"]
    place = yield from ask(
        JoinWaiting(
            ctx.id_for("waiting"), ctx.conversation, ctx.oa.oa_id, service.id, office, ctx.now, ctx.before.address
        )
    )
    if isinstance(place, Unavailable):
        return Done(parts(ctx.text("common.unavailable")), "refused")
    name = ctx.content.directory.offices[office].name
    return Done(parts(ctx.text("booking.waiting", place=place, service=service.short, office=name)))
