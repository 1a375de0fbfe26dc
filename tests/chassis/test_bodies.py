"""A body is bounded in size and time before anybody is asked who they are."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI, Request
from pydantic import BaseModel

from chassis.bodies import BodyLimit, content_length


class Message(BaseModel):
    text: str


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()

    @app.post("/model")
    def model(message: Message) -> int:
        return len(message.text)

    @app.post("/stream")
    async def stream(request: Request) -> int:
        return len(await request.body())

    limited = BodyLimit(app, max_bytes=100, seconds=0.2)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(limited), base_url="http://service") as http:
        yield http


async def chunks(count: int, pause_seconds: float = 0) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield b"x" * 10
        await asyncio.sleep(pause_seconds)


@pytest.mark.parametrize("path", ["/model", "/stream"])
async def test_a_body_that_is_said_to_be_larger_is_not_read(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.post(path, content=b"x" * 101)).status_code == 413
    assert (await client.post(path, content=b"", headers={"Content-Length": "1e9"})).status_code == 413


@pytest.mark.parametrize("path", ["/model", "/stream"])
async def test_a_body_that_turns_out_larger_is_cut_short(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.post(path, content=chunks(11))).status_code == 413


@pytest.mark.parametrize("path", ["/model", "/stream"])
async def test_a_body_that_drips_is_not_waited_for(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.post(path, content=chunks(10, 0.1))).status_code == 408


async def test_a_body_within_the_limit_arrives_whole(client: httpx.AsyncClient) -> None:
    assert (await client.post("/stream", content=chunks(10))).json() == 100
    assert (await client.post("/model", json={"text": "xin chào"})).json() == 8


@pytest.mark.parametrize("header", ["²", "①", "-1", "1e9", "9" * 5_000, ""])
def test_what_only_looks_like_a_length_is_none(header: str) -> None:
    assert content_length(header) is None
    assert content_length("17") == 17
