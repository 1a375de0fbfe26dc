"""Fetching one file over real HTTP, from a server that misbehaves in every way it can."""

import hashlib

import pytest

from contracts.message import Kind
from services.tips.media.fetch import CHUNK_BYTES, Failed, Fetcher, Refused, fetcher
from services.tips.media.links import Hosts
from tests.services.tips.media.cdn import PNG, Cdn


class Chunks(list[bytes]):
    async def put(self, index: int, data: bytes) -> None:
        assert index == len(self)
        self.append(data)


async def test_a_file_arrives_whole_in_chunks_with_its_hash_and_true_kind(server: Cdn, media_fetcher: Fetcher) -> None:
    chunks = Chunks()
    fetched = await media_fetcher.fetch(server.url("/a.png"), Kind.IMAGE, chunks.put)
    assert b"".join(chunks) == PNG
    assert [len(chunk) for chunk in chunks] == [CHUNK_BYTES, CHUNK_BYTES, len(PNG) - 2 * CHUNK_BYTES]
    assert fetched.sha256 == hashlib.sha256(PNG).hexdigest()
    assert (fetched.size, fetched.media_type, fetched.chunks) == (len(PNG), "image/png", 3)


async def test_a_redirect_on_the_same_list_is_followed(server: Cdn, media_fetcher: Fetcher) -> None:
    chunks = Chunks()
    await media_fetcher.fetch(server.url("/to/to/a.png"), Kind.IMAGE, chunks.put)
    assert b"".join(chunks) == PNG


@pytest.mark.parametrize("path", ["/gone", "/empty", "/page", "/loop", "/short"])
async def test_what_may_be_better_later_has_failed(server: Cdn, media_fetcher: Fetcher, path: str) -> None:
    with pytest.raises(Failed):
        await media_fetcher.fetch(server.url(path), Kind.IMAGE, Chunks().put)


async def test_a_server_that_keeps_silent_has_failed_in_bounded_time(server: Cdn) -> None:
    async with fetcher(Hosts.parse(server.host), 1_000, 0.2) as media_fetcher:
        with pytest.raises(Failed, match="network"):
            await media_fetcher.fetch(server.url("/silent"), Kind.IMAGE, Chunks().put)


async def test_a_server_that_is_unreachable_has_failed(server: Cdn) -> None:
    async with fetcher(Hosts.parse("127.0.0.1:1"), 1_000, 2) as media_fetcher:
        with pytest.raises(Failed, match="network"):
            await media_fetcher.fetch("http://127.0.0.1:1/a", Kind.IMAGE, Chunks().put)
    assert server.requested == []


@pytest.mark.parametrize("path", ["/away", "/to/away"])
async def test_a_redirect_to_elsewhere_is_refused_and_not_followed(
    server: Cdn, media_fetcher: Fetcher, path: str
) -> None:
    with pytest.raises(Refused, match="host"):
        await media_fetcher.fetch(server.url(path), Kind.IMAGE, Chunks().put)


async def test_a_host_that_is_not_on_the_list_is_never_requested(server: Cdn) -> None:
    async with fetcher(Hosts.parse("zdn.vn"), 1_000, 2) as media_fetcher:
        with pytest.raises(Refused, match="host"):
            await media_fetcher.fetch(server.url("/a.png"), Kind.IMAGE, Chunks().put)
    assert server.requested == []


@pytest.mark.parametrize("path", ["/a.png", "/endless"])
async def test_what_is_too_big_is_refused_whether_it_says_so_or_not(server: Cdn, path: str) -> None:
    async with fetcher(Hosts.parse(server.host), len(PNG) - 1, 5) as media_fetcher:
        chunks = Chunks()
        with pytest.raises(Refused, match="size"):
            await media_fetcher.fetch(server.url(path), Kind.IMAGE, chunks.put)
    assert sum(map(len, chunks)) < len(PNG)


async def test_no_fault_quotes_the_link(server: Cdn, media_fetcher: Fetcher) -> None:
    with pytest.raises(Failed) as fault:
        await media_fetcher.fetch(server.url("/gone?token=bi-mat"), Kind.IMAGE, Chunks().put)
    assert "bi-mat" not in str(fault.value)
