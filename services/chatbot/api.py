"""What other houses and officers ask the chatbot over HTTP: forms to send, and who waits for an officer."""

import re
from datetime import datetime, time, timedelta
from io import BytesIO
from typing import Annotated, Any

import segno
from fastapi import APIRouter, HTTPException, Query, Response, status
from pydantic import AwareDatetime

from chassis.audit import Access, AuditLog
from chassis.auth import RESPONSES, Actor, Auth, public
from contracts.scopes import Scope
from services.chatbot.content.editions import ContentEditions
from services.chatbot.content.forms.docx import DOCX
from services.chatbot.content.hours import VIETNAM
from services.chatbot.content.models.pack import OA_LINK
from services.chatbot.features.appointments.store.seats import Seats
from services.chatbot.features.cameras.demo_pictures import draw_street
from services.chatbot.features.officer.store import OfficerQueue
from services.chatbot.features.survey.store import Surveys

CODE = re.compile(r"LH-[2-9A-Z]{4}-[2-9A-Z]{4}")


def file_router(editions: ContentEditions) -> APIRouter:
    """Nothing personal: the forms that anyone may have. Asked for by notify only, from inside."""
    router = APIRouter(tags=["files"], dependencies=[public("blank forms and pictures that name nobody")])

    @router.get("/forms/{version}/{name}")
    def form(version: str, name: str) -> Response:
        content = editions.get(version) or editions.current
        body = content.snapshot.files.get(f"forms/files/{name}")
        if body is None:
            raise HTTPException(status.HTTP_404_NOT_FOUND)
        return Response(body, media_type="application/pdf" if name.endswith(".pdf") else DOCX)

    @router.get("/qr/{oa_id}.png")
    def qr(oa_id: str) -> Response:
        """The QR code that opens an OA (https://zalo.me/<oa_id>)."""
        if oa_id not in editions.current.oas:
            raise HTTPException(status.HTTP_404_NOT_FOUND)
        return _qr(OA_LINK.format(oa_id=oa_id))

    @router.get("/checkin/{code}.png")
    def ticket(code: str) -> Response:
        """An appointment's code as a QR code, to be scanned at the office's door."""
        if not CODE.fullmatch(code):
            raise HTTPException(status.HTTP_404_NOT_FOUND)
        return _qr(code)

    @router.get("/cameras/{camera_id}/{minute}.jpg")
    def camera(camera_id: str, minute: str) -> Response:
        """The demonstration's cameras have no lens: their picture is drawn, and says so."""
        known_camera = editions.current.cameras.get(camera_id)
        if known_camera is None or not minute.isdigit():
            raise HTTPException(status.HTTP_404_NOT_FOUND)
        return Response(draw_street(known_camera, minute[:4]), media_type="image/jpeg")

    return router


def _qr(text: str) -> Response:
    out = BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="png", scale=8, border=3)
    return Response(out.getvalue(), media_type="image/png")


def officer_router(queue: OfficerQueue, surveys: Surveys, seats: Seats, auth: Auth, audit: AuditLog) -> APIRouter:
    """What officers and their programs ask."""
    router = APIRouter(prefix="/api", tags=["officers"], responses=RESPONSES)

    @router.get("/queue")
    async def waiting(
        oa_id: Annotated[str, Query(pattern=r"^[0-9A-Za-z_-]{1,32}$")],
        actor: Annotated[Actor, auth.require(Scope.QUEUE_READ)],
    ) -> list[dict[str, Any]]:
        """Who waits for an officer of this OA, the longest first, each with the talk so far."""
        entries = await queue.waiting(oa_id)
        conversations = [entry["conversation"] for entry in entries]
        await audit.record(
            actor, Access("queue.read", "conversation", conversations, oa_id, "who waits for an officer")
        )
        return entries

    @router.get("/surveys", dependencies=[auth.require(Scope.SURVEYS_READ)])
    async def results(
        oa_id: Annotated[str, Query(pattern=r"^[0-9A-Za-z_-]{1,32}$")],
        since: Annotated[AwareDatetime, Query()],
        until: Annotated[AwareDatetime, Query()],
    ) -> list[dict[str, Any]]:
        """How satisfied citizens were with this OA between two times, by errand."""
        return await surveys.results(oa_id, since, until)

    @router.post("/checkin/{code}")
    async def check_in(code: str, actor: Annotated[Actor, auth.require(Scope.APPOINTMENTS_CHECK_IN)]) -> dict[str, str]:
        """At the office's door: marks today's appointment of this code as present. 404 for no such appointment today."""
        subject = audit.pseudonym("appointment", code)
        await audit.record(
            actor, Access("appointment.check_in", "appointment", [subject], purpose="at the office's door")
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
