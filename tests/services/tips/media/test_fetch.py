"""Fetching one file over real HTTP, from a server that misbehaves in every way it can."""

import hashlib

import pytest

from chassis.fetch import AllowedHosts, FetchFailedError, FetchRefusedError
from chassis.file_types import UNKNOWN
from contracts.message import Kind
from services.tips.media.fetch import CHUNK_BYTES, MediaFetcher, is_error_page, open_media_fetcher
from tests.services.tips.media.cdn import PNG, Cdn


class Chunks(list[bytes]):
    async def put(self, index: int, data: bytes) -> None:
        assert index == len(self)
        self.append(data)


async def test_a_file_arrives_whole_in_chunks_with_its_hash_and_true_kind(
    server: Cdn, media_fetcher: MediaFetcher
) -> None:
    chunks = Chunks()
    fetched = await media_fetcher.fetch(server.url("/a.png"), Kind.IMAGE, chunks.put)
    assert b"".join(chunks) == PNG
    assert [len(chunk) for chunk in chunks] == [CHUNK_BYTES, CHUNK_BYTES, len(PNG) - 2 * CHUNK_BYTES]
    assert fetched.sha256 == hashlib.sha256(PNG).hexdigest()
    assert (fetched.size, fetched.media_type, fetched.chunks) == (len(PNG), "image/png", 3)


async def test_a_redirect_on_the_same_list_is_followed(server: Cdn, media_fetcher: MediaFetcher) -> None:
    chunks = Chunks()
    await media_fetcher.fetch(server.url("/to/to/a.png"), Kind.IMAGE, chunks.put)
    assert b"".join(chunks) == PNG


@pytest.mark.parametrize("path", ["/gone", "/empty", "/page", "/loop", "/short"])
async def test_what_may_be_better_later_has_failed(server: Cdn, media_fetcher: MediaFetcher, path: str) -> None:
    with pytest.raises(FetchFailedError):
        await media_fetcher.fetch(server.url(path), Kind.IMAGE, Chunks().put)


async def test_a_server_that_keeps_silent_has_failed_in_bounded_time(server: Cdn) -> None:
    async with open_media_fetcher(AllowedHosts.parse("MEDIA_HOSTS", server.host), 1_000, 0.2) as media_fetcher:
        with pytest.raises(FetchFailedError, match="network"):
            await media_fetcher.fetch(server.url("/silent"), Kind.IMAGE, Chunks().put)


async def test_a_server_that_is_unreachable_has_failed(server: Cdn) -> None:
    async with open_media_fetcher(AllowedHosts.parse("MEDIA_HOSTS", "127.0.0.1:1"), 1_000, 2) as media_fetcher:
        with pytest.raises(FetchFailedError, match="network"):
            await media_fetcher.fetch("http://127.0.0.1:1/a", Kind.IMAGE, Chunks().put)
    assert server.requested == []


@pytest.mark.parametrize("path", ["/away", "/to/away"])
async def test_a_redirect_to_elsewhere_is_refused_and_not_followed(
    server: Cdn, media_fetcher: MediaFetcher, path: str
) -> None:
    with pytest.raises(FetchRefusedError, match="host"):
        await media_fetcher.fetch(server.url(path), Kind.IMAGE, Chunks().put)


async def test_a_host_that_is_not_on_the_list_is_never_requested(server: Cdn) -> None:
    async with open_media_fetcher(AllowedHosts.parse("MEDIA_HOSTS", "zdn.vn"), 1_000, 2) as media_fetcher:
        with pytest.raises(FetchRefusedError, match="host"):
            await media_fetcher.fetch(server.url("/a.png"), Kind.IMAGE, Chunks().put)
    assert server.requested == []


@pytest.mark.parametrize("path", ["/a.png", "/endless"])
async def test_what_is_too_big_is_refused_whether_it_says_so_or_not(server: Cdn, path: str) -> None:
    async with open_media_fetcher(AllowedHosts.parse("MEDIA_HOSTS", server.host), len(PNG) - 1, 5) as media_fetcher:
        chunks = Chunks()
        with pytest.raises(FetchRefusedError, match="size"):
            await media_fetcher.fetch(server.url(path), Kind.IMAGE, chunks.put)
    assert sum(map(len, chunks)) < len(PNG)


async def test_no_fault_quotes_the_link(server: Cdn, media_fetcher: MediaFetcher) -> None:
    with pytest.raises(FetchFailedError) as fault:
        await media_fetcher.fetch(server.url("/gone?token=bi-mat"), Kind.IMAGE, Chunks().put)
    assert "bi-mat" not in str(fault.value)


@pytest.mark.parametrize("kind", [Kind.IMAGE, Kind.GIF, Kind.VIDEO, Kind.AUDIO])
def test_a_page_in_the_place_of_a_picture_is_an_expired_link(kind: Kind) -> None:
    assert is_error_page(kind, "text/html")
    assert not is_error_page(kind, UNKNOWN)


def test_a_page_sent_as_a_file_is_a_file() -> None:
    assert not is_error_page(Kind.FILE, "text/html")
