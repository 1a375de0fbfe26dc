"""The QR code that opens an office's own OA, for notify. Nothing personal."""

from fastapi import APIRouter, HTTPException, Response, status

from chassis.auth import public
from services.chatbot.content.editions import ContentEditions
from services.chatbot.content.models.pack import OA_LINK
from services.chatbot.features.qr import qr_response


def qr_router(editions: ContentEditions) -> APIRouter:
    router = APIRouter(tags=["files"], dependencies=[public("a public address as a picture")])

    @router.get("/qr/{oa_id}.png")
    def qr(oa_id: str) -> Response:
        """The QR code that opens an OA (https://zalo.me/<oa_id>)."""
        if oa_id not in editions.current.oas:
            raise HTTPException(status.HTTP_404_NOT_FOUND)
        return qr_response(OA_LINK.format(oa_id=oa_id))

    return router
