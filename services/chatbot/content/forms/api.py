"""Forms over HTTP, for notify. Nothing personal: anyone may have them."""

from fastapi import APIRouter, HTTPException, Response, status

from chassis.auth import public
from services.chatbot.content.editions import ContentEditions
from services.chatbot.content.models.form import DOCX


def form_router(editions: ContentEditions) -> APIRouter:
    router = APIRouter(tags=["files"], dependencies=[public("blank forms that anyone may have")])

    @router.get("/forms/{version}/{name}")
    def form(version: str, name: str) -> Response:
        body = editions.file(version, f"forms/files/{name}")
        if body is None:
            raise HTTPException(status.HTTP_404_NOT_FOUND)
        return Response(body, media_type="application/pdf" if name.endswith(".pdf") else DOCX)

    return router
