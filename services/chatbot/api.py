"""What other houses and officers ask the chatbot over HTTP: forms to send, and who waits for an officer."""

import secrets
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Header, HTTPException, Query, Response, status

from services.chatbot.content.shelf import Shelf
from services.chatbot.store import Queue
from services.chatbot.taps import DOCX


def files(shelf: Shelf) -> APIRouter:
    """Nothing personal: the forms that anyone may have. Asked for by notify only, from inside."""
    router = APIRouter(tags=["files"])

    @router.get("/forms/{version}/{name}")
    def form(version: str, name: str) -> Response:
        content = shelf.get(version) or shelf.current
        body = content.snapshot.files.get(f"forms/files/{name}")
        if body is None:
            raise HTTPException(status.HTTP_404_NOT_FOUND)
        return Response(body, media_type="application/pdf" if name.endswith(".pdf") else DOCX)

    return router


def officers(queue: Queue, token: str) -> APIRouter:
    """Personal: only for who holds the token (file `chatbot-api-token`)."""
    router = APIRouter(prefix="/api", tags=["officers"])

    def check(authorization: str) -> None:
        if not token or not secrets.compare_digest(authorization.encode(), f"Bearer {token}".encode()):
            raise HTTPException(status.HTTP_401_UNAUTHORIZED)

    @router.get("/queue")
    async def waiting(
        oa_id: Annotated[str, Query(pattern=r"^[0-9A-Za-z_-]{1,32}$")], authorization: Annotated[str, Header()] = ""
    ) -> list[dict[str, Any]]:
        """Who waits for an officer of this OA, the longest first, each with the talk so far."""
        check(authorization)
        return await queue.waiting(oa_id)

    return router


def read_token(secrets_dir: Path, name: str) -> str:
    """The token, or nothing where there is no such file: then every call is refused."""
    path = secrets_dir / name
    return path.read_text().strip() if path.exists() else ""
