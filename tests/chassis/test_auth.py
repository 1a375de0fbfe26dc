"""Only who holds the token's file may use a house's API."""

from pathlib import Path

import httpx
import pytest
from fastapi import APIRouter, FastAPI

from chassis.auth import require_token

NAME = "some-api-token"


@pytest.fixture
def client(tmp_path: Path) -> httpx.AsyncClient:
    router = APIRouter(dependencies=[require_token(tmp_path, NAME)])

    @router.get("/secret")
    def secret() -> str:
        return "told"

    app = FastAPI()
    app.include_router(router)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://house")


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "right"}])
async def test_without_the_right_token_nothing_is_told(
    client: httpx.AsyncClient, tmp_path: Path, headers: dict[str, str]
) -> None:
    (tmp_path / NAME).write_text("right\n")
    assert (await client.get("/secret", headers=headers)).status_code == 401


async def test_a_new_token_needs_no_restart(client: httpx.AsyncClient, tmp_path: Path) -> None:
    for token in ("first", "second"):
        (tmp_path / NAME).write_text(token)
        answer = await client.get("/secret", headers={"Authorization": f"Bearer {token}"})
        assert answer.json() == "told"


@pytest.mark.parametrize("text", [None, "", " \n"])
async def test_without_a_token_nobody_gets_in_and_the_message_names_the_file(
    client: httpx.AsyncClient, tmp_path: Path, text: str | None
) -> None:
    if text is not None:
        (tmp_path / NAME).write_text(text)
    answer = await client.get("/secret", headers={"Authorization": "Bearer "})
    assert answer.status_code == 503
    assert NAME in answer.text
