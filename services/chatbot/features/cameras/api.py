"""Pictures of the demonstration's cameras over HTTP, for notify. Nothing personal."""

from fastapi import APIRouter, HTTPException, Response, status

from chassis.auth import public
from contracts.text import is_digits
from services.chatbot.content.editions import ContentEditions
from services.chatbot.features.cameras.demo_pictures import draw_street


def picture_router(editions: ContentEditions) -> APIRouter:
    router = APIRouter(tags=["files"], dependencies=[public("drawn pictures that name nobody")])

    @router.get("/cameras/{camera_id}/{minute}.jpg")
    def camera(camera_id: str, minute: str) -> Response:
        """The demonstration's cameras have no lens: their picture is drawn, and says so."""
        known_camera = editions.current.cameras.get(camera_id)
        if known_camera is None or not is_digits(minute):
            raise HTTPException(status.HTTP_404_NOT_FOUND)
        return Response(draw_street(known_camera, minute[:4]), media_type="image/jpeg")

    return router
