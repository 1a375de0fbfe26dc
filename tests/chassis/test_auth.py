"""Who may use a service's API: a key with the scope, or an officer whom the console lets act, each for their own OAs."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import httpx
import pytest
from fastapi import APIRouter, FastAPI, Request

from chassis.auth import Actor, Auth, public
from contracts.scopes import Scope
from tests.console import Console, UsedInMemory, allow

KEY = "loa_a-key"
CONSOLE = Console()


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    allow(tmp_path, KEY, Scope.QUEUE_READ, oa_ids=frozenset({"1001"}), console=CONSOLE.signers)
    auth = Auth("chatbot", tmp_path, UsedInMemory())
    router = APIRouter(prefix="/api", dependencies=[auth.require(Scope.QUEUE_READ)])

    @router.get("/queue")
    async def queue(oa_id: str, actor: Annotated[Actor, auth.require(Scope.QUEUE_READ)]) -> str:
        del oa_id
        return f"{actor.kind} {actor.id} {actor.reason}"

    @router.post("/queue")
    async def post(request: Request) -> int:
        return len(await request.body())

    @router.get("/surveys", dependencies=[auth.require(Scope.SURVEYS_READ)])
    def surveys() -> str:
        return "results"

    pages = APIRouter(dependencies=[public("a page for everybody")])

    @pages.get("/page")
    def page() -> str:
        return "hello"

    app = FastAPI()
    app.include_router(router)
    app.include_router(pages)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service") as http:
        yield http


def bearer(text: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {text}"}


@pytest.mark.parametrize("headers", [{}, bearer(""), bearer("loa_wrong"), {"Authorization": KEY}, bearer("a.b.c")])
async def test_without_a_key_that_is_known_nothing_is_answered(
    client: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    answer = await client.get("/api/queue?oa_id=1001", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


async def test_a_key_with_the_scope_is_let_in_and_may_state_a_reason(client: httpx.AsyncClient) -> None:
    headers = bearer(KEY) | {"X-Reason": "h%E1%BB%8Fi%20l%E1%BA%A1i"}
    assert (await client.get("/api/queue?oa_id=1001", headers=headers)).json() == "client a-test hỏi lại"


async def test_a_key_without_the_scope_is_forbidden(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/surveys", headers=bearer(KEY))
    assert answer.status_code == 403
    assert "surveys:read" in answer.text


async def test_a_key_of_another_oa_is_forbidden(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/queue?oa_id=2002", headers=bearer(KEY))).status_code == 403


async def test_what_is_public_asks_for_nothing(client: httpx.AsyncClient) -> None:
    assert (await client.get("/page")).json() == "hello"


async def test_a_new_key_needs_no_restart_and_the_one_before_is_refused(
    client: httpx.AsyncClient, tmp_path: Path
) -> None:
    allow(tmp_path, "loa_the-next", Scope.QUEUE_READ)
    assert (await client.get("/api/queue?oa_id=1001", headers=bearer("loa_the-next"))).status_code == 200
    assert (await client.get("/api/queue?oa_id=1001", headers=bearer(KEY))).status_code == 401


@pytest.mark.parametrize("text", [None, "{}\n", "no JSON\n"])
async def test_without_the_file_nobody_gets_in_and_the_message_names_it(
    client: httpx.AsyncClient, tmp_path: Path, text: str | None
) -> None:
    file = tmp_path / "api-access" / "api-clients"
    file.write_text(text) if text else file.unlink()
    answer = await client.get("/api/queue?oa_id=1001", headers=bearer(KEY))
    assert answer.status_code == 503
    assert "api-clients" in answer.text
    assert "no JSON" not in answer.text


async def test_an_expired_key_is_refused(tmp_path: Path) -> None:
    allow(tmp_path, KEY, Scope.QUEUE_READ)
    file = tmp_path / "api-access" / "api-clients"
    past = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
    file.write_text(file.read_text().replace('"expires_at": null', f'"expires_at": "{past}"'))
    auth = Auth("chatbot", tmp_path, UsedInMemory())
    app = FastAPI()

    @app.get("/", dependencies=[auth.require(Scope.QUEUE_READ)])
    def root() -> None: ...

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service") as http:
        assert (await http.get("/", headers=bearer(KEY))).status_code == 401


async def test_an_officer_acts_once_with_a_token_even_where_a_route_asks_twice(client: httpx.AsyncClient) -> None:
    token = CONSOLE.token("chatbot", "GET", "/api/queue?oa_id=1001")
    first = await client.get("/api/queue?oa_id=1001", headers=bearer(token))
    assert first.json() == "officer officer-1 "
    again = await client.get("/api/queue?oa_id=1001", headers=bearer(token))
    assert again.status_code == 401
    assert "replayed" in again.text


async def test_an_officer_of_another_oa_is_forbidden(client: httpx.AsyncClient) -> None:
    token = CONSOLE.token("chatbot", "GET", "/api/queue?oa_id=2002")
    assert (await client.get("/api/queue?oa_id=2002", headers=bearer(token))).status_code == 403


@pytest.mark.parametrize("roles", [[], ["it"], ["a role of a later release"]])
async def test_an_officer_whose_roles_do_not_allow_it_is_forbidden(client: httpx.AsyncClient, roles: list[str]) -> None:
    token = CONSOLE.token("chatbot", "GET", "/api/queue?oa_id=1001", roles=roles)
    assert (await client.get("/api/queue?oa_id=1001", headers=bearer(token))).status_code == 403


async def test_an_officer_sends_the_body_that_was_signed(client: httpx.AsyncClient) -> None:
    for body, status in ((b"signed", 200), (b"other!", 401)):
        token = CONSOLE.token("chatbot", "POST", "/api/queue", b"signed")
        assert (await client.post("/api/queue", content=body, headers=bearer(token))).status_code == status


async def test_an_officer_s_body_is_small_and_its_size_stated(client: httpx.AsyncClient) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield b"signed"

    token = CONSOLE.token("chatbot", "POST", "/api/queue", b"signed")
    assert (await client.post("/api/queue", content=chunks(), headers=bearer(token))).status_code == 411
    assert (await client.post("/api/queue", content=b"x" * 1_048_577, headers=bearer(token))).status_code == 413


async def test_a_query_is_bound_as_it_was_sent(client: httpx.AsyncClient) -> None:
    token = CONSOLE.token("chatbot", "GET", "/api/queue?oa_id=1001")
    assert (await client.get("/api/queue?oa_id=%31001", headers=bearer(token))).status_code == 401
