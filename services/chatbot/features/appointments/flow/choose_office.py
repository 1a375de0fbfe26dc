"""The first steps of a booking: which service, and at which office."""

from services.chatbot.content.models.service import Service
from services.chatbot.dialogue.context import Context
from services.chatbot.dialogue.effects import EffectProcess, Unavailable, perform
from services.chatbot.dialogue.messages import compose, tap
from services.chatbot.dialogue.state import FlowState
from services.chatbot.dialogue.steps import Ask, Finish, GoTo, HandleResult, NotHandled, PromptResult, picked
from services.chatbot.dialogue.turn import Turn
from services.chatbot.features.appointments.effects import MAX_BOOKINGS, MyBookings
from services.chatbot.features.appointments.flow.confirm import service_of


def _service(ctx: Context, flow_state: FlowState) -> EffectProcess[PromptResult]:
    bookings = yield from perform(MyBookings(ctx.conversation, ctx.now))
    if isinstance(bookings, Unavailable):
        return Finish(ctx.say("common.unavailable"), "refused")
    if len(bookings) >= MAX_BOOKINGS and "change" not in flow_state.slots:
        return Finish(
            ctx.say("booking.limit", tap(ctx.text("button.change"), "#lam f_lich_hen"), count=len(bookings)),
            "refused",
        )
    about_service = _by_procedure(ctx, flow_state.slots.get("about", ""))
    if about_service is not None:
        return GoTo("office", {"service": about_service.id})
    services = ctx.content.services_of(ctx.pack.id)
    return Ask(
        ctx.say("booking.which_service", *(tap(offered.short, f"#chon {offered.id}") for offered in services[:5]))
    )


def _by_procedure(ctx: Context, about: str) -> Service | None:
    """`#lam f_dat_lich cc_doi`: the service under which that procedure is done; or the service itself."""
    services = ctx.content.services_of(ctx.pack.id)
    return next(
        (service for service in services if about and (about == service.id or about in service.procedures)), None
    )


def _service_chosen(ctx: Context, _flow_state: FlowState, turn: Turn) -> HandleResult:
    chosen = _by_procedure(ctx, picked(turn) or "")
    return GoTo("office", {"service": chosen.id}) if chosen else NotHandled()


def _office(ctx: Context, flow_state: FlowState) -> PromptResult:
    service, own = service_of(ctx, flow_state), ctx.oa.oa_id
    if flow_state.slots.get("at") in service.offices:
        return GoTo("day", {"office": flow_state.slots["at"]})
    offices = [ctx.content.office_index.offices[office_id] for office_id in service.offices]
    own_office = next((office for office in offices if office.oa_id == own), None)
    if len(offices) == 1 or own_office is not None:
        return GoTo("day", {"office": (own_office or offices[0]).id})
    text = ctx.text("booking.which_unit", service=service.short)
    first_row, second_row = offices[:5], offices[5:10]
    message = compose(text, [tap(office.name, f"#chon {office.id}") for office in first_row])
    return Ask(
        (*message, *ctx.say("menu.more", *(tap(office.name, f"#chon {office.id}") for office in second_row)))
        if second_row
        else message
    )


def _office_chosen(ctx: Context, flow_state: FlowState, turn: Turn) -> HandleResult:
    service = service_of(ctx, flow_state)
    office_id = picked(turn) or next((hit.office.id for hit in ctx.content.office_index.search(turn.text)), "")
    return GoTo("day", {"office": office_id}) if office_id in service.offices else NotHandled()
