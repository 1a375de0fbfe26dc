"""What somebody else's link may make us do: ask listed hosts, at public addresses, for a bounded number of plain bytes."""

import gzip
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from chassis.fetch import AllowedHosts, Fetcher, FetchFailedError, FetchRefusedError, is_public, open_fetcher

FILE = b"\x89PNG\r\n\x1a\n" + bytes(1_000)


@asynccontextmanager
async def served(answer: Any) -> AsyncIterator[int]:
    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


@asynccontextmanager
async def fetcher_of(hosts: str) -> AsyncIterator[Fetcher]:
    async with open_fetcher(AllowedHosts.parse("HOSTS", hosts), seconds=5) as fetcher:
        yield fetcher


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111"])
def test_the_internets_addresses_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "::1", "fe80::1%eth0",
     "fd00::1", "::ffff:127.0.0.1", "2002:7f00:1::"],
)  # fmt: skip
def test_addresses_of_ours_are_not(address: str) -> None:
    assert not is_public(address)


async def test_a_listed_domain_that_resolves_to_an_address_inside_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    inside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: inside)
    async with fetcher_of("zdn.vn") as fetcher:
        with pytest.raises(FetchFailedError, match="network"):
            await fetcher.read("http://zdn.vn/a", 10)


async def test_a_name_listed_with_its_port_may_lie_inside() -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=FILE)

    async with served(answer) as port, fetcher_of(f"localhost:{port}") as fetcher:
        assert await fetcher.read(f"http://localhost:{port}/a", len(FILE)) == FILE


async def test_a_packed_answer_is_no_answer() -> None:
    """A kilobyte that unpacks to a gigabyte is counted as the kilobyte it is, and refused as what was not asked for."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=gzip.compress(bytes(10_000_000)), headers={"Content-Encoding": "gzip"})

    async with served(answer) as port, fetcher_of(f"127.0.0.1:{port}") as fetcher:
        with pytest.raises(FetchFailedError, match="encoding"):
            await fetcher.read(f"http://127.0.0.1:{port}/a", 20_000_000)


async def test_a_redirect_to_a_host_that_is_not_listed_is_refused() -> None:
    async def answer(_: web.Request) -> web.Response:
        raise web.HTTPFound("http://169.254.169.254/latest/meta-data")

    async with served(answer) as port, fetcher_of(f"127.0.0.1:{port}") as fetcher:
        with pytest.raises(FetchRefusedError, match="host"):
            await fetcher.read(f"http://127.0.0.1:{port}/a", 10)


async def test_no_fault_quotes_the_link() -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=410)

    async with served(answer) as port, fetcher_of(f"127.0.0.1:{port}") as fetcher:
        with pytest.raises(FetchFailedError) as fault:
            await fetcher.read(f"http://127.0.0.1:{port}/bi-mat", 10)
    assert "bi-mat" not in repr(fault.value)
    assert fault.value.status == 410
