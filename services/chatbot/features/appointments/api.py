"""Appointments over HTTP: the ticket as a QR code, and the check-in at the office."""

import re
from datetime import datetime, time, timedelta
from typing import Annotated

from fastapi import APIRouter, HTTPException, Response, status

from chassis.audit import Access, AuditLog
from chassis.auth import RESPONSES, Actor, Auth, public
from chassis.clock import VIETNAM
from contracts.scopes import Scope
from services.chatbot.features.appointments.store.seats import Seats
from services.chatbot.features.qr import qr_response

CODE = re.compile(r"LH-[2-9A-Z]{4}-[2-9A-Z]{4}")


def ticket_router() -> APIRouter:
    """Nothing personal: a picture of the code that stands in the address. Asked for by notify."""
    router = APIRouter(tags=["files"], dependencies=[public("a picture of the code that stands in the address")])

    @router.get("/checkin/{code}.png")
    def ticket(code: str) -> Response:
        """An appointment's code as a QR code, to be scanned at the office."""
        if not CODE.fullmatch(code):
            raise HTTPException(status.HTTP_404_NOT_FOUND)
        return qr_response(code)

    return router


def check_in_router(seats: Seats, auth: Auth, audit: AuditLog) -> APIRouter:
    router = APIRouter(prefix="/api", tags=["officers"], responses=RESPONSES)

    @router.post("/checkin/{code}")
    async def check_in(code: str, actor: Annotated[Actor, auth.require(Scope.APPOINTMENTS_CHECK_IN)]) -> dict[str, str]:
        """At the office: marks today's appointment of this code as present. 404 for no such appointment today."""
        subject = audit.pseudonym("appointment", code)
        await audit.record(
            actor, Access("appointment.check_in", "appointment", [subject], purpose="check-in at the office")
        )
        today = datetime.combine(datetime.now(VIETNAM).date(), time.min, VIETNAM)
        booking = await seats.check_in(code.strip().upper()[:20], today, today + timedelta(days=1), actor.oa_ids)
        if booking is None:
            raise HTTPException(status.HTTP_404_NOT_FOUND)
        return {
            "code": booking.code,
            "service": booking.service,
            "office": booking.office,
            "starts": booking.starts.isoformat(),
        }

    return router
