"""A kept paper over HTTP: notify fetches it by a link that expires after ten minutes."""

from fastapi import APIRouter, HTTPException, Response, status

from chassis.auth import public
from services.chatbot.features.papers.intake import PaperLinks

_PRIVATE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Content-Disposition": "attachment"}


def paper_router(links: PaperLinks) -> APIRouter:
    """Whoever has the link: it is made for notify, opens one paper, and is over after ten minutes."""
    reason = "whoever has the link: signed, for one paper, over after ten minutes"
    router = APIRouter(tags=["files"], dependencies=[public(reason)])

    @router.get("/papers/{token}")
    async def paper(token: str) -> Response:
        """404 for a link that is forged or over, and for a paper that is gone, alike."""
        opened = await links.open(token)
        if opened is None:
            raise HTTPException(status.HTTP_404_NOT_FOUND)
        stored, data = opened
        return Response(data, media_type=stored.media_type, headers=_PRIVATE)

    return router
